using System.Diagnostics;

namespace StellarPay.Demo;

/// <summary>The running StellarPay that the demo drives: one that was there, or one that it starts and stops itself.</summary>
internal sealed class Instance(ApiClient api, string? script) : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private Process? _process;

    /// <summary>Starts an instance unless one answers, and waits until it is ready.</summary>
    /// <returns>Whether one was started.</returns>
    public async Task<bool> EnsureAsync()
    {
        var start = !await AnswersAsync("/health/live");
        if (start)
        {
            Start();
        }

        await WaitAsync(async () => await AnswersAsync("/health/ready"), StartDeadline, "StellarPay to be ready");
        return start;
    }

    /// <summary>Waits until the instance has died, as the armed fault makes it.</summary>
    public async Task WaitUntilDeadAsync()
    {
        await WaitAsync(async () => !await AnswersAsync("/health/live"), StopDeadline, "the process to die");
        if (_process is not null)
        {
            await _process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await _process.TerminateAsync();
            await _process.WaitForExitAsync(new CancellationTokenSource(StopDeadline).Token);
        }

        _process?.Dispose();
    }

    private void Start()
    {
        if (script is null)
        {
            throw new DemoException($"Nothing answers at {api.BaseAddress}; start it with ./stellarpay run.");
        }

        var info = new ProcessStartInfo(script, ["run"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(info) ?? throw new DemoException($"{script} could not be started.");
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => Explain(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private static void Explain(string? line)
    {
        if (line is not null && line.StartsWith("stellarpay:", StringComparison.Ordinal))
        {
            Console.Error.WriteLine(line);
        }
    }

    private async Task<bool> AnswersAsync(string path)
    {
        if (_process is { HasExited: true, ExitCode: not (0 or 137) })
        {
            throw new DemoException($"{script} run ended with exit code {_process.ExitCode}; run it by hand to see why.");
        }

        try
        {
            return (await api.GetAsync(path)).IsSuccess;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task WaitAsync(Func<Task<bool>> condition, TimeSpan deadline, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > deadline)
            {
                throw new DemoException($"Waited {deadline.TotalSeconds:0} s for {what}.");
            }

            await Task.Delay(PollInterval);
        }
    }
}

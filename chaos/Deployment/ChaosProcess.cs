using System.Diagnostics;
using StellarPay.Demo;

namespace StellarPay.Chaos.Deployment;

/// <summary>One process of the program, killed and started again under the same settings.</summary>
internal sealed class ChaosProcess(string name, string program, IReadOnlyDictionary<string, string> settings) : IAsyncDisposable
{
    private const int KeptLines = 40;
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(45);

    private readonly Queue<string> _output = new();
    private readonly Lock _lock = new();
    // Held while the process is another, so that nobody kills what is gone.
    private readonly Lock _changing = new();
    private Process? _process;

    public string Name => name;

    public Uri Address { get; } = new($"http://127.0.0.1:{settings["STELLARPAY_HTTP_PORT"]}");

    /// <summary>Is told each line that it writes.</summary>
    public Action<string>? Wrote { get; init; }

    /// <summary>Gets all that it writes; none if null.</summary>
    public string? LogFile { get; init; }

    public bool HasExited => _process is { HasExited: true };

    /// <summary>How often it ended without having been stopped.</summary>
    public int Deaths { get; private set; }

    /// <summary>The last lines that it wrote.</summary>
    public string Output
    {
        get
        {
            lock (_lock)
            {
                return string.Join(Environment.NewLine, _output);
            }
        }
    }

    /// <summary>What it said of its end: the exception that nobody caught, else its last line.</summary>
    public string LastWord
    {
        get
        {
            lock (_lock)
            {
                return _output.LastOrDefault(line => line.StartsWith("Unhandled exception", StringComparison.Ordinal))
                    ?? _output.LastOrDefault(line => line.Length > 0)
                    ?? "it said nothing";
            }
        }
    }

    public void Start()
    {
        var info = new ProcessStartInfo("dotnet", [program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (variable, value) in settings)
        {
            info.Environment[variable] = value;
        }

        var process = Process.Start(info) ?? throw new ChaosException($"{program} could not be started.");
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
    }

    /// <summary>SIGKILL: nothing of the process runs after it.</summary>
    public void Kill()
    {
        lock (_changing)
        {
            if (_process is { HasExited: false } process)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>SIGTERM, as an operator stops it; SIGKILL if it takes too long.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        if (_process is not { HasExited: false } process)
        {
            return _process?.ExitCode ?? 0;
        }

        await process.TerminateAsync();
        using var deadline = new CancellationTokenSource(StopDeadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        return process.ExitCode;
    }

    /// <summary>Starts it again each time that it ends, until it is cancelled.</summary>
    /// <param name="died">Told of each end: the process and its exit code.</param>
    /// <param name="cancellationToken">Ends the watch, not the process.</param>
    public async Task KeepAliveAsync(Action<ChaosProcess, int> died, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _process!.WaitForExitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Deaths++;
            died(this, _process.ExitCode);
            lock (_changing)
            {
                _process.Dispose();
                Start();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        _process?.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        Wrote?.Invoke(line);
        lock (_lock)
        {
            if (LogFile is not null)
            {
                File.AppendAllText(LogFile, line + Environment.NewLine);
            }

            _output.Enqueue(line);
            while (_output.Count > KeptLines)
            {
                _output.Dequeue();
            }
        }
    }
}

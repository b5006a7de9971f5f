using System.Diagnostics;
using System.Text;
using StellarPay.EndToEnd.Tests.Calls;

namespace StellarPay.EndToEnd.Tests.Deployments;

/// <summary>One process of StellarPay, as an operator would start it, with its output kept for when a test fails.</summary>
internal sealed class StellarPayProcess : IAsyncDisposable
{
    private const string FollowersCall = "Grain call: follower";
    private const int LastLines = 12;
    private const int LineLength = 300;
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(180);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private long _followedAt;

    private StellarPayProcess(Process process) => _process = process;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>How it is, and the last that it said: a failed test shows no more than some lines.</summary>
    public string Epitaph =>
        $"process {_process.Id} {(HasExited ? $"ended with {ExitCode}" : "runs")}; its last lines:\n"
        + string.Join('\n', Output.TrimEnd().Split('\n').TakeLast(LastLines).Select(line => line[..Math.Min(line.Length, LineLength)]));

    /// <summary>When it said last that its follower told somebody of a ledger; 0 if it never did.</summary>
    public long FollowedAt => Interlocked.Read(ref _followedAt);

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts the front door's program, which hosts whatever roles the settings name.</summary>
    /// <param name="settings">The environment variables that it gets.</param>
    public static StellarPayProcess Start(IReadOnlyDictionary<string, string> settings)
    {
        var info = new ProcessStartInfo("dotnet", [ProgramPath()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.Environment["Logging__LogLevel__StellarPay.Silo.Hosting.GrainCallLog"] = "Debug";
        info.Environment["Logging__LogLevel__StellarPay.Grains.Wallets.WalletQuotes"] = "Debug";
        foreach (var (name, value) in settings)
        {
            info.Environment[name] = value;
        }

        var process = new StellarPayProcess(Process.Start(info)!);
        process._process.OutputDataReceived += (_, line) => process.Keep(line.Data);
        process._process.ErrorDataReceived += (_, line) => process.Keep(line.Data);
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        return process;
    }

    /// <summary><c>./stellarpay certificates</c>: by which the processes of a cluster know each other.</summary>
    public static void MakeCertificates(string folder)
    {
        using var making = Process.Start(new ProcessStartInfo("dotnet", [ProgramPath(), "certificates", folder])
        {
            RedirectStandardOutput = true,
        })!;
        var said = making.StandardOutput.ReadToEnd();
        making.WaitForExit();
        making.ExitCode.ShouldBe(0);
        said.ShouldContain($"STELLARPAY_CLUSTER_TLS={folder}");
    }

    /// <summary>SIGKILL: nothing of the process runs after it.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await WaitForExitAsync();
    }

    /// <summary>SIGSTOP: the process stands still, and its connections stay open, as in a long pause of its machine.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT: it goes on as if no time had passed.</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    private async Task SignalAsync(string signal)
    {
        // The shell's own: a bare Debian has no program of that name.
        using var kill = Process.Start("bash", ["-c", $"kill -{signal} {_process.Id}"]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0)
        {
            throw new InvalidOperationException($"SIG{signal} could not be sent to process {_process.Id}.");
        }
    }

    public async Task WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(StopDeadline);
        await _process.WaitForExitAsync(deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        SeenCalls.Take(line);
        lock (_output)
        {
            _output.AppendLine(line);
            if (line?.Contains(FollowersCall, StringComparison.Ordinal) is true)
            {
                _followedAt = Stopwatch.GetTimestamp();
            }
        }
    }

    // Beside this test program, in the same configuration: artifacts/bin/StellarPay.EndToEnd.Tests/CONFIGURATION is here.
    private static string ProgramPath()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(here.Parent!.Parent!.FullName, "StellarPay.Frontdoor", here.Name, "StellarPay.Frontdoor.dll");
    }
}

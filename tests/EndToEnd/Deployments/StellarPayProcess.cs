using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace StellarPay.EndToEnd.Tests.Deployments;

/// <summary>One process of StellarPay, as an operator would start it, with its output kept for when a test fails.</summary>
internal sealed class StellarPayProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

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

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts the front door's program, which hosts whatever roles the settings name.</summary>
    /// <param name="settings">The environment variables that it gets.</param>
    /// <param name="program">The program; none for the one that was built with these tests.</param>
    public static StellarPayProcess Start(IReadOnlyDictionary<string, string> settings, string? program = null)
    {
        var info = new ProcessStartInfo("dotnet", [program ?? ProgramPath()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
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

    /// <summary>SIGKILL: nothing of the process runs after it.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await WaitForExitAsync();
    }

    /// <summary>SIGTERM, as an operator stops it.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await WaitForExitAsync();
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
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }

    /// <summary>The program of another build: in the same configuration, for a runtime.</summary>
    public static string ProgramPath(string runtime) =>
        Path.Combine(Builds.Parent!.FullName, runtime, "bin", "StellarPay.Frontdoor", Here.Name, "StellarPay.Frontdoor.dll");

    // Beside this test program, in the same configuration of the same runtime.
    private static string ProgramPath() => ProgramPath(Builds.Name);

    private static DirectoryInfo Here => new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    // artifacts/bin/StellarPay.EndToEnd.Tests/CONFIGURATION is here.
    private static DirectoryInfo Builds => Here.Parent!.Parent!.Parent!;
}

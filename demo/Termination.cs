using System.Diagnostics;
using System.Globalization;

namespace StellarPay.Demo;

/// <summary>SIGTERM, as an operator stops a process. .NET has no call for it, and a bare machine no program called kill.</summary>
internal static class Termination
{
    /// <summary>Tells a process to end by itself; waits for nothing.</summary>
    public static async Task TerminateAsync(this Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        // The shell's own kill, which every shell has. One that has ended meanwhile is no failure.
        var id = process.Id.ToString(CultureInfo.InvariantCulture);
        var info = new ProcessStartInfo("sh", ["-c", "kill -TERM \"$1\"", "sh", id]) { RedirectStandardError = true };
        using var shell = Process.Start(info)!;
        await shell.WaitForExitAsync();
    }
}

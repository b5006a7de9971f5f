using System.Globalization;
using StellarPay.Silo.Hosting.Tls;

namespace StellarPay.Frontdoor.Hosting;

/// <summary><c>./stellarpay certificates FOLDER</c>: what STELLARPAY_CLUSTER_TLS names, for development.</summary>
internal static class CertificatesCommand
{
    private const string Usage = "usage: stellarpay certificates FOLDER [--days N]";
    private const int Failed = 1;
    private const int WrongUsage = 2;
    private const int UsualDays = 30;
    private const int MostDays = 3650;

    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] command, TimeProvider time, TextWriter output)
    {
        var days = command switch
        {
            [not "", "--days", var text] => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0,
            [not ""] => UsualDays,
            _ => 0,
        };
        if (days is < 1 or > MostDays || command[0].StartsWith('-'))
        {
            await Console.Error.WriteLineAsync($"{Usage} (N from 1 to {MostDays})");
            return WrongUsage;
        }

        try
        {
            var folder = Path.GetFullPath(command[0]);
            DevelopmentAuthority.Write(folder, time.GetUtcNow(), days);
            await output.WriteLineAsync(
                $"Made for {days} days. Give the folder to each silo and front door: STELLARPAY_CLUSTER_TLS={folder}");
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"stellarpay: {e.Message}");
            return Failed;
        }
    }
}

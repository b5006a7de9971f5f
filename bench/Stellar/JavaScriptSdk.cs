using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StellarPay.Bench.Stellar;

/// <summary>Processor time of one piece of work, in microseconds.</summary>
internal sealed record PaymentCost(
    [property: JsonPropertyName("build_sign_encode_us")] double BuildSignEncode,
    [property: JsonPropertyName("decode_verify_us")] double DecodeVerify);

/// <summary>The official JS SDK on this machine, by Node.</summary>
internal static class JavaScriptSdk
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private static readonly string Folder = typeof(JavaScriptSdk).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "StellarScriptFolder").Value!;

    /// <summary>Installs the SDK if it is not there yet; false where there is no Node.</summary>
    public static async Task<bool> TryInstallAsync()
    {
        try
        {
            if (!Directory.Exists(Path.Combine(Folder, "node_modules", "@stellar")))
            {
                await RunAsync("npm", "ci", "--no-audit", "--no-fund");
            }

            await RunAsync("node", "--version");
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>What the work costs there.</summary>
    public static async Task<PaymentCost> MeasureAsync(double seconds)
    {
        var output = await RunAsync("node", "payment.mjs", seconds.ToString(CultureInfo.InvariantCulture));
        return JsonSerializer.Deserialize<PaymentCost>(output)
            ?? throw new InvalidOperationException("The script printed nothing.");
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode == 0
                ? output
                : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}

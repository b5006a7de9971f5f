using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using StellarPay.Bench.Wallet.Machine;
using StellarPay.Chaos;

namespace StellarPay.Bench.Chaos;

/// <summary>
/// <c>bench chaos</c>: payments while processes die, storage fails and the network lies, for as long as one likes. Ends with
/// 1 if the auditor found anything. docs/chaos.md says what is done and what is checked.
/// </summary>
internal static class ChaosCommand
{
    public const string Name = "chaos";
    public const string Usage = "chaos [--minutes N] [--seed S] [--wallets N] [--silos N] [--logs DIR] [--json]";

    private const int WalletsAtFirst = 24;
    private const int WalletsAMinute = 4;

    private static readonly JsonSerializerOptions Json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static async Task<int> RunAsync(string[] args)
    {
        if (!TryParse(args, out var options, out var json))
        {
            await Console.Error.WriteLineAsync("usage: bench " + Usage);
            return 2;
        }

        var folder = BenchFolder.NewFolder("stellarpay-bench-chaos-");
        try
        {
            await using var postgres = await PrivatePostgres.StartAsync(folder);
            var report = await ChaosRun.RunAsync(
                options with { Postgres = postgres.ConnectionString }, Console.Error.WriteLine, CancellationToken.None);
            await Console.Out.WriteLineAsync(json ? JsonSerializer.Serialize(report, Json) : report.ToString());
            return report.Findings.Count == 0 && report.GivenUp.Count == 0 ? 0 : 1;
        }
        catch (ChaosException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool TryParse(string[] args, out ChaosOptions options, out bool json)
    {
        options = new ChaosOptions { Seed = RandomNumberGenerator.GetInt32(int.MaxValue), Postgres = "" };
        json = false;
        int? wallets = null;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--json")
            {
                json = true;
                continue;
            }

            var value = i + 1 < args.Length ? args[++i] : "";
            var isNumber = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
            switch (args[i - 1])
            {
                case "--minutes" when isNumber && number is > 0 and <= 24 * 60:
                    options = options with { Duration = TimeSpan.FromMinutes(number) };
                    break;
                case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out var seed):
                    options = options with { Seed = seed };
                    break;
                case "--wallets" when isNumber && number is >= 2 and <= 10_000:
                    wallets = (int)number;
                    break;
                case "--silos" when isNumber && number is >= 0 and <= 16:
                    options = options with { Silos = (int)number };
                    break;
                case "--logs" when value.Length > 0:
                    options = options with { LogFolder = Directory.CreateDirectory(value).FullName };
                    break;
                default:
                    return false;
            }
        }

        // More wallets for a longer run: a wallet remembers so many keys in a day.
        options = options with { Wallets = wallets ?? WalletsAtFirst + (int)(WalletsAMinute * options.Duration.TotalMinutes) };
        return true;
    }
}

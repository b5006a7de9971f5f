using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace StellarPay.Bench.Wallet.Machine;

/// <summary>The yardstick: <c>pgbench -N -c 16</c>, a simple transaction with one update and one insert, on the same cluster.</summary>
internal sealed partial class PgBench(PrivatePostgres postgres)
{
    private const string Database = "yardstick";
    private const string Scale = "20";
    public const int Clients = 16;

    public async Task PrepareAsync()
    {
        await using (var connection = new NpgsqlConnection(postgres.ConnectionString))
        {
            await connection.OpenAsync();
            await using var create = new NpgsqlCommand($"CREATE DATABASE {Database}", connection);
            await create.ExecuteNonQueryAsync();
        }

        await RunAsync("-q", "-i", "-s", Scale);
    }

    /// <summary>Transactions a second.</summary>
    public async Task<double> MeasureAsync(int seconds)
    {
        var output = await RunAsync("-N", "-c", Clients.ToString(CultureInfo.InvariantCulture), "-j", "2", "-T", seconds.ToString(CultureInfo.InvariantCulture));
        return double.Parse(TransactionsASecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var place = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        var info = new ProcessStartInfo(
            Path.Combine(postgres.Bin, "pgbench"),
            [
                .. arguments, "-h", place.Host!, "-p", place.Port.ToString(CultureInfo.InvariantCulture),
                "-U", place.Username!, Database,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["PGPASSWORD"] = place.Password;
        using var process = Process.Start(info)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"pgbench failed: {await errors}");
    }

    [GeneratedRegex(@"tps = ([0-9.]+) \(without initial")]
    private static partial Regex TransactionsASecond();
}

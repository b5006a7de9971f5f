using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Ledger;
using StellarPay.Adapters.Settings;
using StellarPay.Grains.Money;
using StellarPay.Silo.Hosting;

namespace StellarPay.Frontdoor.Network;

/// <summary>
/// <c>./stellarpay replay OWNER</c>: sums up what ledgers held for a wallet and compares it with what the wallet says. Speaks
/// to the database alone, and only reads.
/// </summary>
internal static class ReplayCommand
{
    public const string Usage = "usage: stellarpay replay WALLET";

    private const int Differs = 1;
    private const int WrongUsage = 2;

    /// <summary>Runs the command on the database that the settings name.</summary>
    /// <returns>The process's exit code: 0 where both say the same.</returns>
    public static async Task<int> RunAsync(string[] command)
    {
        var code = 0;
        var failed = await StartFailures.ExplainAsync(async () =>
        {
            var builder = Host.CreateApplicationBuilder();
            builder.Logging.ClearProviders();
            builder.AddStellarPaySettings();
            var settings = builder.Configuration.GetSection(StellarPaySettings.Section);
            builder.Services.AddStellarPayPostgres(postgres =>
            {
                postgres.ConnectionString = settings[nameof(StellarPaySettings.Postgres)] ?? "";
                postgres.ServiceId = settings[nameof(StellarPaySettings.ServiceId)] ?? postgres.ServiceId;
            });
            builder.Services.AddSingleton<LedgerAudit>();
            using var host = builder.Build();
            code = await RunAsync(command, host.Services.GetRequiredService<LedgerAudit>(), Console.Out);
        });
        return failed != 0 ? failed : code;
    }

    /// <summary>Runs the command.</summary>
    internal static async Task<int> RunAsync(string[] command, LedgerAudit audit, TextWriter output)
    {
        if (command is not [var owner])
        {
            await output.WriteLineAsync(Usage);
            return WrongUsage;
        }

        if (await audit.ReplayAsync(owner, CancellationToken.None) is not { } report)
        {
            await output.WriteLineAsync($"There is no wallet {owner} that has taken anything in.");
            return WrongUsage;
        }

        await output.WriteLineAsync(
            $"{owner} ({report.Address}): {report.Rows} rows of the ledger; {report.Waiting} wait, {report.Parked} are parked.");
        foreach (var balance in report.Balances)
        {
            var verdict = balance.Stored == balance.Replayed ? "agrees" : $"the ledger gives {Amount.Format(balance.Replayed)}";
            await output.WriteLineAsync($"{balance.Asset}: {Amount.Format(balance.Stored)}, {verdict}");
        }

        return report.Agrees ? 0 : Differs;
    }
}

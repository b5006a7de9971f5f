using Npgsql;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Audit;
using StellarPay.Adapters.Settings;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Platform;
using StellarPay.Silo.Hosting;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;

namespace StellarPay.Frontdoor.Audit;

/// <summary>
/// <c>./stellarpay audit verify</c>: whether the audit log is as it was written. Speaks to the database and to Horizon alone, and
/// only reads.
/// </summary>
internal static class AuditCommand
{
    public const string Usage = """
        usage: stellarpay audit verify [--account G…] [--offline]
          --account  the notary's address as you have written it down; the database's is taken otherwise
          --offline  ask no Horizon: what the database alone can show
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Runs the command on the database and the network that the settings name.</summary>
    /// <returns>The process's exit code: one of <see cref="AuditVerdict"/>.</returns>
    public static async Task<int> RunAsync(string[] command)
    {
        var code = 0;
        var failed = await StartFailures.ExplainAsync(
            async () => code = await RunWithSettingsAsync(command),
            e => e is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable }
                ? "the database is not up to date; start StellarPay once."
                : null);
        return failed != 0 ? failed : code;
    }

    private static async Task<int> RunWithSettingsAsync(string[] command)
    {
        if (AuditQuestion.Parse(command) is not { } question)
        {
            await Console.Out.WriteLineAsync(Usage);
            return AuditVerdict.WrongUsage;
        }

        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddStellarPaySettings();
        var settings = builder.ReadStellarPaySettings();
        builder.Services.AddStellarPayPostgres(postgres =>
        {
            postgres.ConnectionString = settings.Postgres;
            postgres.ServiceId = settings.ServiceId;
        });
        builder.Services.AddSingleton<AuditVerification>();
        using var host = builder.Build();
        var verdict = new AuditVerdict(
            host.Services.GetRequiredService<AuditVerification>(), host.Services.GetRequiredService<IPlatformAccounts>(), Console.Out);
        return await verdict.GiveAsync(question, account => AskLedgerAsync(settings, account), CancellationToken.None);
    }

    private static async Task<AuditHead?> AskLedgerAsync(StellarPaySettings settings, AccountId account)
    {
        using var patience = new CancellationTokenSource(Patience);
        var network = await NetworkProfileResolver.ResolveAsync(settings, patience.Token);
        using var http = new HttpClient(HorizonClient.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        var horizon = new HorizonClient(http, new HorizonClientOptions { BaseUrls = [network.Horizon] }, TimeProvider.System);
        return await AnchoredHeads.ReadAsync(horizon, account, patience.Token);
    }
}

using System.Globalization;
using Npgsql;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Settings;
using StellarPay.Grains.Books;
using StellarPay.Grains.Network;
using StellarPay.Silo.Hosting;

namespace StellarPay.Frontdoor.Books;

/// <summary>
/// <c>./stellarpay reconcile</c>: holds the books against the chain, or prints balances at a past time. Speaks to the database and to
/// Horizon alone, and only reads.
/// </summary>
internal static class ReconcileCommand
{
    public const string Usage = """
        usage: stellarpay reconcile [--at TIME] [--owner ID]
          --at     balances at a past time by the journal, such as 2026-03-01T12:00:00Z; no ledger is asked
          --owner  with --at: of one wallet, merchant or account of the platform
        """;

    /// <summary>Runs the command on the database and the network that the settings name.</summary>
    /// <returns>The process's exit code: one of <see cref="ReconcileReport"/>.</returns>
    public static async Task<int> RunAsync(string[] command)
    {
        var code = 0;
        var failed = await StartFailures.ExplainAsync(
            async () => code = await RunWithSettingsAsync(command),
            e => e switch
            {
                PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction } =>
                    "the database is not up to date; start StellarPay once.",
                NetworkUnavailableException => $"the ledger was not read: {e.Message}",
                _ => null,
            });
        return failed != 0 ? failed : code;
    }

    /// <summary>Reads a command's arguments; false where they are wrong.</summary>
    internal static bool TryParse(string[] command, out DateTimeOffset? at, out string? owner)
    {
        (at, owner) = (null, null);
        for (var place = 0; place < command.Length; place += 2)
        {
            var value = place + 1 < command.Length ? command[place + 1] : null;
            if (command[place] == "--at" && at is null && DateTimeOffset.TryParse(
                value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                at = time;
            }
            else if (command[place] == "--owner" && owner is null && value is not null)
            {
                owner = value;
            }
            else
            {
                return false;
            }
        }

        return owner is null || at is not null;
    }

    private static async Task<int> RunWithSettingsAsync(string[] command)
    {
        if (!TryParse(command, out var at, out var owner))
        {
            await Console.Out.WriteLineAsync(Usage);
            return ReconcileReport.WrongUsage;
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
        if (at is null)
        {
            builder.Services.AddHorizonNetwork(await NetworkProfileResolver.ResolveAsync(settings, CancellationToken.None));
        }

        using var host = builder.Build();
        var report = new ReconcileReport(host.Services.GetRequiredService<IBooks>(), Console.Out);
        return at is { } time
            ? await report.BalancesAsync(time, owner, CancellationToken.None)
            : await report.CompareAsync(
                new Reconciliation(
                    host.Services.GetRequiredService<IBooks>(), host.Services.GetRequiredService<INetworkQuestions>(), TimeProvider.System),
                CancellationToken.None);
    }
}

using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Upkeep;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// Removes accounts that have confirmed nothing for a month, and their wallets, a few at a time; and data keys that sign-ups left which
/// were broken off. Any number of front doors may run it.
/// </summary>
internal sealed partial class UnconfirmedUsers(
    NpgsqlDataSource database,
    IOptions<PostgresOptions> postgres,
    TimeProvider machine,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<UnconfirmedUsers> logger) : UpkeepWorker(TimeSpan.FromHours(1), machine)
{
    /// <summary>How long an account is kept that has confirmed nothing.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>How many go in one transaction, so that no reader of events is held up for long.</summary>
    public const int Batch = 100;

    // A flood of sign-ups is taken away in as many hours as it takes.
    private const int MostBatches = 100;

    // Keys that are looked at in one statement.
    private const int KeysPage = 1_000;

    // Where the walk through the keys goes on at the next hour; at the end it begins anew.
    private string _after = "";

    /// <summary>Removes at most one batch, and says how many.</summary>
    public async Task<int> RemoveAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.unconfirmed_users_remove($1, $2, $3, $4, $5)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(business).Value);
        command.Parameters.AddWithValue(business.GetUtcNow() - KeptFor);
        command.Parameters.AddWithValue(Batch);
        command.Parameters.AddWithValue(business.GetUtcNow());
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Looks at one page of data keys, and removes those that are nobody's; false where it was the last.</summary>
    public async Task<bool> RemoveKeysAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.stray_keys_remove($1, $2)");
        command.Parameters.AddWithValue(_after);
        command.Parameters.AddWithValue(KeysPage);
        _after = await command.ExecuteScalarAsync(cancellationToken) as string ?? "";
        return _after.Length > 0;
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var batches = 0; batches < MostBatches && await RemoveAsync(cancellationToken) == Batch; batches++)
        {
        }

        for (var pages = 0; pages < MostBatches && await RemoveKeysAsync(cancellationToken); pages++)
        {
        }
    }

    protected override void Failed(Exception exception) => LogFailed(logger, exception);

    [LoggerMessage(EventId = 5004, Level = LogLevel.Warning, Message = "Accounts that have confirmed nothing could not be removed; they are at the next hour.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

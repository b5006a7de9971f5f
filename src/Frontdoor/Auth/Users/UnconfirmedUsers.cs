using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Upkeep;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Contacts;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// Removes accounts that have confirmed nothing for a month, and their wallets, a few at a time. One that cannot be removed is put off, and
/// keeps no other. Any number of front doors may run it.
/// </summary>
internal sealed partial class UnconfirmedUsers(
    NpgsqlDataSource database,
    SessionBook sessions,
    ContactBook contacts,
    IOptions<PostgresOptions> postgres,
    TimeProvider machine,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<UnconfirmedUsers> logger) : UpkeepWorker(TimeSpan.FromHours(1), machine)
{
    /// <summary>How long an account is kept that has confirmed nothing.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>How many go in one transaction, so that no reader of events is held up for long.</summary>
    public const int Batch = 100;

    // Sessions of theirs that live, of which each end is an event of that transaction.
    private const int MostSessions = 500;

    // A flood of sign-ups is taken away in as many hours as it takes.
    private const int MostBatches = 100;

    /// <summary>Removes at most one batch, and says how many.</summary>
    public async Task<int> RemoveAsync(CancellationToken cancellationToken)
    {
        var before = business.GetUtcNow() - KeptFor;
        var due = await FindDueAsync(before, cancellationToken);
        if (due.Count == 0)
        {
            return 0;
        }

        try
        {
            return await RemoveAsync(due, before, cancellationToken);
        }
        catch (NpgsqlException e) when (!cancellationToken.IsCancellationRequested)
        {
            LogBatchFailed(logger, e);
        }

        // The others do not wait for the one because of which it failed.
        var removed = 0;
        foreach (var user in due)
        {
            removed += await RemoveAloneAsync(user, before, cancellationToken);
        }

        return removed;
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var batches = 0; batches < MostBatches && await RemoveAsync(cancellationToken) > 0; batches++)
        {
        }
    }

    private async Task<int> RemoveAloneAsync(string user, DateTimeOffset before, CancellationToken cancellationToken)
    {
        try
        {
            return await RemoveAsync([user], before, cancellationToken);
        }
        catch (NpgsqlException e) when (!cancellationToken.IsCancellationRequested)
        {
            LogPutOff(logger, e, user);
            await using var command = database.CreateCommand("SELECT identity.unconfirmed_user_put_off($1, $2)");
            command.Parameters.AddWithValue(user);
            command.Parameters.AddWithValue(before);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return 0;
        }
    }

    private async Task<List<string>> FindDueAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.unconfirmed_users_due($1, $2, $3)");
        command.Parameters.AddWithValue(before);
        command.Parameters.AddWithValue(Batch);
        command.Parameters.AddWithValue(MostSessions);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add(reader.GetString(0));
        }

        return due;
    }

    private async Task<int> RemoveAsync(List<string> users, DateTimeOffset before, CancellationToken cancellationToken)
    {
        foreach (var user in users)
        {
            await sessions.RemoveEndedAsync(user, cancellationToken);
            await contacts.ForgetNamesAsync(user, cancellationToken);
        }

        await using var command = database.CreateCommand("SELECT identity.unconfirmed_users_remove($1, $2, $3, $4, $5)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(business).Value);
        command.Parameters.AddWithValue(users.ToArray());
        command.Parameters.AddWithValue(before);
        command.Parameters.AddWithValue(business.GetUtcNow());
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    protected override void Failed(Exception exception) => LogFailed(logger, exception);

    [LoggerMessage(EventId = 5004, Level = LogLevel.Warning, Message = "Accounts that have confirmed nothing could not be removed; they are at the next hour.")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 5006, Level = LogLevel.Warning, Message = "A batch of accounts that have confirmed nothing could not be removed; they are tried one by one.")]
    private static partial void LogBatchFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 5008, Level = LogLevel.Error, Message = "{User}, who has confirmed nothing, could not be removed; it is tried again in a day.")]
    private static partial void LogPutOff(ILogger logger, Exception exception, string user);
}

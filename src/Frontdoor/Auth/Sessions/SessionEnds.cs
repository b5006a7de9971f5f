using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Events;

namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>
/// The ends of sessions, from the events. Unlike the feed it waits for no transaction that is in flight: an end may be told
/// twice, but whatever else the database is doing does not delay it.
/// </summary>
internal sealed class SessionEnds(NpgsqlDataSource database, IOptions<PostgresOptions> postgres)
{
    /// <summary>Ends that are read at once.</summary>
    public const int PageSize = 1000;

    // Before a read: what a transaction wrote that is older than the oldest in flight is visible to it.
    private const string OldestInFlight = "SELECT pg_snapshot_xmin(pg_current_snapshot())";

    /// <summary>All that were ended though an access token of theirs holds after a time, until when; and from where to read on.</summary>
    public async Task<(IReadOnlyList<(string Session, DateTimeOffset Until)> Ended, ulong Next)> LoadAsync(
        DateTimeOffset after, int limit, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(OldestInFlight));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT session_id, access_ends_at FROM identity.sessions_ended($1, $2)")
        {
            Parameters = { new NpgsqlParameter { Value = after }, new NpgsqlParameter { Value = limit } },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var next = reader.GetFieldValue<ulong>(0);
        await reader.NextResultAsync(cancellationToken);
        var ended = new List<(string, DateTimeOffset)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ended.Add((reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1)));
        }

        return (ended, next);
    }

    /// <summary>A page of the ends after a place, and the oldest transaction that ran before it was read.</summary>
    /// <param name="after">The place: of the last of the page before, or, where a look begins, before all of a transaction.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<(IReadOnlyList<FeedEvent> Ends, ulong OldestInFlight)> ReadAsync(
        EventCursor after, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(OldestInFlight));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"SELECT {FeedEventReader.Columns} FROM identity.session_ends_read($1, $2, $3, $4)")
        {
            Parameters =
            {
                new NpgsqlParameter { Value = postgres.Value.ServiceId },
                new NpgsqlParameter { Value = after.TransactionId, NpgsqlDbType = NpgsqlDbType.Xid8 },
                new NpgsqlParameter { Value = after.Id },
                new NpgsqlParameter { Value = PageSize },
            },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var oldest = reader.GetFieldValue<ulong>(0);
        await reader.NextResultAsync(cancellationToken);
        return (await FeedEventReader.ReadAllAsync(reader, cancellationToken), oldest);
    }
}

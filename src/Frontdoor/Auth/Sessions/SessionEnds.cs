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
    private const int PageSize = 1000;

    // Before a read: what a transaction wrote that is older than the oldest in flight is visible to it.
    private const string OldestInFlight = "SELECT pg_snapshot_xmin(pg_current_snapshot())";

    /// <summary>All that were ended after a time, and from where to read on.</summary>
    public async Task<(IReadOnlyList<(string Session, DateTimeOffset EndedAt)> Ended, ulong Next)> LoadAsync(
        DateTimeOffset since, int limit, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(OldestInFlight));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT session_id, revoked_at FROM identity.sessions_ended_since($1, $2)")
        {
            Parameters = { new NpgsqlParameter { Value = since }, new NpgsqlParameter { Value = limit } },
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

    /// <summary>The ends from a transaction on, from where to read on, and whether there is more at once.</summary>
    public async Task<(IReadOnlyList<FeedEvent> Ends, ulong Next, bool More)> ReadAsync(
        ulong from, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(OldestInFlight));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"SELECT {FeedEventReader.Columns} FROM identity.session_ends_read($1, $2, $3)")
        {
            Parameters =
            {
                new NpgsqlParameter { Value = postgres.Value.ServiceId },
                new NpgsqlParameter { Value = from, NpgsqlDbType = NpgsqlDbType.Xid8 },
                new NpgsqlParameter { Value = PageSize },
            },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var next = reader.GetFieldValue<ulong>(0);
        await reader.NextResultAsync(cancellationToken);
        var ends = await FeedEventReader.ReadAllAsync(reader, cancellationToken);
        // A transaction ends far fewer than a page, so that the last of a page is always further than its first.
        return ends.Count < PageSize ? (ends, next, false) : (ends, ends[^1].Cursor.TransactionId, true);
    }
}

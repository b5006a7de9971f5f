using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Events;

namespace StellarPay.Frontdoor.Merchants.Origins;

/// <summary>
/// What changed in what keys may and where pages are, from the events. Like the ends of sessions it waits for no transaction in flight.
/// </summary>
internal sealed class MerchantChanges(NpgsqlDataSource database, IOptions<PostgresOptions> postgres)
{
    /// <summary>Changes that are read at once.</summary>
    public const int PageSize = 1_000;

    // Before a read: what a transaction wrote that is older than the oldest in flight is visible to it.
    private const string OldestInFlight = "SELECT pg_snapshot_xmin(pg_current_snapshot())";

    /// <summary>From where to read what happens from now on.</summary>
    public async Task<ulong> NowAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(OldestInFlight);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetFieldValue<ulong>(0);
    }

    /// <summary>A page of the changes after a place, and the oldest transaction that ran before it was read.</summary>
    public async Task<(IReadOnlyList<FeedEvent> Changes, ulong OldestInFlight)> ReadAsync(
        EventCursor after, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(OldestInFlight));
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT {FeedEventReader.Columns} FROM merchants.changes_read($1, $2, $3, $4)")
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

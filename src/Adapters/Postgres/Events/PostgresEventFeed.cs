using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace StellarPay.Adapters.Postgres.Events;

internal sealed class PostgresEventFeed(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IEventFeed
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<IReadOnlyList<FeedEvent>> ReadAsync(
        EventCursor after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IEventFeed.MaxLimit);
        await using var command = database.CreateCommand(
            $"SELECT {FeedEventReader.Columns} FROM events_read(@service_id, @xid, @id, @limit)");
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("xid", NpgsqlDbType.Xid8, after.TransactionId);
        command.Parameters.AddWithValue("id", after.Id);
        command.Parameters.AddWithValue("limit", limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await FeedEventReader.ReadAllAsync(reader, cancellationToken);
    }

    public async Task<bool> IsHeldBackAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT held_back FROM events_held_back(@service_id)");
        command.Parameters.AddWithValue("service_id", _serviceId);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<EventCursor> ReadEndAsync(CancellationToken cancellationToken)
    {
        // All transactions before xmin have ended; whatever they wrote is visible to whoever looks from now on.
        await using var command = database.CreateCommand("SELECT pg_snapshot_xmin(pg_current_snapshot())");
        var oldestRunning = (ulong)(await command.ExecuteScalarAsync(cancellationToken))!;
        return new EventCursor(oldestRunning - 1, long.MaxValue);
    }

    public async Task<TimeSpan> ReadHeldAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT coalesce(greatest(clock_timestamp() - min(recorded_at), interval '0'), interval '0')
            FROM events
            WHERE service_id = @service_id AND xid >= pg_snapshot_xmin(pg_current_snapshot())
            """);
        command.Parameters.AddWithValue("service_id", _serviceId);
        return (TimeSpan)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<EventCursor> ReadCursorAsync(string consumer, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT xid, id FROM event_cursors WHERE service_id = @service_id AND consumer = @consumer");
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("consumer", consumer);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new EventCursor(reader.GetFieldValue<ulong>(0), reader.GetInt64(1))
            : EventCursor.Start;
    }

    public async Task<bool> TryMoveCursorAsync(
        string consumer, EventCursor from, EventCursor to, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT event_cursor_move(@service_id, @consumer, @from_xid, @from_id, @xid, @id)");
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("consumer", consumer);
        command.Parameters.AddWithValue("from_xid", NpgsqlDbType.Xid8, from.TransactionId);
        command.Parameters.AddWithValue("from_id", from.Id);
        command.Parameters.AddWithValue("xid", NpgsqlDbType.Xid8, to.TransactionId);
        command.Parameters.AddWithValue("id", to.Id);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}

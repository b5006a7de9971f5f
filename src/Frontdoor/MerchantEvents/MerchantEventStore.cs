using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.MerchantEvents;

/// <summary>Which of a merchant's events are asked for.</summary>
/// <param name="Types">Of these types; empty for all.</param>
/// <param name="From">That happened not before this second, or null.</param>
/// <param name="To">That happened before this second, or null.</param>
internal sealed record EventFilter(string[] Types, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>Merchants' events, newest first; infra/postgres/migrations/0055_webhooks.sql. Every question names the merchant.</summary>
internal sealed class MerchantEventStore(NpgsqlDataSource database, IOptions<PostgresOptions> postgres)
{
    // What is pending is what an endpoint has not come to, or is tried again with.
    private const string Rows =
        """
        SELECT m.number, m.public_id, m.type, m.dialect, m.object, m.seq, m.occurred_at, v.data, (
            SELECT count(*) FROM webhook_cursors c
            JOIN webhook_endpoints e ON e.service_id = c.service_id AND e.id = c.endpoint
            WHERE c.service_id = $1 AND c.merchant = $2 AND webhook_wants(e.enabled_events, m.type, m.dialect)
              AND ((m.number > c.number AND m.number <> ALL (c.ahead)) OR EXISTS (
                  SELECT FROM webhook_retries r
                  WHERE r.service_id = $1 AND r.endpoint = c.endpoint AND r.number = m.number AND r.due_at IS NOT NULL)))
        FROM merchant_events m
        JOIN events v ON v.xid = m.xid AND v.id = m.id
        WHERE m.service_id = $1 AND m.merchant = $2
        """;

    /// <summary>One of a merchant's; null where it is none of his.</summary>
    public async Task<MerchantEvent?> FindAsync(MerchantId merchant, string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"{Rows} AND m.public_id = $3");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(id);
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>The number of one of a merchant's; null where it is none of his.</summary>
    public async Task<long?> NumberOfAsync(MerchantId merchant, string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT number FROM merchant_events WHERE service_id = $1 AND merchant = $2 AND public_id = $3");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(id);
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    /// <summary>The number of the last of a merchant's; 0 where nothing has happened to him.</summary>
    public async Task<long> LastNumberAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT number FROM merchant_event_heads WHERE service_id = $1 AND merchant = $2");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(merchant.Value);
        return await command.ExecuteScalarAsync(cancellationToken) as long? ?? 0;
    }

    /// <summary>Who registered a merchant: one user may have many.</summary>
    public async Task<string> OwnerOfAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT webhook_owner($1)");
        command.Parameters.AddWithValue(merchant.Value);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// The number of the first that was recorded at a time or after it, whatever clock it happened by; null where there is none.
    /// </summary>
    public async Task<long?> FirstSinceAsync(MerchantId merchant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            // Numbers are given in the order in which events are read, which transactions may record them in another by a moment.
            """
            WITH first AS MATERIALIZED (
                SELECT m.number FROM merchant_events m
                WHERE m.service_id = $1 AND m.merchant = $2 AND m.recorded_at BETWEEN $3 AND interval '1 minute' + (
                    SELECT f.recorded_at FROM merchant_events f
                    WHERE f.service_id = $1 AND f.merchant = $2 AND f.recorded_at >= $3
                    ORDER BY f.recorded_at LIMIT 1))
            SELECT min(f.number) FROM first f
            """);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(since);
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    /// <summary>A page, beside an event; by number, which alone is in order.</summary>
    public async Task<IReadOnlyList<MerchantEvent>> ListAsync(
        MerchantId merchant, EventFilter filter, long? beside, bool isBackwards, int limit, CancellationToken cancellationToken)
    {
        var (than, order) = isBackwards ? (">", "ASC") : ("<", "DESC");
        await using var command = database.CreateCommand(
            $"""
            {Rows}
              AND ($3::bigint IS NULL OR m.number {than} $3)
              AND (cardinality($4::text[]) = 0 OR m.type = ANY ($4))
              AND ($5::timestamptz IS NULL OR m.occurred_at >= $5) AND ($6::timestamptz IS NULL OR m.occurred_at < $6)
              AND (m.dialect <> 'simple' OR m.type = ANY ($4))
            ORDER BY m.number {order} LIMIT $7
            """);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Bigint, (object?)beside ?? DBNull.Value);
        command.Parameters.AddWithValue(filter.Types);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, (object?)filter.From ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, (object?)filter.To ?? DBNull.Value);
        command.Parameters.AddWithValue(limit);
        return await ReadAsync(command, cancellationToken);
    }

    private static async Task<IReadOnlyList<MerchantEvent>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<MerchantEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(new MerchantEvent(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetInt64(5),
                reader.GetFieldValue<DateTimeOffset>(6), reader.GetFieldValue<JsonElement>(7), reader.GetInt64(8)));
        }

        return events;
    }
}

using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Webhooks.Log;

/// <summary>A try, as it went.</summary>
/// <param name="Id">Its number in the log.</param>
/// <param name="Event">The event, <c>evt_…</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Attempt">Which attempt it was.</param>
/// <param name="Outcome">How it went.</param>
/// <param name="StartedAt">When.</param>
/// <param name="Took">How long it took, in milliseconds.</param>
internal sealed record LoggedTry(long Id, string Event, string Type, int Attempt, string Outcome, DateTimeOffset StartedAt, int Took)
{
    public const string IdPrefix = "dlv_";

    public required string Url { get; init; }

    public required IReadOnlyDictionary<string, string> RequestHeaders { get; init; }

    /// <summary>The first bytes that were sent; null where they are not kept any more.</summary>
    public byte[]? RequestBody { get; init; }

    public int? RequestLength { get; init; }

    public int? Status { get; init; }

    public IReadOnlyDictionary<string, string>? ResponseHeaders { get; init; }

    public byte[]? ResponseBody { get; init; }

    public string? Problem { get; init; }

    public DateTimeOffset? NextAt { get; init; }

    /// <summary>How a number of the log is written.</summary>
    public static string IdOf(long number) => IdPrefix + number.ToString(CultureInfo.InvariantCulture);

    public static bool TryRead(string text, out long number)
    {
        number = 0;
        return text.StartsWith(IdPrefix, StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(IdPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}

/// <summary>How the calls of an endpoint went, for thirty days; infra/postgres/migrations/0055_webhooks.sql.</summary>
internal sealed class DeliveryLog(NpgsqlDataSource database, KeyedWrites writes, IOptions<PostgresOptions> postgres)
{
    private const int MostShown = 2048;

    /// <summary>A page of an endpoint's, which is known to be the merchant's.</summary>
    public async Task<IReadOnlyList<LoggedTry>> ListAsync(
        MerchantId merchant, string endpoint, string? outcome, long? beside, bool isBackwards, int limit,
        CancellationToken cancellationToken)
    {
        var (than, order) = isBackwards ? (">", "ASC") : ("<", "DESC");
        await using var command = database.CreateCommand(
            $"""
            SELECT t.id, t.event_id, t.type, t.attempt, t.outcome, t.started_at, t.took_ms, t.url, t.request_headers,
                   substring(coalesce(t.body, b.body) FROM 1 FOR {MostShown}), octet_length(coalesce(t.body, b.body)), t.status,
                   t.response_headers, t.response_body, t.problem, t.next_at
            FROM (
                SELECT * FROM webhook_tries l
                WHERE l.service_id = $1 AND l.endpoint = $3 AND ($4::bigint IS NULL OR l.id {than} $4)
                  AND ($5::text IS NULL OR l.outcome = $5)
                ORDER BY l.id {order} LIMIT $6) t
            LEFT JOIN webhook_bodies b
                ON b.kept_on = t.kept_on AND b.service_id = $1 AND b.merchant = $2 AND b.number = t.number AND b.api_version = t.api_version
            ORDER BY t.id {order}
            """);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(endpoint);
        command.Parameters.AddWithValue(NpgsqlDbType.Bigint, (object?)beside ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)outcome ?? DBNull.Value);
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tries = new List<LoggedTry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            tries.Add(new LoggedTry(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5), reader.GetInt32(6))
            {
                Url = reader.GetString(7),
                RequestHeaders = HeadersOf(reader, 8)!,
                RequestBody = reader.IsDBNull(9) ? null : reader.GetFieldValue<byte[]>(9),
                RequestLength = reader.IsDBNull(10) ? null : reader.GetInt32(10),
                Status = reader.IsDBNull(11) ? null : reader.GetInt32(11),
                ResponseHeaders = HeadersOf(reader, 12),
                ResponseBody = reader.IsDBNull(13) ? null : reader.GetFieldValue<byte[]>(13),
                Problem = reader.IsDBNull(14) ? null : reader.GetString(14),
                NextAt = reader.IsDBNull(15) ? null : reader.GetFieldValue<DateTimeOffset>(15),
            });
        }

        return tries;
    }

    /// <summary>Has an event sent to an endpoint again; false where that is disabled.</summary>
    public async Task<bool> RedeliverAsync(MerchantId merchant, string endpoint, long number, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT webhook_redeliver($1, $2, $3, $4)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(endpoint);
        command.Parameters.AddWithValue(number);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Has all events from a number on sent to an endpoint again; how many that are, or null where it is disabled.</summary>
    public async Task<long?> ReplayAsync(MerchantId merchant, string endpoint, long from, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT webhook_replay($1, $2, $3, $4)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(endpoint);
        command.Parameters.AddWithValue(from);
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    /// <summary>Whether an endpoint may be sent a test event now, of this id: one in two seconds.</summary>
    public async Task<bool> TryTestAsync(string endpoint, string id, RequestKey? key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            UPDATE webhook_endpoints e SET tested_at = now()
            WHERE e.service_id = $1 AND e.id = $2 AND (e.tested_at IS NULL OR e.tested_at <= now() - interval '2 seconds')
            """);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(endpoint);
        return await writes.RowsAsync(command, key, id, cancellationToken) == 1;
    }

    /// <summary>How a test event of an endpoint went, of the latest few; null where that is not known.</summary>
    public async Task<LoggedTry?> FindTestAsync(MerchantId merchant, string endpoint, string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            -- By the days: the key that it was sent under holds for one.
            SELECT t.id FROM webhook_tries t
            WHERE t.service_id = $1 AND t.endpoint = $2 AND t.event_id = $3 AND t.number IS NULL AND t.tried_on >= current_date - 2
            ORDER BY t.id DESC LIMIT 1
            """);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(endpoint);
        command.Parameters.AddWithValue(id);
        return await command.ExecuteScalarAsync(cancellationToken) is long number
            ? (await ListAsync(merchant, endpoint, outcome: null, number - 1, isBackwards: true, limit: 1, cancellationToken))
                .SingleOrDefault()
            : null;
    }

    private static Dictionary<string, string>? HeadersOf(NpgsqlDataReader reader, int at) =>
        reader.IsDBNull(at) ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(at));
}

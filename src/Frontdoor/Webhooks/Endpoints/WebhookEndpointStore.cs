using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Webhooks.Endpoints;

/// <summary>Merchants' endpoints; infra/postgres/migrations/0055_webhooks.sql. Every question names the merchant.</summary>
internal sealed class WebhookEndpointStore(
    NpgsqlDataSource database, KeyedWrites writes, IOptions<PostgresOptions> postgres, IOptions<WebhookOptions> options)
{
    private const string Rows =
        """
        SELECT e.id, e.url, e.enabled_events, e.description, e.metadata, e.api_version, e.status, e.created_at, e.disabled_reason,
               CASE WHEN e.old_secret_until > now() THEN e.old_secret_until END, c.failing_since, c.open_until, c.replay_next IS NOT NULL,
               e.revision, e.number
        FROM webhook_endpoints e
        LEFT JOIN webhook_cursors c ON c.service_id = e.service_id AND c.endpoint = e.id
        WHERE e.service_id = $1 AND e.merchant = $2
        """;

    // The latest few; each is a time that it was disabled.
    private const int MostSkips = 10;

    /// <summary>Adds one; false where its merchant has as many as he may.</summary>
    public async Task<bool> AddAsync(
        WebhookEndpoint endpoint, byte[] sealedSecret, string actor, RequestKey? key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT webhook_endpoint_add($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(endpoint.Id);
        command.Parameters.AddWithValue(endpoint.Merchant.Value);
        command.Parameters.AddWithValue(endpoint.Url);
        command.Parameters.AddWithValue(endpoint.EnabledEvents);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)endpoint.Description ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, JsonSerializer.Serialize(endpoint.Metadata));
        command.Parameters.AddWithValue(endpoint.ApiVersion);
        command.Parameters.AddWithValue(sealedSecret);
        command.Parameters.AddWithValue(endpoint.CreatedAt);
        command.Parameters.AddWithValue(options.Value.EndpointsPerMerchant);
        command.Parameters.AddWithValue(actor);
        return (bool)(await writes.ScalarAsync(command, key, endpoint.Id, answer => answer is true, cancellationToken))!;
    }

    /// <summary>One of a merchant's, with what it has missed; null where it is none of his.</summary>
    public async Task<WebhookEndpoint?> FindAsync(MerchantId merchant, string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"{Rows} AND e.id = $3");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(id);
        return (await ReadAsync(merchant, command, cancellationToken)).SingleOrDefault() is { } endpoint
            ? endpoint with { Skipped = await ReadSkipsAsync(merchant, id, cancellationToken) }
            : null;
    }

    /// <summary>A page of a merchant's; null where the one that is named is none of his.</summary>
    public async Task<IReadOnlyList<WebhookEndpoint>?> ListAsync(
        MerchantId merchant, string? named, bool isBackwards, int limit, CancellationToken cancellationToken)
    {
        if (named is not null && await FindAsync(merchant, named, cancellationToken) is null)
        {
            return null;
        }

        var (than, order) = isBackwards ? (">", "ASC") : ("<", "DESC");
        await using var command = database.CreateCommand(
            $"""
            {Rows} AND ($3::text IS NULL OR e.number {than} (
                SELECT n.number FROM webhook_endpoints n WHERE n.service_id = $1 AND n.id = $3))
            ORDER BY e.number {order} LIMIT $4
            """);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)named ?? DBNull.Value);
        command.Parameters.AddWithValue(limit);
        return await ReadAsync(merchant, command, cancellationToken);
    }

    /// <summary>Whether another of a merchant's endpoints has this URL.</summary>
    public async Task<bool> IsDoubleAsync(MerchantId merchant, string id, string url, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT EXISTS (SELECT FROM webhook_endpoints e WHERE e.service_id = $1 AND e.merchant = $2 AND e.id <> $3 AND e.url = $4)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(url);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// Writes what was changed of one, unless it has been changed since it was read; false where it has. And enables it: it is sent what
    /// happens from then on. Or disables it: nothing waits for it. All of that, or nothing.
    /// </summary>
    public async Task<bool> UpdateAsync(WebhookEndpoint endpoint, bool? isEnabled, RequestKey? key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await writes.TakeAsync(connection, key, endpoint.Id, cancellationToken);
        cancellationToken = key is null ? cancellationToken : CancellationToken.None;
        if (isEnabled is not null)
        {
            // The cursor before the endpoint, as in all that needs both.
            await using var first = Command(
                "SELECT FROM webhook_cursors c WHERE c.service_id = $1 AND c.endpoint = $2 FOR UPDATE", connection);
            first.Parameters.AddWithValue(endpoint.Id);
            await first.ExecuteNonQueryAsync(cancellationToken);
        }

        if (!await WriteAsync(endpoint, connection, cancellationToken))
        {
            return false;
        }

        if (isEnabled is { } enable)
        {
            await using var turn = Command(
                enable ? "SELECT webhook_open($1, $2)" : "SELECT webhook_close($1, $2, 'merchant', '', false)", connection);
            turn.Parameters.AddWithValue(endpoint.Id);
            await turn.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<bool> WriteAsync(WebhookEndpoint endpoint, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            UPDATE webhook_endpoints e
            SET url = $5, enabled_events = $6, description = $7, metadata = $8, revision = e.revision + 1,
                is_proven = e.is_proven AND e.url = $5
            WHERE e.service_id = $1 AND e.merchant = $2 AND e.id = $3 AND e.revision = $4
            """,
            connection);
        command.Parameters.AddWithValue(endpoint.Merchant.Value);
        command.Parameters.AddWithValue(endpoint.Id);
        command.Parameters.AddWithValue(endpoint.Revision);
        command.Parameters.AddWithValue(endpoint.Url);
        command.Parameters.AddWithValue(endpoint.EnabledEvents);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)endpoint.Description ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, JsonSerializer.Serialize(endpoint.Metadata));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Removes one; false where it is none of the merchant's.</summary>
    public async Task<bool> RemoveAsync(MerchantId merchant, string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT webhook_endpoint_remove($1, $2, $3)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(id);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// Replaces a secret; the one before signs, too, for a while. Where one of before still does, that is the one that receivers have: it
    /// does so until its end, and the newest is replaced, which may be one whose answer was lost. False where it is none of the merchant's.
    /// </summary>
    public async Task<bool> RollAsync(
        MerchantId merchant, string id, byte[] sealedSecret, TimeSpan overlap, string actor, RequestKey? key,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            UPDATE webhook_endpoints e
            SET secret = $4, revision = e.revision + 1,
                old_secret = CASE WHEN $5 <= interval '0' THEN NULL WHEN e.old_secret_until > now() THEN e.old_secret ELSE e.secret END,
                old_secret_until = CASE
                    WHEN $5 <= interval '0' THEN NULL WHEN e.old_secret_until > now() THEN e.old_secret_until ELSE now() + $5 END,
                secret_shown_to = webhook_secret_person($6),
                old_secret_shown_to = CASE
                    WHEN $5 > interval '0' AND e.old_secret_until > now() THEN e.old_secret_shown_to ELSE e.secret_shown_to END
            WHERE e.service_id = $1 AND e.merchant = $2 AND e.id = $3
            """);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(sealedSecret);
        command.Parameters.AddWithValue(overlap);
        command.Parameters.AddWithValue(actor);
        return await writes.RowsAsync(command, key, id, cancellationToken) == 1;
    }

    private async Task<IReadOnlyList<SkippedEvents>> ReadSkipsAsync(MerchantId merchant, string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT f.public_id, t.public_id, s.to_number - s.from_number + 1, s.since, s.until
            FROM webhook_skips s
            LEFT JOIN merchant_events f ON f.service_id = $1 AND f.merchant = $2 AND f.number = s.from_number
            LEFT JOIN merchant_events t ON t.service_id = $1 AND t.merchant = $2 AND t.number = s.to_number
            WHERE s.service_id = $1 AND s.endpoint = $3
            ORDER BY s.since DESC LIMIT $4
            """);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(MostSkips);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var skips = new List<SkippedEvents>();
        while (await reader.ReadAsync(cancellationToken))
        {
            skips.Add(new SkippedEvents(
                reader.IsDBNull(0) ? null : reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1),
                reader.IsDBNull(2) ? null : reader.GetInt64(2), reader.GetFieldValue<DateTimeOffset>(3), TimeOf(reader, 4)));
        }

        return skips;
    }

    private static async Task<List<WebhookEndpoint>> ReadAsync(
        MerchantId merchant, NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var endpoints = new List<WebhookEndpoint>();
        while (await reader.ReadAsync(cancellationToken))
        {
            endpoints.Add(new WebhookEndpoint(
                reader.GetString(0), merchant, reader.GetString(1), reader.GetFieldValue<string[]>(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(4))!, reader.GetString(5),
                reader.GetString(6) == "enabled", reader.GetFieldValue<DateTimeOffset>(7))
            {
                DisabledReason = reader.IsDBNull(8) ? null : reader.GetString(8),
                OldSecretUntil = TimeOf(reader, 9),
                FailingSince = TimeOf(reader, 10),
                OpenUntil = TimeOf(reader, 11),
                IsReplaying = reader.GetBoolean(12),
                Revision = reader.GetInt64(13),
            });
        }

        return endpoints;
    }

    private NpgsqlCommand Command(string text, NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(text, connection);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        return command;
    }

    private static DateTimeOffset? TimeOf(NpgsqlDataReader reader, int at) =>
        reader.IsDBNull(at) ? null : reader.GetFieldValue<DateTimeOffset>(at);
}

using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Merchants.Registration;

/// <summary>
/// Merchants, in the functions of infra/postgres/migrations/0050_merchants.sql. Of another mode than this deployment's there are none.
/// </summary>
internal sealed class MerchantBook(
    NpgsqlDataSource database,
    KeyedWrites writes,
    MerchantSeal seal,
    ContactIndex index,
    MerchantMode mode,
    IOptions<PostgresOptions> postgres,
    IOptions<MerchantOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    private const int MostLogosADay = 50;

    private const string Columns =
        """
        SELECT m.id, m.live, m.status, m.tier::integer, m.business_name, m.statement_descriptor, m.website, m.registration_number, m.email,
            m.email_confirmed, m.country, m.business_type, m.brand_color, m.created_at, m.updated_at, m.approved_at, m.suspended_at,
            m.over_payments, m.late_payments, m.require_signed_requests, m.logo
        """;

    /// <summary>A new one's id, made before his fields are encrypted.</summary>
    public MerchantId NewId() => MerchantId.New(time);

    /// <summary>Registers one.</summary>
    public async Task<MerchantOutcome> RegisterAsync(
        MerchantId id, MerchantForm form, UserId user, string session, RequestKey? key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT merchants.register($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(id.Value);
        command.Parameters.AddWithValue(mode.IsLive);
        command.Parameters.AddWithValue(form.Country);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = form.Of(MerchantForm.BusinessType) });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = form.Of(MerchantForm.BrandColor) });
        foreach (var column in MerchantSeal.Columns)
        {
            var sealedField = form.Of(column) is { } text ? await seal.SealAsync(id, column, text, cancellationToken) : null;
            command.Parameters.Add(new NpgsqlParameter<byte[]?> { TypedValue = sealedField });
        }

        command.Parameters.AddWithValue(await seal.SealAsync(id, form.Email, cancellationToken));
        command.Parameters.AddWithValue(await index.OfAsync(form.Email, cancellationToken));
        command.Parameters.AddWithValue(time.GetUtcNow());
        command.Parameters.AddWithValue(options.Value.PerUser);
        return await WriteAsync(command, key, id, cancellationToken);
    }

    /// <summary>Changes what is named.</summary>
    public async Task<MerchantOutcome> ChangeAsync(
        MerchantId id, MerchantForm form, UserId user, string session, RequestKey? key, CancellationToken cancellationToken)
    {
        var changes = new JsonObject();
        foreach (var (column, text) in form.Columns)
        {
            changes[column] = text is not null && MerchantSeal.Columns.Contains(column)
                ? Convert.ToBase64String(await seal.SealAsync(id, column, text, cancellationToken))
                : text;
        }

        await using var command = new NpgsqlCommand("SELECT merchants.change($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(id.Value);
        command.Parameters.AddWithValue(mode.IsLive);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(MerchantRoles.With(MerchantPermissions.MerchantWrite));
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, changes.ToJsonString());
        command.Parameters.AddWithValue(time.GetUtcNow());
        command.Parameters.AddWithValue(MostLogosADay);
        return await WriteAsync(command, key, id, cancellationToken);
    }

    /// <summary>Keeps the key of a request that says nothing else than is so.</summary>
    public async Task<MerchantOutcome> StayAsync(MerchantId id, RequestKey? key, CancellationToken cancellationToken)
    {
        await writes.TakeAloneAsync(key, id.Value, cancellationToken);
        return MerchantOutcome.Done;
    }

    private async Task<MerchantOutcome> WriteAsync(
        NpgsqlCommand command, RequestKey? key, MerchantId id, CancellationToken cancellationToken) =>
        MerchantOutcomes.Read(await writes.ScalarAsync(command, key, id.Value, answer => answer is "done", cancellationToken));

    /// <summary>Carries out what an administrator decided: approve, suspend, reinstate or tier. False where there is no such one.</summary>
    public async Task<bool> DecideAsync(MerchantId id, string what, int? tier, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT merchants.decide($1, $2, $3, $4, $5, $6, $7)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(id.Value);
        command.Parameters.AddWithValue(mode.IsLive);
        command.Parameters.AddWithValue(what);
        command.Parameters.Add(new NpgsqlParameter<int?> { TypedValue = tier });
        command.Parameters.AddWithValue(time.GetUtcNow());
        return await command.ExecuteScalarAsync(cancellationToken) is "done";
    }

    /// <summary>Somebody's merchants, the newest first, with what he is to each.</summary>
    public async Task<IReadOnlyList<Merchant>> OfAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            {Columns}, p.role
            FROM merchants.people p JOIN merchants.merchants m ON m.id = p.merchant_id AND m.live = $2
            WHERE p.user_id = $1
            ORDER BY m.id DESC
            LIMIT 1000
            """);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(mode.IsLive);
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>A merchant, with what somebody is to him; null where there is none.</summary>
    public async Task<Merchant?> FindAsync(MerchantId id, UserId? user, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            {Columns}, (SELECT p.role FROM merchants.people p WHERE p.merchant_id = m.id AND p.user_id = $3)
            FROM merchants.merchants m
            WHERE m.id = $1 AND m.live = $2
            """);
        command.Parameters.AddWithValue(id.Value);
        command.Parameters.AddWithValue(mode.IsLive);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = user?.Value });
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>A page of all merchants, or of those with a status, the newest first.</summary>
    public async Task<IReadOnlyList<Merchant>> ListAsync(
        MerchantStatus? status, MerchantId? before, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            {Columns}, NULL::text
            FROM merchants.merchants m
            WHERE m.live = $1 AND ($2::text IS NULL OR m.status = $2) AND ($3::text IS NULL OR m.id < $3)
            ORDER BY m.id DESC
            LIMIT $4
            """);
        command.Parameters.AddWithValue(mode.IsLive);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = status is { } one ? MerchantStatuses.NameOf(one) : null });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = before?.Value });
        command.Parameters.AddWithValue(limit);
        return await ReadAsync(command, cancellationToken);
    }

    private async Task<IReadOnlyList<Merchant>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var rows = new List<(Merchant Merchant, byte[]?[] Fields, byte[] Email)>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add((
                    new Merchant(
                        MerchantId.Parse(reader.GetString(0)), reader.GetBoolean(1), MerchantStatuses.Read(reader.GetString(2)),
                        reader.GetInt32(3), "", "", reader.GetBoolean(9), reader.GetString(10), "", null, Text(reader, 11), null,
                        Text(reader, 12), reader.GetFieldValue<DateTimeOffset>(13), reader.GetFieldValue<DateTimeOffset>(14),
                        Time(reader, 15), Time(reader, 16), reader.GetString(17), reader.GetString(18), reader.GetBoolean(19),
                        Text(reader, 21)) { Logo = Text(reader, 20) },
                    [.. Enumerable.Range(4, MerchantSeal.Columns.Count).Select(column => reader.GetValue(column) as byte[])],
                    reader.GetFieldValue<byte[]>(8)));
            }
        }

        var merchants = new List<Merchant>();
        foreach (var (merchant, fields, email) in rows)
        {
            var opened = await seal.OpenAsync(merchant.Id, fields, email, cancellationToken);
            merchants.Add(merchant with
            {
                BusinessName = opened[0]!, StatementDescriptor = opened[1]!, Website = opened[2], RegistrationNumber = opened[3],
                Email = opened[4]!,
            });
        }

        return merchants;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}

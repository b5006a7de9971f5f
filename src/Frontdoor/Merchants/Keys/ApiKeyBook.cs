using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Registration;
using StellarPay.Frontdoor.Merchants.Signing;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>Who changes keys of which merchant.</summary>
/// <param name="Merchant">The merchant.</param>
/// <param name="User">The user.</param>
/// <param name="Session">His session.</param>
/// <param name="Key">The idempotency key under which he asks; null for none.</param>
internal readonly record struct KeyAsker(MerchantId Merchant, UserId User, string Session, RequestKey? Key);

/// <summary>
/// Merchants' keys, in the functions of infra/postgres/migrations/0051_merchant_keys.sql. Every question names the merchant.
/// </summary>
internal sealed class ApiKeyBook(
    NpgsqlDataSource database,
    KeyedWrites writes,
    MerchantMode mode,
    SigningSecrets signingSecrets,
    IOptions<PostgresOptions> postgres,
    IOptions<MerchantOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>Keys that were revoked are shown for so long, and go when another is made.</summary>
    public static readonly TimeSpan RevokedShown = TimeSpan.FromDays(30);

    // Revoked ones among them, of which a merchant's people make no more than the limits of an hour allow.
    private const int MostShown = 1_000;

    private const string Columns =
        """
        SELECT id, merchant_id, kind, name, last4, permissions, allowed_addresses, allowed_origins, created_at, updated_at, rotated_at,
            expires_at, last_used_at, revoked_at
        FROM merchants.api_keys
        """;

    private static readonly string[] Roles = MerchantRoles.With(MerchantPermissions.ApiKeysWrite);

    /// <summary>All of a merchant's keys, the newest first.</summary>
    public async Task<IReadOnlyList<ApiKeyJson>> ListAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"{Columns} WHERE merchant_id = $1 ORDER BY id DESC LIMIT $2");
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(MostShown);
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>A key of a merchant's; null where he has no such one.</summary>
    public async Task<ApiKeyJson?> FindAsync(MerchantId merchant, string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"{Columns} WHERE merchant_id = $1 AND id = $2");
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(id);
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Makes a key.</summary>
    /// <param name="asker">Who asks.</param>
    /// <param name="id">The key's id.</param>
    /// <param name="form">What is said of it.</param>
    /// <param name="text">Its text.</param>
    /// <param name="signing">What requests by it are signed with; null of a publishable one.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<MerchantOutcome> CreateAsync(
        KeyAsker asker, string id, ApiKeyForm form, ApiKeyText text, string? signing, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var command = new NpgsqlCommand(
            "SELECT merchants.key_create($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)");
        AddAsker(command, asker, id, RolesFor(MerchantPermissions.Of(form.Kind, form.Permissions ?? [])));
        command.Parameters.AddWithValue(ApiKeyKinds.NameOf(form.Kind));
        command.Parameters.AddWithValue(form.Name!);
        command.Parameters.AddWithValue(form.Permissions ?? []);
        command.Parameters.AddWithValue(form.Addresses ?? []);
        command.Parameters.AddWithValue(form.Origins ?? []);
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset?> { TypedValue = form.ExpiresAt?.ToUniversalTime() });
        command.Parameters.AddWithValue(text.Digest);
        command.Parameters.AddWithValue(text.Last4);
        command.Parameters.Add(await SealAsync(asker.Merchant, id, signing, cancellationToken));
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(options.Value.KeysPerMerchant);
        command.Parameters.AddWithValue(now - RevokedShown);
        return await WriteAsync(command, asker, id, cancellationToken);
    }

    /// <summary>Gives a key another secret; the present one holds for a while.</summary>
    /// <param name="asker">Who asks, who may all that the key may.</param>
    /// <param name="id">The key.</param>
    /// <param name="may">What the key may.</param>
    /// <param name="text">The new one.</param>
    /// <param name="signing">What requests by it are signed with; null of a publishable one.</param>
    /// <param name="overlap">How long the present one holds.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<MerchantOutcome> RotateAsync(
        KeyAsker asker, string id, IReadOnlySet<string> may, ApiKeyText text, string? signing, TimeSpan overlap,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var command = new NpgsqlCommand(
            "SELECT merchants.key_rotate($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
        AddAsker(command, asker, id, RolesFor(may));
        command.Parameters.AddWithValue(text.Digest);
        command.Parameters.AddWithValue(text.Last4);
        command.Parameters.Add(await SealAsync(asker.Merchant, id, signing, cancellationToken));
        command.Parameters.AddWithValue(now + overlap);
        command.Parameters.AddWithValue(now);
        return await WriteAsync(command, asker, id, cancellationToken);
    }

    /// <summary>Changes what is given of a key.</summary>
    public async Task<MerchantOutcome> ChangeAsync(
        KeyAsker asker, string id, IReadOnlySet<string> may, ApiKeyForm form, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT merchants.key_change($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
        AddAsker(command, asker, id, RolesFor(may));
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = form.Name });
        command.Parameters.Add(new NpgsqlParameter<string[]?> { TypedValue = form.Addresses });
        command.Parameters.Add(new NpgsqlParameter<string[]?> { TypedValue = form.Origins });
        command.Parameters.AddWithValue(time.GetUtcNow());
        return await WriteAsync(command, asker, id, cancellationToken);
    }

    /// <summary>Takes a key away; a repeat changes nothing.</summary>
    public async Task<MerchantOutcome> RevokeAsync(KeyAsker asker, string id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT merchants.key_revoke($1, $2, $3, $4, $5, $6, $7, $8, $9)");
        AddAsker(command, asker, id, Roles);
        command.Parameters.AddWithValue(time.GetUtcNow());
        return await WriteAsync(command, asker with { Key = asker.Key?.ToTakeAway() }, id, cancellationToken);
    }

    private async Task<MerchantOutcome> WriteAsync(NpgsqlCommand command, KeyAsker asker, string id, CancellationToken cancellationToken) =>
        MerchantOutcomes.Read(await writes.ScalarAsync(command, asker.Key, id, answer => answer is "done", cancellationToken));

    private async Task<NpgsqlParameter> SealAsync(
        MerchantId merchant, string id, string? signing, CancellationToken cancellationToken) => new NpgsqlParameter<byte[]?>
        {
            TypedValue = signing is null ? null : await signingSecrets.SealAsync(merchant, id, signing, cancellationToken),
        };

    // Who is shown a key, or says from where it may be used, may all that it may.
    private static string[] RolesFor(IReadOnlySet<string> may) => MerchantRoles.With([MerchantPermissions.ApiKeysWrite, .. may]);

    private void AddAsker(NpgsqlCommand command, KeyAsker asker, string id, string[] roles)
    {
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(asker.Merchant.Value);
        command.Parameters.AddWithValue(mode.IsLive);
        command.Parameters.AddWithValue(asker.User.Value);
        command.Parameters.AddWithValue(asker.Session);
        command.Parameters.AddWithValue(roles);
        command.Parameters.AddWithValue(id);
    }

    private async Task<IReadOnlyList<ApiKeyJson>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var keys = new List<ApiKeyJson>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (rotatedAt, expiresAt, revokedAt) = (reader.GetFieldValue<DateTimeOffset>(10), Time(reader, 11), Time(reader, 13));
            var status = revokedAt is not null ? "revoked" : expiresAt <= now ? "expired" : "active";
            keys.Add(new ApiKeyJson(
                "api_key", reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
                ApiKeyText.PrefixOf(ApiKeyKinds.Read(reader.GetString(2))!.Value, mode.IsLive), reader.GetString(4), status,
                reader.GetFieldValue<string[]>(5), reader.GetFieldValue<string[]>(6), reader.GetFieldValue<string[]>(7),
                reader.GetFieldValue<DateTimeOffset>(8), reader.GetFieldValue<DateTimeOffset>(9), rotatedAt,
                status == "active" && rotatedAt + options.Value.KeyReportAfter <= now, expiresAt, Time(reader, 12), revokedAt));
        }

        return keys;
    }

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}

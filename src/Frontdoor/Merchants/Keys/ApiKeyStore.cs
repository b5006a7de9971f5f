using Npgsql;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Signing;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>Finds keys that were shown, in the function of infra/postgres/migrations/0051_merchant_keys.sql.</summary>
internal sealed class ApiKeyStore(NpgsqlDataSource database)
{
    /// <summary>The key of a digest, whether it holds or not; null where there is none.</summary>
    public async Task<ApiKey?> FindAsync(byte[] digest, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT digest, until, id, merchant_id, kind, permissions, allowed_addresses, allowed_origins, expires_at, revoked_at, live,
                status, tier, signing_secret, require_signed_requests
            FROM merchants.key_find($1)
            """);
        command.Parameters.AddWithValue(digest);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken) || !ApiKey.IsSame(reader.GetFieldValue<byte[]>(0), digest))
        {
            return null;
        }

        var kind = ApiKeyKinds.Read(reader.GetString(4))!.Value;
        return new ApiKey(
            reader.GetString(2),
            MerchantId.Parse(reader.GetString(3)),
            kind,
            MerchantPermissions.Of(kind, reader.GetFieldValue<string[]>(5)),
            [.. reader.GetFieldValue<string[]>(6).Select(AllowedAddress.Parse)],
            reader.GetFieldValue<string[]>(7),
            Sooner(TimeOf(reader, 1), TimeOf(reader, 8)),
            !reader.IsDBNull(9),
            reader.GetBoolean(10),
            MerchantStatuses.Read(reader.GetString(11)),
            reader.GetInt32(12),
            new KeySigning(reader.GetValue(13) as byte[], reader.GetBoolean(14)));
    }

    private static DateTimeOffset? TimeOf(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private static DateTimeOffset? Sooner(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other : one;
}

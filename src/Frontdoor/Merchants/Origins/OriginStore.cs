using Npgsql;

namespace StellarPay.Frontdoor.Merchants.Origins;

/// <summary>Reads which origins publishable keys list.</summary>
internal sealed class OriginStore(NpgsqlDataSource database, MerchantMode mode)
{
    /// <summary>The keys that are read at once.</summary>
    public const int PageSize = 1_000;

    private const string Listed =
        """
        SELECT k.id, k.merchant_id, k.allowed_origins, k.expires_at
        FROM merchants.api_keys k JOIN merchants.merchants m ON m.id = k.merchant_id
        WHERE k.kind = 'publishable' AND k.revoked_at IS NULL AND m.live = $1 AND m.status = 'active'
        """;

    /// <summary>A page of all of them, after a key; and the page's last key, null where it is the last page.</summary>
    public async Task<(IReadOnlyList<ListedOrigin> Listed, string? Last)> ReadAsync(string after, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"{Listed} AND k.id > $2 ORDER BY k.id LIMIT $3");
        command.Parameters.AddWithValue(mode.IsLive);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(PageSize);
        var (listed, last, count) = await ReadAsync(command, cancellationToken);
        return (listed, count == PageSize ? last : null);
    }

    /// <summary>Those of one merchant.</summary>
    public async Task<ListedOrigin[]> OfAsync(string merchant, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"{Listed} AND k.merchant_id = $2");
        command.Parameters.AddWithValue(mode.IsLive);
        command.Parameters.AddWithValue(merchant);
        var (listed, _, _) = await ReadAsync(command, cancellationToken);
        return [.. listed];
    }

    private static async Task<(IReadOnlyList<ListedOrigin> Listed, string? Last, int Count)> ReadAsync(
        NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var listed = new List<ListedOrigin>();
        string? last = null;
        var count = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            last = reader.GetString(0);
            count++;
            DateTimeOffset? end = reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3);
            listed.AddRange(reader.GetFieldValue<string[]>(2).Select(origin => new ListedOrigin(reader.GetString(1), origin, end)));
        }

        return (listed, last, count);
    }
}

using Npgsql;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Adapters.Postgres.Factors;

/// <summary>Whether a user has a second factor, which his wallet is to be told.</summary>
/// <param name="User">The user.</param>
/// <param name="IsSet">Whether he has one.</param>
/// <param name="Version">Which change of his factors this is of.</param>
/// <param name="Since">Since when he has had one without a break; null where he has none.</param>
internal sealed record FactorChange(UserId User, bool IsSet, long Version, DateTimeOffset? Since);

/// <summary>
/// The changes that wallets are still to be told: rows that the change itself writes
/// (infra/postgres/migrations/0039_factors_and_money.sql).
/// </summary>
internal sealed class FactorNews(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Takes some that are due. Each is due again after a pause, unless it is said to be done.</summary>
    public async Task<IReadOnlyList<FactorChange>> TakeAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT user_id, is_set, version, since FROM identity.factor_news_take($1, $2)");
        command.Parameters.AddWithValue(time.GetUtcNow());
        command.Parameters.AddWithValue(limit);
        var changes = new List<FactorChange>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            changes.Add(new FactorChange(
                UserId.Parse(reader.GetString(0)), reader.GetBoolean(1), reader.GetInt64(2),
                reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return changes;
    }

    /// <summary>A wallet was told; what has changed since is still to be told.</summary>
    public async Task DoneAsync(FactorChange change, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.factor_news_done($1, $2)");
        command.Parameters.AddWithValue(change.User.Value);
        command.Parameters.AddWithValue(change.Version);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

using Npgsql;
using StellarPay.Grains.Refunds;

namespace StellarPay.Adapters.Postgres.Refunds;

/// <summary>Reads who is what for a merchant.</summary>
internal sealed class PostgresRefundDeciders(NpgsqlDataSource database) : IRefundDeciders
{
    public async Task<bool> MayAsync(string merchant, string user, CancellationToken cancellationToken)
    {
        // Those who may when it is decided, which the front door looks at.
        await using var command = database.CreateCommand(
            """
            SELECT EXISTS (
                SELECT FROM merchants.people p WHERE p.merchant_id = $1 AND p.user_id = $2 AND p.role IN ('owner', 'finance'))
            """);
        command.Parameters.AddWithValue(merchant);
        command.Parameters.AddWithValue(user);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}

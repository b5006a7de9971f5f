using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network.Claims;

namespace StellarPay.Adapters.Postgres.Network;

internal sealed class PostgresClaimableBalances(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IClaimableBalances
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task AddAsync(IReadOnlyCollection<CreatedBalance> balances, CancellationToken cancellationToken)
    {
        if (balances.Count == 0)
        {
            return;
        }

        await using var batch = database.CreateBatch();
        foreach (var balance in balances)
        {
            var command = new NpgsqlBatchCommand(
                """
                INSERT INTO claimable_balances (service_id, balance_id, creator, asset, stroops, ledger)
                VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT DO NOTHING
                """);
            foreach (var value in (object[])
                [_serviceId, balance.BalanceId, balance.Creator, balance.Amount.Asset.Canonical, balance.Amount.Stroops, balance.Ledger])
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, CreatedBalance>> FindAsync(
        IReadOnlyCollection<string> balanceIds, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, CreatedBalance>(StringComparer.Ordinal);
        if (balanceIds.Count == 0)
        {
            return found;
        }

        await using var command = database.CreateCommand(
            """
            SELECT balance_id, creator, asset, stroops, ledger FROM claimable_balances
            WHERE service_id = $1 AND balance_id = ANY ($2)
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = _serviceId });
        command.Parameters.Add(new NpgsqlParameter { Value = balanceIds.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetString(0);
            found[id] = new CreatedBalance(
                id, reader.GetString(1), new Amount(Asset.Parse(reader.GetString(2)), reader.GetInt64(3)), reader.GetInt64(4));
        }

        return found;
    }
}

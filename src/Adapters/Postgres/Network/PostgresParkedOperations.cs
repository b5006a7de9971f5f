using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network.Parking;

namespace StellarPay.Adapters.Postgres.Network;

internal sealed class PostgresParkedOperations(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IParkedOperations
{
    private const string Columns =
        "paging_token, wallet_id, ledger, transaction_hash, kind, content, error, attempts, status, parked_at, resolved_at, resolved_by";

    private readonly string _serviceId = options.Value.ServiceId;

    public async Task AddAsync(IReadOnlyCollection<ParkedOperation> operations, CancellationToken cancellationToken)
    {
        if (operations.Count == 0)
        {
            return;
        }

        await using var batch = database.CreateBatch();
        foreach (var operation in operations)
        {
            var command = new NpgsqlBatchCommand(
                $"""
                 INSERT INTO parked_operations (service_id, {Columns})
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                 ON CONFLICT DO NOTHING
                 """);
            Add(command.Parameters, _serviceId, operation.PagingToken, operation.Wallet?.Value ?? "", operation.Ledger);
            Add(command.Parameters, operation.TransactionHash, KindText(operation.Kind), operation.Content, operation.Error);
            Add(command.Parameters, operation.Attempts, StatusText(operation.Status), operation.ParkedAt.ToUniversalTime());
            command.Parameters.Add(Time(operation.ResolvedAt));
            Add(command.Parameters, operation.ResolvedBy);
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlySet<WalletId>> FindHeldAsync(
        IReadOnlyCollection<WalletId> wallets, CancellationToken cancellationToken)
    {
        var held = new HashSet<WalletId>();
        if (wallets.Count == 0)
        {
            return held;
        }

        await using var command = database.CreateCommand(
            """
            SELECT DISTINCT wallet_id FROM parked_operations
            WHERE service_id = $1 AND status = 'held' AND wallet_id = ANY ($2)
            """);
        Add(command.Parameters, _serviceId, wallets.Select(wallet => wallet.Value).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            held.Add(WalletId.Parse(reader.GetString(0)));
        }

        return held;
    }

    public Task<IReadOnlyList<ParkedOperation>> ReadHeldAsync(WalletId wallet, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            "status = 'held' AND wallet_id = $2 ORDER BY paging_token LIMIT $3", cancellationToken, wallet.Value, limit);

    public Task<IReadOnlyList<ParkedOperation>> FindAsync(long pagingToken, CancellationToken cancellationToken) =>
        ReadAsync("paging_token = $2 ORDER BY wallet_id", cancellationToken, pagingToken);

    public Task<IReadOnlyList<ParkedOperation>> ListAsync(
        bool open, long? before, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            """
            paging_token IN (
                SELECT DISTINCT paging_token FROM parked_operations
                WHERE service_id = $1 AND paging_token < $2 AND (status <> 'applied' OR NOT $3)
                ORDER BY paging_token DESC LIMIT $4)
            ORDER BY paging_token DESC, wallet_id
            """,
            cancellationToken,
            before ?? long.MaxValue,
            open,
            limit);

    public async Task<int> CountOpenAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT count(*)::integer FROM parked_operations WHERE service_id = $1 AND status <> 'applied'");
        Add(command.Parameters, _serviceId);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task UpdateAsync(ParkedOperation operation, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE parked_operations SET status = $4, error = $5, attempts = $6, resolved_by = $7, resolved_at = $8
            WHERE service_id = $1 AND paging_token = $2 AND wallet_id = $3 AND status <> 'applied'
            """);
        Add(command.Parameters, _serviceId, operation.PagingToken, operation.Wallet?.Value ?? "", StatusText(operation.Status));
        Add(command.Parameters, operation.Error, operation.Attempts, operation.ResolvedBy);
        command.Parameters.Add(Time(operation.ResolvedAt));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<ParkedOperation>> ReadAsync(
        string condition, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM parked_operations WHERE service_id = $1 AND {condition}");
        Add(command.Parameters, [_serviceId, .. values]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var read = new List<ParkedOperation>();
        while (await reader.ReadAsync(cancellationToken))
        {
            read.Add(new ParkedOperation(
                reader.GetInt64(0),
                reader.GetString(1) is { Length: > 0 } wallet ? WalletId.Parse(wallet) : null,
                reader.GetInt64(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                Enum.Parse<ParkedKind>(reader.GetString(4), ignoreCase: true),
                reader.GetString(5),
                reader.GetString(6),
                reader.GetInt32(7),
                Enum.Parse<ParkedStatus>(reader.GetString(8), ignoreCase: true),
                reader.GetFieldValue<DateTimeOffset>(9),
                reader.IsDBNull(10) ? null : reader.GetFieldValue<DateTimeOffset>(10),
                reader.IsDBNull(11) ? null : reader.GetString(11)));
        }

        return read;
    }

    private static string KindText(ParkedKind kind) => kind switch
    {
        ParkedKind.Refused => "refused",
        ParkedKind.Unreadable => "unreadable",
        _ => "unexplained",
    };

    private static string StatusText(ParkedStatus status) => status switch
    {
        ParkedStatus.Parked => "parked",
        ParkedStatus.Held => "held",
        _ => "applied",
    };

    private static NpgsqlParameter Time(DateTimeOffset? time) => new()
    {
        NpgsqlDbType = NpgsqlDbType.TimestampTz,
        Value = (object?)time?.ToUniversalTime() ?? DBNull.Value,
    };

    private static void Add(NpgsqlParameterCollection parameters, params ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
        {
            parameters.Add(value is null
                ? new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = DBNull.Value }
                : new NpgsqlParameter { Value = value });
        }
    }
}

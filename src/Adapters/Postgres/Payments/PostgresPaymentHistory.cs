using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Adapters.Postgres.Payments;

internal sealed class PostgresPaymentHistory(NpgsqlDataSource database, IOptions<PostgresOptions> options)
    : IPaymentHistory
{
    private const string Columns =
        """
        payment_id, direction, status, counterparty, counterparty_address, asset, amount_stroops, memo,
        transaction_hash, ledger, failure_code, created_at, completed_at,
        source_asset, source_stroops, source_max_stroops, min_stroops, array_to_string(hops, ','), sent_stroops,
        received_stroops, reclaimable_after, balance_id, claim_status, memo_type, fee_stroops
        """;

    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<IReadOnlyList<HistoryEntry>> ReadAsync(
        WalletId wallet, HistoryCursor? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IPaymentHistory.MaxLimit);
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM payments_page(@service_id, @wallet_id, @created_at, @payment_id, @limit)");
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("wallet_id", wallet.Value);
        // Npgsql sends DateTime.MaxValue as infinity.
        command.Parameters.AddWithValue(
            "created_at", before?.CreatedAt.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc));
        command.Parameters.AddWithValue("payment_id", before?.Id ?? "");
        command.Parameters.AddWithValue("limit", limit);
        return await ReadAsync(command, cancellationToken);
    }

    public async Task<HistoryEntry?> FindAsync(WalletId wallet, string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {Columns} FROM payments
            WHERE service_id = @service_id AND wallet_id = @wallet_id AND payment_id = @payment_id
            """);
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("wallet_id", wallet.Value);
        command.Parameters.AddWithValue("payment_id", id);
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    private static async Task<List<HistoryEntry>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<HistoryEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(new HistoryEntry(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetString(2),
                Text(reader, 3),
                Text(reader, 4),
                reader.GetString(5),
                reader.GetInt64(6),
                Text(reader, 7),
                Text(reader, 8),
                Number(reader, 9),
                Text(reader, 10),
                reader.GetFieldValue<DateTimeOffset>(11),
                reader.IsDBNull(12) ? null : reader.GetFieldValue<DateTimeOffset>(12),
                PathOf(reader),
                ClaimOf(reader),
                Text(reader, 23),
                reader.GetInt64(24)));
        }

        return entries;
    }

    private static HistoryPath? PathOf(NpgsqlDataReader reader) => reader.IsDBNull(13)
        ? null
        : new HistoryPath(
            reader.GetString(13), reader.GetInt64(14), reader.GetInt64(15), reader.GetInt64(16), reader.GetString(17),
            Number(reader, 18), Number(reader, 19));

    private static HistoryClaim? ClaimOf(NpgsqlDataReader reader) => reader.IsDBNull(20)
        ? null
        : new HistoryClaim(reader.GetFieldValue<DateTimeOffset>(20), Text(reader, 21), Text(reader, 22));

    private static long? Number(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetInt64(column);

    private static string? Text(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);
}

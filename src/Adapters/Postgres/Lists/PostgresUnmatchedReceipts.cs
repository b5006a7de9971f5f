using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Network;

namespace StellarPay.Adapters.Postgres.Lists;

/// <summary>Reads <c>unmatched_receipts</c>, which the writes of merchants' states fill.</summary>
internal sealed class PostgresUnmatchedReceipts(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IUnmatchedReceipts
{
    private const string Rows =
        """
        SELECT u.token, u.number, u.asset, u.stroops, u.payments, u.reason, u.status, u.closed_at, u.ledger, u.transaction_hash, u.sender,
               u.sender_muxed, u.memo, u.memo_type, u.receiver_muxed, u.session, u.refund_to, u.refund_hash, u.refund_failure, u.decided_at,
               u.sequence
        FROM unmatched_receipts u
        WHERE u.service_id = $1 AND u.merchant = $2
        """;

    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<UnmatchedReceipt?> FindAsync(MerchantId merchant, UnmatchedReceiptId id, CancellationToken cancellationToken)
    {
        await using var command = CommandOf($"{Rows} AND (u.token, u.number) = ($3, $4)", merchant);
        Add(command, id.Place);
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    public async Task<IReadOnlyList<UnmatchedReceipt>> ListAsync(ReceiptQuery query, CancellationToken cancellationToken)
    {
        var isBackwards = query.Before is not null;
        // A statement for each way that is asked, so that each has a plan of its own.
        var status = query.Status is null ? "" : "AND u.status = $6";
        await using var command = CommandOf(
            $"""
            {Rows}
              AND (u.token, u.number) {(isBackwards ? ">" : "<")} ($3, $4) {status}
            ORDER BY u.token {(isBackwards ? "ASC" : "DESC")}, u.number {(isBackwards ? "ASC" : "DESC")}
            LIMIT $5
            """,
            query.Merchant);
        Add(command, query.Before?.Place ?? query.After?.Place ?? new LedgerPlace(long.MaxValue, int.MaxValue));
        command.Parameters.AddWithValue(query.Limit);
        if (query.Status is { } only)
        {
            command.Parameters.AddWithValue(only.ToString());
        }

        return await ReadAsync(command, cancellationToken);
    }

    public async Task<IReadOnlyList<UnmatchedReceipt>> FindAsync(
        MerchantId merchant, string transactionHash, CancellationToken cancellationToken)
    {
        await using var command = CommandOf($"{Rows} AND u.transaction_hash = $3 ORDER BY u.token, u.number LIMIT 100", merchant);
        command.Parameters.AddWithValue(transactionHash);
        return await ReadAsync(command, cancellationToken);
    }

    private NpgsqlCommand CommandOf(string text, MerchantId merchant)
    {
        var command = database.CreateCommand(text);
        command.Parameters.AddWithValue(_serviceId);
        command.Parameters.AddWithValue(merchant.Value);
        return command;
    }

    private static void Add(NpgsqlCommand command, LedgerPlace place)
    {
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint, Value = place.Token });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer, Value = place.Number });
    }

    private static async Task<IReadOnlyList<UnmatchedReceipt>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var read = new List<UnmatchedReceipt>();
        while (await reader.ReadAsync(cancellationToken))
        {
            read.Add(new UnmatchedReceipt(
                new LedgerPlace(reader.GetInt64(0), reader.GetInt32(1)), reader.GetString(2), reader.GetInt64(3), reader.GetInt32(4),
                Enum.Parse<UnmatchedReason>(reader.GetString(5)), Enum.Parse<UnmatchedReceiptStatus>(reader.GetString(6)),
                reader.GetFieldValue<DateTimeOffset>(7), reader.GetInt64(8), Text(reader, 9), Text(reader, 10), Text(reader, 11),
                Text(reader, 12), Text(reader, 13), Text(reader, 14), Text(reader, 15), Text(reader, 16), Text(reader, 17),
                Text(reader, 18), reader.IsDBNull(19) ? null : reader.GetFieldValue<DateTimeOffset>(19), reader.GetInt64(20)));
        }

        return read;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}

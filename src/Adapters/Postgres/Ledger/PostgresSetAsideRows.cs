using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Ledger;

namespace StellarPay.Adapters.Postgres.Ledger;

internal sealed class PostgresSetAsideRows(NpgsqlDataSource database, IOptions<PostgresOptions> options) : ISetAsideRows
{
    private const string Select =
        """
        SELECT s.id, s.owner_kind, s.owner_key, s.error, s.attempts, s.status, s.sent_at, s.set_aside_at, s.resolved_at, s.resolved_by,
               s.sender_kind, s.sender_key, s.sender_version, s.number, s.token, s.place_number, s.content, p.token IS NOT NULL
        FROM owner_rows_set_aside s
        LEFT JOIN ledger_parked p ON p.service_id = s.service_id AND p.owner_kind = s.owner_kind AND p.owner_key = s.owner_key
            AND p.token = s.token AND p.number = s.place_number % 65536 AND p.status = 'closed'
        WHERE s.service_id = $1 AND
        """;

    private readonly string _serviceId = options.Value.ServiceId;

    public Task<IReadOnlyList<SetAsideRow>> ListAsync(bool open, long? before, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            $"{Select} s.id < $2 {(open ? "AND s.status = 'waiting' " : "")}ORDER BY s.id DESC LIMIT $3",
            cancellationToken, before ?? long.MaxValue, limit);

    public async Task<SetAsideRow?> FindAsync(long id, CancellationToken cancellationToken) =>
        (await ReadAsync($"{Select} s.id = $2", cancellationToken, id)).SingleOrDefault();

    public async Task<int> CountOpenAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT count(*)::integer FROM owner_rows_set_aside WHERE service_id = $1 AND status = 'waiting'");
        PostgresLedgerInbox.Add(command.Parameters, _serviceId);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<IReadOnlyList<SetAsideRow>> ReadAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        PostgresLedgerInbox.Add(command.Parameters, [_serviceId, .. values]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var read = new List<SetAsideRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            read.Add(new SetAsideRow(
                reader.GetInt64(0),
                new LedgerOwner(reader.GetString(1), reader.GetString(2)),
                PostgresLedgerInbox.ReadRow(reader, first: 10),
                reader.GetString(3),
                reader.GetInt32(4),
                Enum.Parse<SetAsideStatus>(reader.GetString(5), ignoreCase: true),
                reader.GetFieldValue<DateTimeOffset>(6),
                reader.GetFieldValue<DateTimeOffset>(7),
                reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8),
                reader.IsDBNull(9) ? null : reader.GetString(9)));
        }

        return read;
    }
}

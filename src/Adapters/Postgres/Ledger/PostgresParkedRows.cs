using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Ledger;

namespace StellarPay.Adapters.Postgres.Ledger;

internal sealed class PostgresParkedRows(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IParkedRows
{
    private const string Select =
        """
        SELECT p.owner_kind, p.owner_key, p.error, p.attempts, p.status, p.parked_at, p.resolved_at, p.resolved_by,
               p.token, p.number, m.kind, m.content
        FROM ledger_parked p
        JOIN ledger_movements m ON m.service_id = p.service_id AND m.token = p.token AND m.number = p.number
        WHERE p.service_id = $1 AND
        """;

    private readonly string _serviceId = options.Value.ServiceId;

    public Task<IReadOnlyList<ParkedRow>> ListAsync(bool open, long? before, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            $"""
             {Select} p.token IN (
                SELECT DISTINCT o.token FROM ledger_parked o
                WHERE o.service_id = $1 AND o.token < $2 AND (o.status = 'parked' OR NOT $3)
                ORDER BY o.token DESC LIMIT $4)
             ORDER BY p.token DESC, p.number, p.owner_kind, p.owner_key
             """,
            cancellationToken, before ?? long.MaxValue, open, limit);

    public Task<IReadOnlyList<ParkedRow>> FindAsync(long token, CancellationToken cancellationToken) =>
        ReadAsync($"{Select} p.token = $2 ORDER BY p.number, p.owner_kind, p.owner_key", cancellationToken, token);

    public async Task<int> CountOpenAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT count(*)::integer FROM ledger_parked WHERE service_id = $1 AND status = 'parked'");
        PostgresLedgerInbox.Add(command.Parameters, _serviceId);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<IReadOnlyList<HeldOwner>> ListHeldAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT owner_kind, owner_key, held_since, failures, error FROM ledger_held
            WHERE service_id = $1 ORDER BY held_since LIMIT 100
            """);
        PostgresLedgerInbox.Add(command.Parameters, _serviceId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var held = new List<HeldOwner>();
        while (await reader.ReadAsync(cancellationToken))
        {
            held.Add(new HeldOwner(
                new LedgerOwner(reader.GetString(0), reader.GetString(1)), reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetInt32(3), reader.GetString(4)));
        }

        return held;
    }

    private async Task<IReadOnlyList<ParkedRow>> ReadAsync(
        string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        PostgresLedgerInbox.Add(command.Parameters, [_serviceId, .. values]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var read = new List<ParkedRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            read.Add(new ParkedRow(
                new LedgerOwner(reader.GetString(0), reader.GetString(1)),
                PostgresLedgerInbox.Read(reader, first: 8),
                reader.GetString(2),
                reader.GetInt32(3),
                Enum.Parse<ParkedStatus>(reader.GetString(4), ignoreCase: true),
                reader.GetFieldValue<DateTimeOffset>(5),
                reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6),
                reader.IsDBNull(7) ? null : reader.GetString(7)));
        }

        return read;
    }
}

using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Adapters.Postgres.Lists;

/// <summary>Reads of <c>ledger_movements</c> to whom they were given: they say themselves who was named.</summary>
internal sealed class PostgresPaidSessions(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IPaidSessions
{
    private const string Named =
        """
        SELECT s.grain_key
        FROM (
            SELECT DISTINCT split_part(r.reader, '/', 2) AS session
            FROM ledger_movements m
            CROSS JOIN unnest(m.readers) AS r (reader)
            WHERE left(m.transaction_hash, 16) = left($2, 16) AND m.kind = 'movement' AND m.service_id = $1 AND m.transaction_hash = $2
              -- An account of a session's own has the session's key.
              AND split_part(r.reader, '/', 1) IN ('payment_session', 'payment_address')) AS named
        JOIN grain_state s ON s.service_id = $1 AND s.state_name = 'payment_session' AND s.grain_key = named.session
        WHERE s.payload ->> 'merchant' = $3
        ORDER BY s.grain_key
        LIMIT 20
        """;

    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<IReadOnlyList<PaymentSessionId>> FindAsync(
        MerchantId merchant, string transactionHash, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Named);
        command.Parameters.AddWithValue(_serviceId);
        command.Parameters.AddWithValue(transactionHash);
        command.Parameters.AddWithValue(merchant.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var sessions = new List<PaymentSessionId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sessions.Add(PaymentSessionId.Parse(reader.GetString(0)));
        }

        return sessions;
    }
}

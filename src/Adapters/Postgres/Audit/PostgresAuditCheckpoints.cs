using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Platform.Notary;

namespace StellarPay.Adapters.Postgres.Audit;

/// <summary>Appends checkpoints to a chain of their own.</summary>
internal sealed class PostgresAuditCheckpoints(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IAuditCheckpoints
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<AuditHead> AppendAsync(CancellationToken cancellationToken)
    {
        // The table's trigger gives number and hash.
        await using var command = database.CreateCommand(
            """
            INSERT INTO audit_log (chain, actor, action, subject, data)
            SELECT $1, $3, 'audit.checkpoint', $1, jsonb_build_object('heads', coalesce(
                jsonb_object_agg(c.chain, jsonb_build_object('number', h.number, 'hash', encode(h.hash, 'hex'))), '{}'))
            FROM unnest($2) AS c(chain)
            CROSS JOIN LATERAL (
                SELECT l.number, l.hash FROM audit_log l WHERE l.chain = c.chain ORDER BY l.number DESC LIMIT 1) h
            RETURNING number, hash
            """);
        command.Parameters.AddWithValue(AuditChains.Checkpoints(_serviceId));
        command.Parameters.AddWithValue(AuditChains.Of(_serviceId).ToArray());
        command.Parameters.AddWithValue(INotaryGrain.Key);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new AuditHead(reader.GetInt64(0), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(1)));
    }
}

using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Network;

namespace StellarPay.Adapters.Postgres.Network;

/// <summary>Reads the follower's stored state.</summary>
internal sealed class PostgresFollowerWatermark(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IFollowerWatermark
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<LedgerClose?> GetAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT ledger, closed_at FROM follower_watermark(@service_id)");
        command.Parameters.AddWithValue("service_id", _serviceId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new LedgerClose(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1))
            : null;
    }
}

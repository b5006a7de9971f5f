using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Network.Halts;

namespace StellarPay.Adapters.Postgres.Network;

internal sealed class PostgresNetworkHalts(NpgsqlDataSource database, IOptions<PostgresOptions> options) : INetworkHalts
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<NetworkHalt?> FindAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT code, reason, halted_at FROM network_halts WHERE service_id = @service_id AND resumed_at IS NULL");
        command.Parameters.AddWithValue("service_id", _serviceId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new NetworkHalt(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2))
            : null;
    }

    public async Task<bool> HaltAsync(NetworkHalt halt, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO network_halts (service_id, code, reason, halted_at)
            VALUES (@service_id, @code, @reason, @halted_at)
            ON CONFLICT DO NOTHING
            """);
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("code", halt.Code);
        command.Parameters.AddWithValue("reason", halt.Reason);
        command.Parameters.AddWithValue("halted_at", halt.Since.ToUniversalTime());
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    public async Task<bool> ResumeAsync(string operatorId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE network_halts SET resumed_at = @resumed_at, resumed_by = @resumed_by
            WHERE service_id = @service_id AND resumed_at IS NULL
            """);
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("resumed_by", operatorId);
        command.Parameters.AddWithValue("resumed_at", at.ToUniversalTime());
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}

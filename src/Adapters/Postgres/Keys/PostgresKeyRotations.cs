using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Keys;

namespace StellarPay.Adapters.Postgres.Keys;

/// <summary>The rotation of key-encryption keys, for an operator's command that reaches the database only.</summary>
public interface IKeyRotations
{
    /// <summary>Asks the silos to begin a rotation, or to go on with the one under way.</summary>
    Task AskAsync(CancellationToken cancellationToken);

    /// <summary>How the last rotation stands, or null if there was none.</summary>
    Task<KeyRotationView?> FindAsync(CancellationToken cancellationToken);
}

internal sealed class PostgresKeyRotations(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IKeyRotations
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task AskAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT key_rotation_ask(@service_id)");
        command.Parameters.AddWithValue("service_id", _serviceId);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<KeyRotationView?> FindAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT payload FROM grain_state_read(@service_id, 'key_rotation', 'key_rotation')");
        command.Parameters.AddWithValue("service_id", _serviceId);
        if (await command.ExecuteScalarAsync(cancellationToken) is not byte[] payload)
        {
            return null;
        }

        var stored = JsonSerializer.Deserialize<Stored>(payload, JsonSerializerOptions.Web)!;
        return new KeyRotationView(
            stored.TargetKeyId, stored.Asked || (stored.StartedAt is not null && stored.FinishedAt is null), stored.StartedAt,
            stored.FinishedAt, stored.Rewrapped, stored.Failed, stored.LastError);
    }

    // What the rotation's grain stores, as far as people are told.
    private sealed record Stored(
        bool Asked, string? TargetKeyId, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, long Rewrapped, long Failed,
        string? LastError);
}

using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Keys;

namespace StellarPay.Adapters.Postgres.Keys;

/// <summary>Reads from the grains' states which keys wrap their seeds. It scans them all, which takes its time.</summary>
internal sealed class PostgresKeyInventory(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IKeyInventory
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT key_id, seeds FROM key_inventory(@service_id)");
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue("service_id", _serviceId);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            counts.Add(reader.GetString(0), reader.GetInt64(1));
        }

        return counts;
    }

    public async Task<IReadOnlyList<KeyHolder>> ReadOthersAsync(
        string keyId, KeyHolder? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT state_name, grain_key FROM key_holders(@service_id, @key_id, @after_state, @after_key, @limit)");
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("key_id", keyId);
        command.Parameters.AddWithValue("after_state", after?.StateName ?? "");
        command.Parameters.AddWithValue("after_key", after?.GrainKey ?? "");
        command.Parameters.AddWithValue("limit", limit);
        var page = new List<KeyHolder>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            page.Add(new KeyHolder(reader.GetString(0), reader.GetString(1)));
        }

        return page;
    }
}

using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Adapters.Postgres.Due;

/// <summary>Reads <c>dueAt</c> of every stored state, which <c>grain_state_write</c> copies beside the payload.</summary>
internal sealed class PostgresDueIndex(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IDueIndex
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<IReadOnlyList<string>> ReadNamesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT state_name FROM grain_state_due_names(@service_id, @now)");
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("now", now.ToUniversalTime());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    public async Task<IReadOnlyList<DueEntry>> ReadAsync(
        DueQuery query, DueEntry? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Partitions, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Partition);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(query.Partition, query.Partitions);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        await using var command = database.CreateCommand(
            """
            SELECT grain_key, due_at
            FROM grain_state_due(@service_id, @state_name, @now, @partition, @partitions, @due_at, @grain_key, @limit)
            """);
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("state_name", query.StateName);
        command.Parameters.AddWithValue("now", query.Now.ToUniversalTime());
        command.Parameters.AddWithValue("partition", query.Partition);
        command.Parameters.AddWithValue("partitions", query.Partitions);
        // Npgsql sends DateTime.MinValue as -infinity.
        command.Parameters.AddWithValue(
            "due_at", after?.DueAt.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc));
        command.Parameters.AddWithValue("grain_key", after?.GrainKey ?? "");
        command.Parameters.AddWithValue("limit", limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<DueEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add(new DueEntry(query.StateName, reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1)));
        }

        return due;
    }
}

using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Adapters.Postgres.Due;

/// <summary>Reads <c>dueAt</c> of every stored state, which <c>grain_state_write</c> copies beside the payload.</summary>
internal sealed class PostgresDueIndex(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IDueIndex
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<IReadOnlyList<DueEntry>> ReadAsync(
        DateTimeOffset now,
        int partition,
        int partitions,
        DueEntry? after,
        int limit,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(partition, partitions);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        await using var command = database.CreateCommand(
            """
            SELECT state_name, grain_key, due_at
            FROM grain_state_due(@service_id, @now, @partition, @partitions, @due_at, @state_name, @grain_key, @limit)
            """);
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("now", now.ToUniversalTime());
        command.Parameters.AddWithValue("partition", partition);
        command.Parameters.AddWithValue("partitions", partitions);
        // Npgsql sends DateTime.MinValue as -infinity.
        command.Parameters.AddWithValue(
            "due_at", after?.DueAt.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc));
        command.Parameters.AddWithValue("state_name", after?.StateName ?? "");
        command.Parameters.AddWithValue("grain_key", after?.GrainKey ?? "");
        command.Parameters.AddWithValue("limit", limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<DueEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add(new DueEntry(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2)));
        }

        return due;
    }
}

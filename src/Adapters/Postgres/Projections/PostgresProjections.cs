using Microsoft.Extensions.Options;
using Npgsql;

namespace StellarPay.Adapters.Postgres.Projections;

internal sealed class PostgresProjections(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IProjections
{
    private readonly string _serviceId = options.Value.ServiceId;

    // Every other reader of events waits for what is under way: a batch is over in a few tens of milliseconds.
    public int BatchSize => 100;

    public IReadOnlyList<string> Names { get; } = ["payments", "merchant_events", "journal"];

    public async Task<int> AdvanceAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT projection_advance(@service_id, @name, @limit)", name);
        command.Parameters.AddWithValue("limit", BatchSize);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task RebuildAsync(string name, CancellationToken cancellationToken)
    {
        await using (var command = Command("SELECT projection_reset(@service_id, @name)", name))
        {
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        while (await AdvanceAsync(name, cancellationToken) > 0)
        {
        }
    }

    private NpgsqlCommand Command(string sql, string name)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("name", name);
        return command;
    }
}

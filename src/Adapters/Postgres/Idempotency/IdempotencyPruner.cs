using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres.Upkeep;
using StellarPay.Grains;

namespace StellarPay.Adapters.Postgres.Idempotency;

/// <summary>Forgets idempotency keys whose time is over, a few at a time. Any number of processes may run it.</summary>
internal sealed partial class IdempotencyPruner(
    NpgsqlDataSource database,
    IOptions<PostgresOptions> options,
    TimeProvider time,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<IdempotencyPruner> logger) : UpkeepWorker(TimeSpan.FromMinutes(1), time)
{
    /// <summary>How many go in one transaction.</summary>
    public const int Batch = 1000;

    private readonly string _serviceId = options.Value.ServiceId;

    /// <summary>Forgets at most one batch, and says how many.</summary>
    public async Task<int> PruneAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT idempotency_prune(@service_id, @now, @limit)");
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("now", business.GetUtcNow());
        command.Parameters.AddWithValue("limit", Batch);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await PruneAsync(cancellationToken) == Batch)
        {
        }
    }

    protected override void Failed(Exception exception) => LogFailure(logger, exception);

    [LoggerMessage(EventId = 1060, Level = LogLevel.Warning, Message = "Old idempotency keys could not be forgotten; it is tried again.")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}

using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Upkeep;

namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>
/// Makes the days of the log and drops those that are over, and reads how endpoints stand for the gauges. Any number of front doors may
/// run it.
/// </summary>
internal sealed partial class WebhookUpkeep(
    NpgsqlDataSource database, IOptions<PostgresOptions> postgres, TimeProvider time, ILogger<WebhookUpkeep> logger)
    : UpkeepWorker(TimeSpan.FromSeconds(10), time)
{
    /// <summary>For how many days bytes and tries are kept.</summary>
    public const int DaysKept = 30;

    private const int DaysAhead = 7;

    private static readonly TimeSpan DaysAreLookedAt = TimeSpan.FromHours(1);

    private readonly TimeProvider _time = time;
    private long? _days;

    /// <summary>Sees to the days as of a day; how many partitions were dropped.</summary>
    public async Task<int> KeepDaysAsync(DateOnly today, CancellationToken cancellationToken)
    {
        await using var make = database.CreateCommand("SELECT webhook_partitions_ensure($1, $2)");
        make.Parameters.AddWithValue(today);
        make.Parameters.AddWithValue(today.AddDays(DaysAhead));
        await make.ExecuteNonQueryAsync(cancellationToken);
        await using var drop = database.CreateCommand("SELECT webhook_partitions_drop($1)");
        drop.Parameters.AddWithValue(today.AddDays(-DaysKept));
        return (int)(await drop.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>How endpoints stand.</summary>
    public async Task<WebhookStanding> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT open, failing, backlog, retries FROM webhook_standing($1)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new WebhookStanding(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        DeliveryTelemetry.Stands(await ReadAsync(cancellationToken));
        if (_days is not { } before || _time.GetElapsedTime(before) >= DaysAreLookedAt)
        {
            await KeepDaysAsync(DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime), cancellationToken);
            _days = _time.GetTimestamp();
        }
    }

    protected override void Failed(Exception exception)
    {
        DeliveryTelemetry.Stands(null);
        LogFailed(logger, exception);
    }

    [LoggerMessage(EventId = 5805, Level = LogLevel.Warning, Message = "The days of the webhooks' log could not be seen to; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

using Microsoft.Extensions.Logging;
using Npgsql;
using StellarPay.Adapters.Postgres.Upkeep;

namespace StellarPay.Adapters.Postgres.Events;

/// <summary>Cuts the partitions of events, about monthly. Any number of processes may run it.</summary>
internal sealed partial class EventPartitionWorker(DirectDatabase database, TimeProvider time, ILogger<EventPartitionWorker> logger)
    : UpkeepWorker(TimeSpan.FromMinutes(1), time)
{
    // Days away at hundreds of transactions a second: time enough to validate a month of rows beside the writers.
    private const long Ahead = 100_000_000;

    private static readonly TimeSpan Age = TimeSpan.FromDays(30);

    /// <summary>Cuts the last partition if it is old enough.</summary>
    /// <returns>The new partition's name; null where none was made.</returns>
    public async Task<string?> CutAsync(TimeSpan age, long ahead, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var prepare = new NpgsqlCommand("SELECT events_cut_prepare($1, $2)", connection);
        prepare.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = age });
        prepare.Parameters.Add(new NpgsqlParameter<long> { TypedValue = ahead });
        if (!(bool)(await prepare.ExecuteScalarAsync(cancellationToken))!)
        {
            return null;
        }

        // Each is a transaction of its own: the look at all rows must not hold the lock that the cut needs.
        await using var validate = new NpgsqlCommand("SELECT events_cut_validate()", connection) { CommandTimeout = 0 };
        await validate.ExecuteNonQueryAsync(cancellationToken);
        await using var cut = new NpgsqlCommand("SELECT events_cut()", connection);
        return await cut.ExecuteScalarAsync(cancellationToken) as string;
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await CutAsync(Age, Ahead, cancellationToken) is { } partition)
        {
            LogCut(partition);
        }
    }

    protected override void Failed(Exception exception) => LogFailed(exception);

    [LoggerMessage(3312, LogLevel.Information, "Events go to partition {Partition} from its first transaction on")]
    private partial void LogCut(string partition);

    [LoggerMessage(3313, LogLevel.Warning, "The events could not be cut into a new partition; it is tried again in a minute")]
    private partial void LogFailed(Exception exception);
}

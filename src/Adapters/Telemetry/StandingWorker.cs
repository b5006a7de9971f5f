using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Grains;

namespace StellarPay.Adapters.Telemetry;

/// <summary>Reads how things stand in the database, as often as telemetry is usually collected.</summary>
internal sealed partial class StandingWorker(
    StandingReader reader,
    TimeProvider time,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<StandingWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TolerableLag = TimeSpan.FromSeconds(30);

    // An account that moves all the time, or whose row waits for its owner, is told within minutes.
    private static readonly TimeSpan TolerableUncompared = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan TolerableWalk = TimeSpan.FromHours(36);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var standing = await reader.ReadAsync(business.GetUtcNow(), stoppingToken);
                StandingTelemetry.Stands(standing, time.GetUtcNow());
                Alarm(standing);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // The host stops; where its start failed it takes this for a failure of ours, unless we end by ourselves.
                return;
            }
            catch (Exception e)
            {
                // Whatever it is: telemetry ends no process. Beneath a start that fails the database is taken apart before we are stopped.
                StandingTelemetry.Stands(null, time.GetUtcNow());
                LogFailed(e);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Each time, as long as it lasts: nobody who looks at the log later is to take the first line for the last.
    internal void Alarm(Standing standing)
    {
        if (standing.EventsHeld > IEventFeed.TolerableDelay)
        {
            LogHeld(standing.EventsHeld.Value, standing.OldestWriter?.Who ?? "not to be seen", standing.OldestWriter?.For);
        }

        foreach (var lag in standing.Projections.Where(lag => lag.Delay > TolerableLag))
        {
            LogLag(lag.Projection, lag.Events, lag.Delay);
        }

        foreach (var one in standing.SetAside)
        {
            LogSetAside(one.Count, one.Status);
        }

        foreach (var one in standing.Books.Where(one => one.Count > 0))
        {
            LogBooks(one.Count, one.Status);
        }

        if (standing.Comparing is { } comparing)
        {
            Alarm(comparing);
        }
    }

    private void Alarm(Standing.Compared comparing)
    {
        if (comparing.Oldest > TolerableUncompared)
        {
            LogUncompared(comparing.Address, comparing.Oldest, comparing.Reason ?? "nobody has looked at it");
        }

        if (comparing.Walk > TolerableWalk)
        {
            LogWalk(comparing.Walk);
        }
    }

    [LoggerMessage(3220, LogLevel.Error, "The books of account {Address} were not held against the chain for {Age}: {Reason}.")]
    private partial void LogUncompared(string? address, TimeSpan age, string reason);

    [LoggerMessage(3221, LogLevel.Error, "To hold the books of all accounts against the chain should take a day, and takes {Age} by now.")]
    private partial void LogWalk(TimeSpan age);

    [LoggerMessage(3202, LogLevel.Error,
        "Events wait {Held} for their readers, which stand still: hub and lists. The oldest transaction that writes is {Writer}, for {For}.")]
    private partial void LogHeld(TimeSpan held, string writer, TimeSpan? @for);

    [LoggerMessage(3203, LogLevel.Error, "Projection {Projection} is {Events} events behind, the oldest {Delay} old.")]
    private partial void LogLag(string projection, long events, TimeSpan delay);

    [LoggerMessage(3204, LogLevel.Error,
        "{Count} events could not be taken into projection {Projection} and are set aside (projection_set_aside); rebuild it when it can.")]
    private partial void LogSetAside(long count, string projection);

    [LoggerMessage(1512, LogLevel.Error,
        "The books are not right: {Count} {What} ('unposted' entries of the journal, or balances from which the chain 'differs'). "
        + "./stellarpay reconcile tells which.")]
    private partial void LogBooks(long count, string what);

    [LoggerMessage(3201, LogLevel.Warning, "What telemetry tells of the database could not be read; it is tried again.")]
    private partial void LogFailed(Exception exception);
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StellarPay.Adapters.Postgres.Events;

namespace StellarPay.Adapters.Postgres.Projections;

/// <summary>
/// Keeps the read tables up with the feed. Any number of processes may run it: who comes second finds the projection
/// locked and looks again later.
/// </summary>
internal sealed partial class ProjectionWorker(
    IProjections projections, IEventFeed feed, IEventSignal signal, TimeProvider time, ILogger<ProjectionWorker> logger) : BackgroundService
{
    // How long to leave a database alone that does not answer.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    // Events are gathered for so long: read as they come, each was a statement of its own and each payment was written three times.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(projections.Names.Select(name => KeepUpAsync(name, stoppingToken)));

    private async Task KeepUpAsync(string name, CancellationToken stoppingToken)
    {
        var pace = new EventPace(signal, feed, time);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await AdvanceAsync(name, pace, stoppingToken);
            }
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; the cursor stands where the last commit left it.
        }
    }

    private async Task AdvanceAsync(string name, EventPace pace, CancellationToken stoppingToken)
    {
        try
        {
            pace.BeforeRead();
            var taken = await projections.AdvanceAsync(name, stoppingToken);
            if (taken == 0)
            {
                await pace.WaitAsync(stoppingToken);
            }

            if (taken < projections.BatchSize)
            {
                await Task.Delay(Gather, time, stoppingToken);
            }
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // Whatever it is: a failure that left here would be the host's, and end the process and all the money it moves.
            // Nothing is lost and nothing is skipped: the same events come again.
            LogFailure(logger, e, name);
            await Task.Delay(AfterFailure, time, stoppingToken);
        }
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Error, Message = "Projection {Name} could not advance; it tries again.")]
    private static partial void LogFailure(ILogger logger, Exception exception, string name);
}

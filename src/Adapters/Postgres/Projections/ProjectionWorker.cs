using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace StellarPay.Adapters.Postgres.Projections;

/// <summary>
/// Keeps the read tables up with the feed. Any number of processes may run it: who comes second finds the projection
/// locked and looks again later.
/// </summary>
internal sealed partial class ProjectionWorker(
    IProjections projections, TimeProvider time, ILogger<ProjectionWorker> logger) : BackgroundService
{
    // How old a list may be when nothing else delays it; and how long to leave a database alone that does not answer.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(projections.Names.Select(name => KeepUpAsync(name, stoppingToken)));

    private async Task KeepUpAsync(string name, CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var pause = await AdvanceAsync(name, stoppingToken);
                if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; the cursor stands where the last commit left it.
        }
    }

    private async Task<TimeSpan> AdvanceAsync(string name, CancellationToken stoppingToken)
    {
        try
        {
            return await projections.AdvanceAsync(name, stoppingToken) > 0 ? TimeSpan.Zero : Interval;
        }
        catch (NpgsqlException e)
        {
            // Nothing is lost and nothing is skipped: the same events come again.
            LogFailure(logger, e, name);
            return AfterFailure;
        }
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Error, Message = "Projection {Name} could not advance; it tries again.")]
    private static partial void LogFailure(ILogger logger, Exception exception, string name);
}

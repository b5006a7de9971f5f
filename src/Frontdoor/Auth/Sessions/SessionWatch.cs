using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Live;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>
/// Keeps up with sessions that end, wherever in the cluster: reads are refused here within seconds, and the connections of the
/// session are closed. What was ended before this front door started is loaded first.
/// </summary>
internal sealed partial class SessionWatch(
    SessionEnds ends,
    EndedSessions ended,
    LiveConnections connections,
    TimeProvider time,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<SessionWatch> logger) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // A whole load is long; one that came to too much is not tried at each look.
    private static readonly TimeSpan LoadAgain = TimeSpan.FromMinutes(1);

    private ulong _next;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Interval;
            try
            {
                wait = await LookAsync(stoppingToken) ? Interval : LoadAgain;
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // The host stops, and takes apart what is used here. A failure that left here would be the host's.
                return;
            }
            catch (Exception e)
            {
                // Soon nothing is read here without a look at the database; what was missed is read from where we were.
                LogFailed(logger, e);
            }

            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var asOf = time.GetTimestamp();
        if (!ended.AreWhole)
        {
            var (before, next) = await ends.LoadAsync(
                business.GetUtcNow() - EndedSessions.Margin, EndedSessions.Capacity, cancellationToken);
            _next = next;
            ended.Load(before, asOf);
            return ended.AreWhole;
        }

        // The next look begins at what was in flight before this one; within it each page goes on after the last event of the one before,
        // for one transaction may have written more than a page.
        var (page, oldest) = await ends.ReadAsync(new EventCursor(_next, 0), cancellationToken);
        Array.ForEach([.. page], Take);
        while (page.Count == SessionEnds.PageSize)
        {
            (page, _) = await ends.ReadAsync(page[^1].Cursor, cancellationToken);
            Array.ForEach([.. page], Take);
        }

        _next = oldest;
        ended.Caught(asOf);
        return true;
    }

    private void Take(FeedEvent end)
    {
        if (SecurityJson.SessionOf(end) is not { } session)
        {
            return;
        }

        ended.Add(session, SecurityJson.AccessEndsAt(end) ?? end.OccurredAt + EndedSessions.Kept);
        var listening = connections.Of(end.Owner ?? "").Where(connection => connection.Session == session).ToArray();
        if (listening.Length > 0)
        {
            // Told by whoever is first, this or the tail of events: after the first the connection takes nothing more.
            var told = new LiveUpdate(LiveUpdate.Security, SecurityJson.Of(end), LiveUpdate.AlwaysNew, session);
            Array.ForEach(listening, connection => connection.Offer(told));
        }
    }

    [LoggerMessage(EventId = 5404, Level = LogLevel.Warning, Message = "The ends of sessions could not be read.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

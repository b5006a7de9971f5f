using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres.Events;

namespace StellarPay.Frontdoor.Live;

/// <summary>
/// Reads the feed of events while anyone listens here, and hands each to its owner's connections and to who follows all. Every front door
/// reads for itself, so any number of them need nothing between them.
/// </summary>
internal sealed partial class EventTail(
    IEventFeed feed, IEventSignal signal, LiveConnections connections, IOptions<LiveOptions> options, TimeProvider time,
    ILogger<EventTail> logger)
    : IAsyncDisposable
{
    private const int PageSize = 500;
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private EventCursor _cursor;
    private Task? _reading;

    // Changed behind the gate, read anywhere.
    private ImmutableArray<IEventFollower> _followers = [];

    /// <summary>Has a follower told of everything that is committed from now on.</summary>
    public async ValueTask FollowAsync(IEventFollower follower, CancellationToken cancellationToken)
    {
        if (_followers.Contains(follower))
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_followers.Contains(follower))
            {
                return;
            }

            if (_reading is null)
            {
                _cursor = await feed.ReadEndAsync(cancellationToken);
            }

            follower.Forget();
            _followers = _followers.Add(follower);
            _reading ??= Task.Run(ReadAsync, CancellationToken.None);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Has a connection get everything that is committed from now on. What was committed before is in the state that
    /// it reads next. False if its user has as many connections as one may have.
    /// </summary>
    public async Task<bool> SubscribeAsync(LiveConnection connection, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_reading is null)
            {
                _cursor = await feed.ReadEndAsync(cancellationToken);
            }

            if (!connections.TryAdd(connection, options.Value.ConnectionsPerUser))
            {
                return false;
            }

            _reading ??= Task.Run(ReadAsync, CancellationToken.None);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Unsubscribe(LiveConnection connection) => connections.Remove(connection);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_reading is { } reading)
        {
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stopping.Dispose();
        _gate.Dispose();
    }

    private async Task ReadAsync()
    {
        var pace = new EventPace(signal, feed, time);
        var backOff = FirstBackOff;
        while (!await StoppedAsync())
        {
            try
            {
                pace.BeforeRead();
                if (!await ReadPageAsync())
                {
                    await pace.WaitAsync(_stopping.Token);
                }

                backOff = FirstBackOff;
            }
            catch (Exception e) when (!_stopping.IsCancellationRequested)
            {
                // The cursor has not moved: what could not be read now is read then.
                LogFailed(logger, e, backOff);
                await Task.Delay(backOff, time, _stopping.Token);
                backOff = backOff * 2 < MaxBackOff ? backOff * 2 : MaxBackOff;
            }
        }
    }

    private async Task<bool> ReadPageAsync()
    {
        var page = await feed.ReadAsync(_cursor, PageSize, _stopping.Token);
        foreach (var happened in page)
        {
            if (happened.Owner is { } owner && connections.Of(owner) is { IsEmpty: false } listeners)
            {
                Deliver(happened, listeners);
            }

            foreach (var follower in _followers)
            {
                follower.Take(happened);
            }

            _cursor = happened.Cursor;
        }

        return page.Count == PageSize;
    }

    private void Deliver(FeedEvent happened, IEnumerable<LiveConnection> listeners)
    {
        IReadOnlyList<LiveUpdate> updates;
        try
        {
            updates = LiveUpdate.Of(happened);
        }
        catch (Exception e)
        {
            // Whatever is wrong with one event, read again it is wrong again: it keeps none after it from anyone.
            LogUnreadable(logger, e, happened.EventId);
            LiveTelemetry.Unreadable();
            return;
        }

        foreach (var update in updates)
        {
            foreach (var listener in listeners)
            {
                listener.Offer(update);
            }
        }
    }

    private async Task<bool> StoppedAsync()
    {
        _stopping.Token.ThrowIfCancellationRequested();
        if (!connections.IsEmpty || _followers.Any(follower => !follower.IsIdle))
        {
            return false;
        }

        await _gate.WaitAsync(_stopping.Token);
        try
        {
            // Looked at again behind the gate: whoever subscribes there sees whether there is a reader.
            if (!connections.IsEmpty || _followers.Any(follower => !follower.IsIdle))
            {
                return false;
            }

            foreach (var follower in _followers)
            {
                follower.Forget();
            }

            _followers = [];
            _reading = null;
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    [LoggerMessage(EventId = 5401, Level = LogLevel.Warning, Message = "The feed of events could not be read; again in {Wait}.")]
    private static partial void LogFailed(ILogger logger, Exception exception, TimeSpan wait);

    [LoggerMessage(EventId = 5402, Level = LogLevel.Error, Message = "The event {EventId} cannot be read; it is passed over.")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string eventId);
}

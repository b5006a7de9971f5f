using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Webhooks.Delivery;

namespace StellarPay.Frontdoor.MerchantEvents.Streams;

/// <summary>
/// Whose events have become more, read once for all streams of this front door: what happens to others costs a stream nothing.
/// </summary>
internal sealed partial class EventStreamNews(LeaseStore news, IEventSignal signal, TimeProvider time, ILogger<EventStreamNews> logger)
    : BackgroundService
{
    private const int MostWaiting = 20_000;

    // Numbers are given a moment after it is told that something happened somewhere.
    private static readonly TimeSpan AfterSignal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Anyway = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private EventCursor _place = EventCursor.Start;

    /// <summary>Ends once a merchant has events that he did not have when this was asked for.</summary>
    public Task NextOf(string merchant)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(merchant, out var next))
            {
                MakeRoom();
                _waiting[merchant] = next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return next.Task;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var told = signal.Next;
            try
            {
                await ReadAsync(stoppingToken);
                await WaitAsync(told, stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                LogFailed(logger, e);
                await Task.Delay(Anyway, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Streams that went leave theirs until their merchant has news. Beyond so many all are woken: those that are left ask again.
    private void MakeRoom()
    {
        if (_waiting.Count < MostWaiting)
        {
            return;
        }

        foreach (var next in _waiting.Values)
        {
            next.SetResult();
        }

        _waiting.Clear();
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        bool more;
        do
        {
            (var merchants, _place, more) = await news.ReadNewsAsync(_place, stop);
            lock (_lock)
            {
                foreach (var merchant in merchants)
                {
                    if (_waiting.Remove(merchant, out var next))
                    {
                        next.SetResult();
                    }
                }
            }
        }
        while (more);
    }

    private async Task WaitAsync(Task told, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(told, Task.Delay(Anyway, time, over.Token));
        await over.CancelAsync();
        await Task.Delay(AfterSignal, time, stop);
    }

    [LoggerMessage(EventId = 1560, Level = LogLevel.Warning, Message = "It could not be read which merchants have new events for their streams; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

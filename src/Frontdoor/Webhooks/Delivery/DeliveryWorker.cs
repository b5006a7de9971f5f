using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Merchants;
using StellarPay.Frontdoor.Webhooks.Endpoints;
using EventId = StellarPay.Grains.Identifiers.EventId;

namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>
/// Serves the endpoints of merchants who have something new, and those that are due. Any number of front doors may run it: an endpoint is
/// one's at a time, for as long as the database says. Each is served by itself, so that one that is slow delays no other; of those that
/// failed last or were slow no more than half are served at once.
/// </summary>
internal sealed partial class DeliveryWorker(
    LeaseStore leases,
    DeliveryStore store,
    ResultStore results,
    WebhookSender sender,
    WebhookSecret secrets,
    MerchantMode mode,
    IEventSignal signal,
    IOptions<WebhookOptions> options,
    TimeProvider time,
    ILogger<DeliveryWorker> logger) : BackgroundService
{
    private const string Gone = "gone";
    private const string Failing = "failing";

    // The numbers are given a moment after the events are told of.
    private static readonly TimeSpan WhileBusy = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StaysBusy = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Anyway = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);

    // What was sent is written where it comes back soon; else it is sent again by whoever is next.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, Task> _served = new(StringComparer.Ordinal);
    private readonly HashSet<string> _suspects = new(StringComparer.Ordinal);
    private EventCursor _place = EventCursor.Start;
    private long? _swept;
    private long? _busySince;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var abandon = new CancellationTokenSource();
        while (!stoppingToken.IsCancellationRequested)
        {
            var told = signal.Next;
            try
            {
                await LookAsync(stoppingToken, abandon.Token);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // Whatever it is: a failure that left here would be the host's, and end the process.
                LogFailed(logger, e);
            }

            await WaitAsync(told, stoppingToken);
        }

        abandon.CancelAfter(Grace);
        await Task.WhenAll(_served.Values);
    }

    private async Task LookAsync(CancellationToken stop, CancellationToken abandon)
    {
        foreach (var (endpoint, _) in _served.Where(one => one.Value.IsCompleted).ToArray())
        {
            _served.Remove(endpoint);
            _suspects.Remove(endpoint);
        }

        var changed = new HashSet<string>(StringComparer.Ordinal);
        bool more;
        do
        {
            (var merchants, _place, more) = await leases.ReadNewsAsync(_place, stop);
            changed.UnionWith(merchants);
        }
        while (more);

        // Now and then all of them: whose turn was missed, and who came back.
        var sweeps = _swept is not { } before || time.GetElapsedTime(before) >= Anyway;
        if (!sweeps && changed.Count == 0)
        {
            return;
        }

        var most = options.Value.EndpointsAtOnce;
        if (most - _served.Count is > 0 and var free)
        {
            var taken = await leases.TakeAsync(sweeps ? null : changed, free, Math.Max(0, (most / 2) - _suspects.Count), stop);
            foreach (var lease in taken)
            {
                if (lease.IsSuspect)
                {
                    _suspects.Add(lease.Endpoint);
                }

                _served[lease.Endpoint] = ServeAsync(lease, stop, abandon);
            }

            // Where all places were filled there may be others who wait for theirs.
            _swept = !sweeps || taken.Count == free ? _swept : time.GetTimestamp();
            _busySince = taken.Count + changed.Count > 0 ? time.GetTimestamp() : _busySince;
        }
    }

    private async Task WaitAsync(Task told, CancellationToken stop)
    {
        var isBusy = _busySince is { } since && time.GetElapsedTime(since) < StaysBusy;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var look = Task.Delay(isBusy ? WhileBusy : Anyway, time, over.Token);
        if (await Task.WhenAny(isBusy ? look : told, look) == told)
        {
            _busySince = time.GetTimestamp();
        }

        await over.CancelAsync();
    }

    private async Task ServeAsync(EndpointLease lease, CancellationToken stop, CancellationToken abandon)
    {
        await Task.Yield();
        var pause = TimeSpan.Zero;
        try
        {
            if (await OpenAsync(lease, stop) is not { } open)
            {
                // The merchant was erased, and nothing of his is sent any more.
                await leases.CloseAsync(lease, "merchant", EventId.New(time).Value, mode.IsLive, stop);
                return;
            }

            var serving = new EndpointServing(lease, open, store, results, sender, options.Value, time);
            switch (await serving.RunAsync(stop, abandon))
            {
                case EndpointState.Lost:
                    return;
                case EndpointState.Gone:
                    await CloseAsync(lease, Gone);
                    return;
                case EndpointState.Failing:
                    await CloseAsync(lease, Failing);
                    return;
            }
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Written by whoever is next.
        }
        catch (Exception e)
        {
            LogNotServed(logger, e, lease.Endpoint);
            pause = AfterFailure;
        }

        await ReleaseAsync(lease, pause);
    }

    private async Task<IReadOnlyList<byte[]>?> OpenAsync(EndpointLease lease, CancellationToken cancellationToken)
    {
        var open = new List<byte[]>();
        foreach (var one in lease.SealedSecrets)
        {
            if (await secrets.OpenAsync(lease.Merchant, lease.Endpoint, one, cancellationToken) is not { } secret)
            {
                return null;
            }

            open.Add(secret);
        }

        return open;
    }

    private async Task CloseAsync(EndpointLease lease, string reason)
    {
        await leases.CloseAsync(lease, reason, EventId.New(time).Value, mode.IsLive, CancellationToken.None);
        LogClosed(logger, lease.Endpoint, reason);
    }

    // Also while we stop: others would wait until its time is over.
    private async Task ReleaseAsync(EndpointLease lease, TimeSpan pause)
    {
        try
        {
            await leases.ReleaseAsync(lease, pause, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogNotReleased(logger, e, lease.Endpoint);
        }
    }

    [LoggerMessage(EventId = 5801, Level = LogLevel.Warning, Message = "It could not be read which webhook endpoints are to be served; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 5802, Level = LogLevel.Error, Message = "Webhook endpoint {Endpoint} could not be served; it is tried again in ten seconds.")]
    private static partial void LogNotServed(ILogger logger, Exception exception, string endpoint);

    [LoggerMessage(EventId = 5803, Level = LogLevel.Warning, Message = "Webhook endpoint {Endpoint} could not be given back; its time ends by itself.")]
    private static partial void LogNotReleased(ILogger logger, Exception exception, string endpoint);

    [LoggerMessage(EventId = 5804, Level = LogLevel.Information, Message = "Webhook endpoint {Endpoint} was disabled: {Reason}.")]
    private static partial void LogClosed(ILogger logger, string endpoint, string reason);
}

using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Merchants.Keys;

namespace StellarPay.Frontdoor.Merchants.Origins;

/// <summary>
/// Keeps up with what changes of merchants' keys, wherever in the cluster: within seconds a key that was revoked reads nothing here, and a
/// page whose origin was taken from it is let in no more. What was there before is loaded first.
/// </summary>
internal sealed partial class MerchantWatch(
    MerchantChanges changes, OriginStore store, MerchantOrigins origins, ApiKeyCache keys, TimeProvider time,
    ILogger<MerchantWatch> logger) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // What is read first is taken in first: else a slow reader puts back what was so before.
    private readonly SemaphoreSlim _reading = new(1, 1);
    private ulong _next;
    private bool _loaded;

    /// <summary>Something of a merchant's has changed: what is remembered of him is read anew.</summary>
    public async Task TakeAsync(string merchant, CancellationToken cancellationToken)
    {
        keys.Forget(merchant);
        await _reading.WaitAsync(cancellationToken);
        try
        {
            origins.Set(merchant, await store.OfAsync(merchant, cancellationToken));
        }
        finally
        {
            _reading.Release();
        }
    }

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // The host stops, and takes apart what is used here.
                return;
            }
            catch (Exception e)
            {
                // Keys are remembered for five seconds anyway; what was missed is read from where we were.
                LogFailed(logger, e);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!_loaded)
        {
            await _reading.WaitAsync(cancellationToken);
            try
            {
                await LoadAsync(cancellationToken);
            }
            finally
            {
                _reading.Release();
            }

            return;
        }

        // The next look begins at what was in flight before this one; within it each page goes on after the last of the one before.
        var (page, oldest) = await changes.ReadAsync(new EventCursor(_next, 0), cancellationToken);
        await TakeAsync(page, cancellationToken);
        while (page.Count == MerchantChanges.PageSize)
        {
            (page, _) = await changes.ReadAsync(page[^1].Cursor, cancellationToken);
            await TakeAsync(page, cancellationToken);
        }

        _next = oldest;
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var next = await changes.NowAsync(cancellationToken);
        var all = new List<ListedOrigin>();
        var after = "";
        while (after is not null)
        {
            (var listed, after) = await store.ReadAsync(after, cancellationToken);
            all.AddRange(listed);
        }

        foreach (var merchant in all.GroupBy(one => one.Merchant, StringComparer.Ordinal))
        {
            origins.Set(merchant.Key, [.. merchant]);
        }

        (_next, _loaded) = (next, true);
    }

    private async Task TakeAsync(IReadOnlyList<FeedEvent> page, CancellationToken cancellationToken)
    {
        foreach (var merchant in page.Select(change => change.Subject).Distinct(StringComparer.Ordinal))
        {
            await TakeAsync(merchant, cancellationToken);
        }
    }

    [LoggerMessage(EventId = 5703, Level = LogLevel.Warning, Message = "Changes of merchants' keys could not be read.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

using System.Collections.Concurrent;
using StellarPay.Grains.RateLimits;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>The cluster's counts, which count as grains do, unless a test says otherwise.</summary>
internal sealed class FakeRateLimits
{
    private readonly ConcurrentDictionary<string, FakeRateLimit> _counts = new(StringComparer.Ordinal);

    /// <summary>What each ask fails with.</summary>
    public Exception? Fails { get; set; }

    /// <summary>Whether nothing is answered, ever.</summary>
    public bool Hangs { get; set; }

    /// <summary>Runs between what is granted and its answer.</summary>
    public Action Answering { get; set; } = () => { };

    /// <summary>The clock by which windows move.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>The keys that were asked for.</summary>
    public ICollection<string> Keys => _counts.Keys;

    public FakeRateLimit Of(string key) => _counts.GetOrAdd(key, _ => new FakeRateLimit(this));
}

/// <summary>One key's count.</summary>
internal sealed class FakeRateLimit(FakeRateLimits all)
{
    private readonly Lock _gate = new();
    private SlidingWindow? _window;

    public int Asks { get; private set; }

    public async ValueTask<RateLimitLease> TakeAsync(RateLimitAsk ask)
    {
        // As a call to another process: never answered before it is awaited.
        await Task.Yield();
        if (all.Hangs)
        {
            await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
        }

        if (all.Fails is { } failure)
        {
            throw failure;
        }

        lock (_gate)
        {
            Asks++;
            _window ??= new SlidingWindow(ask.Window, all.Clock);
            _window.GiveBack(ask.UnusedPart, ask.Unused);
            var lease = _window.Take(ask.Limit, ask.Needed, ask.Spare);
            all.Answering();
            return lease;
        }
    }
}

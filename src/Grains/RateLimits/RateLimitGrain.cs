using Orleans.Placement;
using StellarPay.Grains.Failures;

namespace StellarPay.Grains.RateLimits;

/// <summary>The count of one key. It ends two minutes after it was asked last, or when its window is over.</summary>
[PreferLocalPlacement, CollectionAgeLimit(Minutes = 2)]
internal sealed class RateLimitGrain(TimeProvider time) : Grain, IRateLimitGrain
{
    private const string Prefix = "rl_";
    private const int LongestKey = 100;

    private static readonly TimeSpan Collected = TimeSpan.FromMinutes(2);

    private SlidingWindow? _window;
    private TimeSpan _length;

    public ValueTask<RateLimitLease> TakeAsync(RateLimitAsk ask)
    {
        Check(ask);
        if (_window is null || _length != ask.Window)
        {
            (_window, _length) = (new SlidingWindow(ask.Window, time), ask.Window);
        }

        _window.GiveBack(ask.UnusedPart, ask.Unused);
        var lease = _window.Take(ask.Limit, ask.Needed, ask.Spare);
        if (ask.Window > Collected / 2)
        {
            DelayDeactivation(_window.EmptyIn);
        }

        return ValueTask.FromResult(lease);
    }

    private void Check(RateLimitAsk ask)
    {
        var key = this.GetPrimaryKeyString();
        var sound = key.Length is > 3 and <= LongestKey && key.StartsWith(Prefix, StringComparison.Ordinal)
            && ask is { Limit: > 0 and <= RateLimitAsk.MostPermits, Needed: > 0 and <= RateLimitAsk.MostPermits }
            && ask is { Spare: >= 0 and <= RateLimitAsk.MostPermits, Unused: >= 0 and <= RateLimitAsk.MostPermits }
            && ask.Window >= TimeSpan.FromSeconds(1) && ask.Window <= TimeSpan.FromDays(1);
        if (sound)
        {
            return;
        }

        // Whoever makes up keys keeps no activation by it.
        DeactivateOnIdle();
        throw new GrainFailedException("This is no ask of a rate limit.");
    }
}

using System.Collections.Concurrent;
using System.Globalization;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>
/// Counts for all front doors of the cluster: what each key may, the grain of that key says. No key waits for another's.
/// </summary>
internal sealed class RateLimitTable(RateLimitGrains grains, TimeProvider time)
{
    /// <summary>The most keys that a front door keeps apart.</summary>
    public const int MostKeys = 100_000;

    private const int SharedPlaces = 1024;

    private readonly ConcurrentDictionary<(string Limit, string Key), DoorCount> _counts = [];
    private int _size;

    /// <summary>How many keys there are.</summary>
    public int Size => Volatile.Read(ref _size);

    /// <summary>Null if there is room for one more; else how long until there is.</summary>
    public async ValueTask<TimeSpan?> TakeAsync(RateLimit limit, string key)
    {
        var began = time.GetTimestamp();
        var wait = await CountOf(limit, key).TakeAsync();
        RateLimitTelemetry.Checked(limit.Name, time.GetElapsedTime(began), refused: wait is not null);
        return wait;
    }

    /// <summary>
    /// The same by two limits, of which the first is for many of the second's keys. Who is known to be refused by the second uses up
    /// nothing of the first.
    /// </summary>
    public async ValueTask<TimeSpan?> TakeAsync(RateLimit wide, string wideKey, RateLimit narrow, string narrowKey)
    {
        if (_counts.TryGetValue((narrow.Name, narrowKey), out var known) && known.RefusedFor is { } wait)
        {
            RateLimitTelemetry.Checked(narrow.Name, TimeSpan.Zero, refused: true);
            return wait;
        }

        return await TakeAsync(wide, wideKey) ?? await TakeAsync(narrow, narrowKey);
    }

    /// <summary>Forgets the keys that nothing counts for any more.</summary>
    public void Sweep()
    {
        foreach (var (key, count) in _counts)
        {
            if (count.IsIdle && _counts.TryRemove(key, out _))
            {
                Interlocked.Decrement(ref _size);
            }
        }
    }

    private DoorCount CountOf(RateLimit limit, string key)
    {
        if (_counts.TryGetValue((limit.Name, key), out var count))
        {
            return count;
        }

        // Whoever makes up more keys than there are people shares what is left with others who are new.
        var kept = Size < MostKeys ? key : $"shared{(uint)key.GetHashCode(StringComparison.Ordinal) % SharedPlaces}";
        count = new DoorCount(string.Create(CultureInfo.InvariantCulture, $"rl_{limit.Name}_{kept}"), limit, grains, time);
        var there = _counts.GetOrAdd((limit.Name, kept), count);
        if (ReferenceEquals(there, count))
        {
            Interlocked.Increment(ref _size);
        }

        return there;
    }
}

using System.Collections.Concurrent;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>The keys of one limit at this front door: so many, and what is new beyond them shares places.</summary>
internal sealed class LimitKeys(RateLimit limit, RateLimitGrains grains, TimeProvider time)
{
    private const int SharedPlaces = 1024;

    private readonly ConcurrentDictionary<string, DoorCount> _counts = new(StringComparer.Ordinal);
    private int _size;

    /// <summary>How many there are.</summary>
    public int Size => Volatile.Read(ref _size);

    /// <summary>Whether there is room for one that is new.</summary>
    public bool HasRoom => Size < RateLimitTable.MostKeys;

    /// <summary>A key's count, where there is one.</summary>
    public DoorCount? Find(string key) => _counts.GetValueOrDefault(key);

    /// <summary>A key's count; null where it is new and there is no room.</summary>
    public DoorCount? GetIfRoom(string key) =>
        _counts.TryGetValue(key, out var count) ? count : HasRoom ? Add(key) : null;

    /// <summary>A key's count; a shared one where it is new and there is no room.</summary>
    public DoorCount Get(string key)
    {
        if (GetIfRoom(key) is { } count)
        {
            return count;
        }

        // Whoever makes up more keys than there are people shares what is left with others who are new.
        var shared = $"shared{(uint)key.GetHashCode(StringComparison.Ordinal) % SharedPlaces}";
        return _counts.TryGetValue(shared, out count) ? count : Add(shared);
    }

    /// <summary>Forgets those that nothing counts for any more.</summary>
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

    private DoorCount Add(string key)
    {
        var count = new DoorCount($"rl_{limit.Name}_{key}", limit, grains, time);
        var there = _counts.GetOrAdd(key, count);
        if (ReferenceEquals(there, count))
        {
            Interlocked.Increment(ref _size);
        }

        return there;
    }
}

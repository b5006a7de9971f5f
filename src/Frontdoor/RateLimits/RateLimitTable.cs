using System.Collections.Concurrent;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>A limit, and whose it is.</summary>
internal readonly record struct LimitedKey(RateLimit Limit, string Key);

/// <summary>
/// Counts for all front doors of the cluster: what each key may, the grain of that key says. No key waits for another's, and no limit's
/// keys take the room of another's.
/// </summary>
internal sealed class RateLimitTable(RateLimitGrains grains, TimeProvider time)
{
    /// <summary>The most keys of one limit that a front door keeps apart.</summary>
    public const int MostKeys = 100_000;

    private readonly ConcurrentDictionary<string, LimitKeys> _limits = new(StringComparer.Ordinal);

    /// <summary>How many keys there are.</summary>
    public int Size => _limits.Values.Sum(keys => keys.Size);

    /// <summary>How many keys a limit has.</summary>
    public int SizeOf(string limit) => _limits.TryGetValue(limit, out var keys) ? keys.Size : 0;

    /// <summary>Null if there is room for one more; else how long until there is.</summary>
    public ValueTask<TimeSpan?> TakeAsync(RateLimit limit, string key) => TakeAsync(limit, KeysOf(limit).Get(key));

    /// <summary>
    /// The same, of keys that anybody can make up and that something wider counts already: where there is no room for one who is new, that
    /// alone counts him, and he shares nothing with whoever made them up.
    /// </summary>
    public ValueTask<TimeSpan?> TakeIfRoomAsync(RateLimit limit, string key) =>
        KeysOf(limit).GetIfRoom(key) is { } count ? TakeAsync(limit, count) : default;

    /// <summary>
    /// The same by several limits, the widest first, each for many of the next one's keys. Who is known to be refused by a narrower one
    /// uses up nothing of a wider one. Where a narrow limit has no room for one who is new he is counted by the wider ones alone: whoever
    /// makes up networks gains nothing that those do not let through, and a new network is not counted together with his.
    /// </summary>
    public async ValueTask<TimeSpan?> TakeAsync(params LimitedKey[] levels)
    {
        foreach (var (limit, key) in levels)
        {
            if (KeysOf(limit).Find(key)?.RefusedFor is { } wait)
            {
                RateLimitTelemetry.Checked(limit.Name, TimeSpan.Zero, refused: true);
                return wait;
            }
        }

        for (var level = 0; level < levels.Length; level++)
        {
            var (limit, key) = levels[level];
            var count = level == 0 ? KeysOf(limit).Get(key) : KeysOf(limit).GetIfRoom(key);
            if (count is not null && await TakeAsync(limit, count) is { } wait)
            {
                return wait;
            }
        }

        return null;
    }

    /// <summary>Forgets the keys that nothing counts for any more.</summary>
    public void Sweep()
    {
        foreach (var keys in _limits.Values)
        {
            keys.Sweep();
        }
    }

    private async ValueTask<TimeSpan?> TakeAsync(RateLimit limit, DoorCount count)
    {
        var began = time.GetTimestamp();
        var wait = await count.TakeAsync();
        RateLimitTelemetry.Checked(limit.Name, time.GetElapsedTime(began), refused: wait is not null);
        return wait;
    }

    private LimitKeys KeysOf(RateLimit limit) =>
        _limits.TryGetValue(limit.Name, out var keys) ? keys : _limits.GetOrAdd(limit.Name, _ => new LimitKeys(limit, grains, time));
}

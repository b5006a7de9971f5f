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

    // Keys whose first request is being counted: the others of that key wait for it.
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _entering = new(StringComparer.Ordinal);

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
    /// The same by several limits, the widest first, each for many of the next one's keys. Whoever is new is counted by the widest first:
    /// who makes up networks makes no more keys than that lets through, and of one network one is let in at a time. Whoever is not is
    /// counted by his own first: however many of his come at once, what that refuses uses up nothing of his neighbours'. Where a narrow
    /// limit has no room for one who is new he is counted by the wider ones alone.
    /// </summary>
    public async ValueTask<TimeSpan?> TakeAsync(params LimitedKey[] levels)
    {
        var (limit, key) = levels[^1];
        var entry = $"{limit.Name}\n{key}";
        while (true)
        {
            foreach (var (each, of) in levels)
            {
                if (KeysOf(each).Find(of)?.RefusedFor is { } wait)
                {
                    RateLimitTelemetry.Checked(each.Name, TimeSpan.Zero, refused: true);
                    return wait;
                }
            }

            var narrowest = KeysOf(limit);
            if (narrowest.Find(key) is not null)
            {
                return await TakeInOrderAsync(levels, narrowestFirst: true);
            }

            if (!narrowest.HasRoom)
            {
                return await TakeInOrderAsync(levels, narrowestFirst: false);
            }

            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var first = _entering.GetOrAdd(entry, mine);
            if (first != mine)
            {
                await first.Task;
                continue;
            }

            try
            {
                // Somebody of that key may have come in between the look above and here: then it is not new any more.
                return await TakeInOrderAsync(levels, narrowestFirst: narrowest.Find(key) is not null);
            }
            finally
            {
                _entering.TryRemove(entry, out _);
                mine.SetResult();
            }
        }
    }

    private async ValueTask<TimeSpan?> TakeInOrderAsync(LimitedKey[] levels, bool narrowestFirst)
    {
        for (var at = 0; at < levels.Length; at++)
        {
            var level = narrowestFirst ? levels.Length - 1 - at : at;
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

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>
/// Counts for any number of strangers in two tables whose size does not depend on how many there are: they share places, and one
/// is refused only if both of his places are used up.
/// </summary>
/// <param name="each">How long one takes up.</param>
/// <param name="burst">How long may be taken up at once.</param>
/// <param name="time">The clock.</param>
internal sealed class PlaceTable(TimeSpan each, TimeSpan burst, TimeProvider time)
{
    private const int Places = 1 << 16;

    // For each place the moment up to which it is used up.
    private readonly long[][] _used = [new long[Places], new long[Places]];
    private readonly long _each = Math.Max(1, Ticks(each, time));
    private readonly long _burst = Ticks(burst, time);

    /// <summary>Null if there is room for one more; else how long until there is.</summary>
    public TimeSpan? Take(ulong who)
    {
        var now = time.GetTimestamp();
        var wait = long.MaxValue;
        for (var table = 0; table < _used.Length; table++)
        {
            // Seeded at random in each process, so that nobody finds out with whom he shares a place.
            var place = (int)((uint)HashCode.Combine(who, table) % Places);
            wait = Math.Min(wait, Take(ref _used[table][place], now));
        }

        return wait <= 0 ? null : TimeSpan.FromSeconds((double)wait / time.TimestampFrequency);
    }

    private static long Ticks(TimeSpan span, TimeProvider time) => (long)(span.TotalSeconds * time.TimestampFrequency);

    // How long until there is room; nothing or less where it was taken.
    private long Take(ref long used, long now)
    {
        while (true)
        {
            var before = Volatile.Read(ref used);
            var after = Math.Max(before, now) + _each;
            if (after - now > _burst)
            {
                return after - now - _burst;
            }

            if (Interlocked.CompareExchange(ref used, after, before) == before)
            {
                return 0;
            }
        }
    }
}

namespace StellarPay.Grains.RateLimits;

/// <summary>
/// What of one limit was used in the window that ends now. The window has twelve parts; what was granted in a part counts until the
/// last of it is older than the window: never shorter than it must, and a part longer at most. What was granted to spare may be used
/// until its part ends, and counts from there.
/// </summary>
/// <param name="window">How long the window is.</param>
/// <param name="time">The clock.</param>
public sealed class SlidingWindow(TimeSpan window, TimeProvider time)
{
    /// <summary>Parts of a window.</summary>
    public const int Parts = 12;

    private const int SharesOfTheRest = 8;
    private const int SharesOfTheLimit = 100;

    // For a request that waits for the answer; it counts when it was granted.
    private static readonly TimeSpan Answered = TimeSpan.FromMilliseconds(250);

    private readonly long _part = Math.Max(1, (long)(window.TotalSeconds * time.TimestampFrequency / Parts));

    private readonly long _window = (long)Math.Ceiling(window.TotalSeconds * time.TimestampFrequency);

    // Oldest first, at most fourteen. From when on each counts: the last moment when it may have been used.
    private readonly List<(long Part, int Count, long From)> _used = new(2);

    /// <summary>What counts now.</summary>
    public long Used
    {
        get
        {
            Forget(time.GetTimestamp());
            return Sum();
        }
    }

    /// <summary>How long until nothing counts any more; zero where nothing does.</summary>
    public TimeSpan EmptyIn
    {
        get
        {
            var now = time.GetTimestamp();
            Forget(now);
            return _used.Count == 0 ? TimeSpan.Zero : Until(_used[^1].From, now);
        }
    }

    /// <summary>
    /// Takes what is needed while there is room, and to spare an eighth of the rest and a hundredth of the limit at most: of a small limit
    /// none, whose window so is what it says to the moment.
    /// </summary>
    public RateLimitLease Take(int limit, int needed, int spare = 0)
    {
        var now = time.GetTimestamp();
        Forget(now);
        var part = now / _part;
        var room = Math.Max(0, limit - Sum());
        var granted = (int)Math.Min(needed, room);
        var toSpare = (int)Math.Min(spare, Math.Min((room - granted) / SharesOfTheRest, limit / SharesOfTheLimit));
        var end = (part + 1) * _part;
        Count(part, granted + toSpare, toSpare > 0 ? end : now);
        return new RateLimitLease(
            granted + toSpare, part, toSpare > 0 ? Span(end - now) : Answered, granted < needed ? RetryAfter(limit, now) : TimeSpan.Zero);
    }

    /// <summary>Counts what was used in any case.</summary>
    public void Note()
    {
        var now = time.GetTimestamp();
        Forget(now);
        Count(now / _part, 1, now);
    }

    /// <summary>Counts no more what was granted in a part and not used.</summary>
    public void GiveBack(long part, int count)
    {
        var at = _used.FindIndex(one => one.Part == part);
        if (at >= 0)
        {
            _used[at] = _used[at] with { Count = Math.Max(0, _used[at].Count - count) };
        }
    }

    private void Count(long part, int count, long from)
    {
        if (count == 0)
        {
            return;
        }

        if (_used.Count > 0 && _used[^1].Part == part)
        {
            _used[^1] = (part, _used[^1].Count + count, Math.Max(_used[^1].From, from));
            return;
        }

        _used.Add((part, count, from));
    }

    private void Forget(long now)
    {
        var gone = 0;
        while (gone < _used.Count && (now - _used[gone].From >= _window || _used[gone].Count == 0))
        {
            gone++;
        }

        _used.RemoveRange(0, gone);
    }

    private long Sum()
    {
        var sum = 0L;
        foreach (var (_, count, _) in _used)
        {
            sum += count;
        }

        return sum;
    }

    // When enough of the oldest parts are gone; a limit that was lowered meanwhile may have to see several go.
    private TimeSpan RetryAfter(int limit, long now)
    {
        var left = Sum();
        foreach (var (_, count, from) in _used)
        {
            left -= count;
            if (left < limit)
            {
                return Until(from, now);
            }
        }

        return TimeSpan.Zero;
    }

    private TimeSpan Until(long from, long now) => Span(from + _window - now);

    private TimeSpan Span(long ticks) =>
        TimeSpan.FromTicks((long)Math.Ceiling((double)ticks * TimeSpan.TicksPerSecond / time.TimestampFrequency));
}

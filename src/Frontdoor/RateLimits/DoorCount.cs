using StellarPay.Grains.RateLimits;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>
/// One key of a limit at this front door. It holds permits that the cluster's count has leased, which count there already, and so
/// decides most requests by itself. Where it was refused it refuses until there is room; where nobody answers it counts alone.
/// </summary>
internal sealed class DoorCount(string grainKey, RateLimit limit, RateLimitGrains grains, TimeProvider time)
{
    private const int MostSpare = 64;

    private readonly Lock _gate = new();

    // What was let through here, by whomever it was counted: to go on from when this front door is alone.
    private readonly SlidingWindow _own = new(limit.Window, time);

    private int _permits;
    private long _part;
    private long _usableUntil;
    private int _taken;
    private int _spare;
    private long _refusedUntil = long.MinValue;
    private long _aloneUntil = long.MinValue;
    private int _waiting;
    private Task? _ask;

    /// <summary>Whether nothing would be lost with it.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _waiting == 0 && time.GetTimestamp() >= _refusedUntil && _own.Used == 0;
            }
        }
    }

    /// <summary>How long it is known that there is no room; null where that is not known.</summary>
    public TimeSpan? RefusedFor
    {
        get
        {
            lock (_gate)
            {
                var now = time.GetTimestamp();
                return _permits == 0 && now < _refusedUntil ? time.GetElapsedTime(now, _refusedUntil) : null;
            }
        }
    }

    /// <summary>Null if there is room for one more; else how long until there is.</summary>
    public ValueTask<TimeSpan?> TakeAsync()
    {
        lock (_gate)
        {
            if (TryDecide(out var wait))
            {
                return new ValueTask<TimeSpan?>(wait);
            }

            _waiting++;
        }

        return WaitAsync();
    }

    private async ValueTask<TimeSpan?> WaitAsync()
    {
        var began = time.GetTimestamp();
        try
        {
            while (true)
            {
                Task ask;
                lock (_gate)
                {
                    if (TryDecide(out var wait))
                    {
                        return wait;
                    }

                    if (time.GetElapsedTime(began) > grains.AnswerWithin)
                    {
                        return TakeAlone();
                    }

                    // One ask at a time, for all who wait.
                    ask = _ask is { IsCompleted: false } running ? running : _ask = AskAsync();
                }

                await ask;
            }
        }
        finally
        {
            lock (_gate)
            {
                _waiting--;
            }
        }
    }

    // Whether nobody need be asked.
    private bool TryDecide(out TimeSpan? wait)
    {
        wait = null;
        var now = time.GetTimestamp();
        if (_permits > 0 && now < _usableUntil)
        {
            _permits--;
            _taken++;
            _own.Note();
            return true;
        }

        if (now < _refusedUntil)
        {
            wait = time.GetElapsedTime(now, _refusedUntil);
            return true;
        }

        if (now < _aloneUntil || grains.AreAway)
        {
            wait = TakeAlone();
            return true;
        }

        return false;
    }

    private TimeSpan? TakeAlone() => _own.Take(limit.Most, needed: 1) is { Granted: 0, RetryAfter: var wait } ? wait : null;

    private async Task AskAsync()
    {
        var asked = time.GetTimestamp();
        // What the last lease was good for: all of it was used before its end, or not.
        _spare = Math.Min(MostSpare, _permits == 0 && _taken > 0 ? (2 * _spare) + 1 : Math.Max(0, _taken - 1));
        var ask = new RateLimitAsk(limit.Most, limit.Window, Math.Max(1, _waiting), _spare, _permits, _part);
        (_permits, _taken) = (0, 0);
        var lease = await grains.AskAsync(grainKey, ask);
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (lease is null)
            {
                _aloneUntil = now + Ticks(RateLimitGrains.AloneFor);
                return;
            }

            (_permits, _part, _usableUntil) = (lease.Granted, lease.Part, asked + Ticks(lease.UsableFor));
            if (lease.Granted < ask.Needed)
            {
                _refusedUntil = now + Ticks(lease.RetryAfter);
            }
        }
    }

    private long Ticks(TimeSpan span) => (long)Math.Ceiling(span.TotalSeconds * time.TimestampFrequency);
}

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

    // Those for requests that waited for them, and those to spare, which lapse earlier.
    private int _permits;
    private long _permittedUntil;
    private int _toSpare;
    private long _usableUntil;
    private long _part;
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
                return _permits + _toSpare == 0 && now < _refusedUntil ? time.GetElapsedTime(now, _refusedUntil) : null;
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
        if (_permits > 0 && now < _permittedUntil)
        {
            _permits--;
            _taken++;
            _own.Note();
            return true;
        }

        if (_toSpare > 0 && now < _usableUntil)
        {
            _toSpare--;
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
        var unused = _permits + _toSpare;
        _spare = Math.Min(MostSpare, unused == 0 && _taken > 0 ? (2 * _spare) + 1 : Math.Max(0, _taken - 1));
        var ask = new RateLimitAsk(limit.Most, limit.Window, Math.Max(1, _waiting), _spare, unused, _part);
        (_permits, _toSpare, _taken) = (0, 0, 0);
        var lease = await grains.AskAsync(grainKey, ask);
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (lease is null)
            {
                _aloneUntil = now + Ticks(RateLimitGrains.AloneFor);
                return;
            }

            // Who waited for it may have it however long the answer took, as long as he still waits: where all is granted, what lapses
            // before he is awake is refused to everybody.
            (_permits, _permittedUntil) = (Math.Min(lease.Granted, ask.Needed), now + Ticks(grains.AnswerWithin));
            (_toSpare, _usableUntil, _part) = (lease.Granted - _permits, asked + Ticks(lease.UsableFor), lease.Part);
            if (lease.Granted < ask.Needed)
            {
                _refusedUntil = now + Ticks(lease.RetryAfter);
            }
        }
    }

    private long Ticks(TimeSpan span) => (long)Math.Ceiling(span.TotalSeconds * time.TimestampFrequency);
}

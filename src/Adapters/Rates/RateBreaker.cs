namespace StellarPay.Adapters.Rates;

/// <summary>How a source's breaker stands; the numbers are those of its metric.</summary>
internal enum RateBreakerState
{
    /// <summary>It is asked.</summary>
    Closed = 0,

    /// <summary>One question is under way to find out whether it is back.</summary>
    HalfOpen = 1,

    /// <summary>It is not asked.</summary>
    Open = 2,
}

/// <summary>
/// Leaves a source alone that did not answer several times in a row, so that nobody waits for it: for half a minute first, and twice as
/// long each time that it fails again. Whoever sees to it opens it, when the source fails at what it could do before.
/// </summary>
internal sealed class RateBreaker(TimeProvider time)
{
    private const int Failures = 5;
    private const int MostDoublings = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private RateBreakerState _state;
    private int _failures;
    private int _openings;
    private long _openedAt;

    public RateBreakerState State
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    /// <summary>Whether it failed so often in a row that it should be left alone.</summary>
    public bool IsSuspect
    {
        get
        {
            lock (_lock)
            {
                return _state == RateBreakerState.Closed && _failures >= Failures;
            }
        }
    }

    /// <summary>Leave to ask now, of whose end it is told; null where it may not be asked.</summary>
    public Lease? TryEnter()
    {
        lock (_lock)
        {
            var pause = FirstPause * (1 << Math.Clamp(_openings - 1, 0, MostDoublings));
            if (_state == RateBreakerState.Open && time.GetElapsedTime(_openedAt) >= pause)
            {
                _state = RateBreakerState.HalfOpen;
                return new Lease(this, isTrial: true);
            }

            return _state == RateBreakerState.Closed ? new Lease(this, isTrial: false) : null;
        }
    }

    /// <summary>It is left alone from now on. Whether that is new.</summary>
    public bool Open()
    {
        lock (_lock)
        {
            if (_state != RateBreakerState.Closed)
            {
                return false;
            }

            Reopen();
            return true;
        }
    }

    private bool Answered()
    {
        lock (_lock)
        {
            var wasOpen = _state != RateBreakerState.Closed;
            (_state, _failures, _openings) = (RateBreakerState.Closed, 0, 0);
            return wasOpen;
        }
    }

    private void Failed(bool onTrial)
    {
        lock (_lock)
        {
            _failures++;
            if (onTrial && _state == RateBreakerState.HalfOpen)
            {
                Reopen();
            }
        }
    }

    private void Reopen()
    {
        (_state, _openedAt) = (RateBreakerState.Open, time.GetTimestamp());
        _openings++;
    }

    /// <summary>Leave to ask. Who gives it back and told no end has failed: nothing is on trial for ever.</summary>
    internal sealed class Lease(RateBreaker breaker, bool isTrial) : IDisposable
    {
        private bool _told;

        public bool IsTrial => isTrial;

        /// <summary>It answered. Whether it is only now that it is asked again.</summary>
        public bool Answered()
        {
            _told = true;
            return breaker.Answered();
        }

        /// <summary>It did not answer.</summary>
        public void Failed()
        {
            breaker.Failed(isTrial && !_told);
            _told = true;
        }

        public void Dispose()
        {
            if (!_told)
            {
                Failed();
            }
        }
    }
}

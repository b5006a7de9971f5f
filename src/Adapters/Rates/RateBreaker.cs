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
/// Leaves a source alone that failed several times in a row, so that nobody waits for it: for half a minute first, and twice as long each
/// time that it fails again.
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

    /// <summary>Whether it may be asked now. Whoever is told so says how it went.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            var pause = FirstPause * (1 << Math.Clamp(_openings - 1, 0, MostDoublings));
            if (_state == RateBreakerState.Open && time.GetElapsedTime(_openedAt) >= pause)
            {
                _state = RateBreakerState.HalfOpen;
                return true;
            }

            return _state == RateBreakerState.Closed;
        }
    }

    /// <summary>It told a rate. Whether it is only now that it is asked again.</summary>
    public bool Succeeded()
    {
        lock (_lock)
        {
            var wasOpen = _state != RateBreakerState.Closed;
            (_state, _failures, _openings) = (RateBreakerState.Closed, 0, 0);
            return wasOpen;
        }
    }

    /// <summary>It told none. Whether it is only now that it is not asked any more.</summary>
    public bool Failed()
    {
        lock (_lock)
        {
            _failures++;
            if (_state == RateBreakerState.Open || (_state == RateBreakerState.Closed && _failures < Failures))
            {
                return false;
            }

            var isNew = _state == RateBreakerState.Closed;
            (_state, _openedAt) = (RateBreakerState.Open, time.GetTimestamp());
            _openings++;
            return isNew;
        }
    }

    /// <summary>Whoever asked went away before there was an answer: it says nothing of the source.</summary>
    public void Abandoned()
    {
        lock (_lock)
        {
            _state = _state == RateBreakerState.HalfOpen ? RateBreakerState.Open : _state;
        }
    }
}

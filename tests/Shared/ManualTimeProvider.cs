namespace StellarPay.Tests;

/// <summary>
/// A clock that moves only when a test says so. Timers fire inside <see cref="Advance"/>, in the order in which they
/// are due. Link this file into the test project that needs it.
/// </summary>
internal sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private static readonly TimeSpan RealDeadline = TimeSpan.FromSeconds(30);
    private readonly Lock _state = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(TimeSpan Within, TaskCompletionSource Reached)> _waiters = [];
    private DateTimeOffset _now = start;

    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_state)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires what is due on the way, each timer at its own time.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = GetUtcNow() + by;
        while (TakeNextDue(end) is { } timer)
        {
            timer.Fire();
        }
        lock (_state)
        {
            _now = end;
        }
    }

    /// <summary>
    /// Completes when a timer is set that is due within the given time, so that a test can wait for the code
    /// under test to begin its pause before it advances the clock over it.
    /// </summary>
    public Task WaitForTimerAsync(TimeSpan within)
    {
        lock (_state)
        {
            if (_timers.Any(timer => timer.DueAt - _now <= within))
            {
                return Task.CompletedTask;
            }
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((within, reached));
            return reached.Task.WaitAsync(RealDeadline);
        }
    }

    private ManualTimer? TakeNextDue(DateTimeOffset end)
    {
        lock (_state)
        {
            var next = _timers.Where(timer => timer.DueAt <= end).MinBy(timer => timer.DueAt);
            if (next is null)
            {
                return null;
            }
            _now = next.DueAt > _now ? next.DueAt : _now;
            next.Rearm(_timers, _now);
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        internal DateTimeOffset DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._state)
            {
                clock._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    return true;
                }
                DueAt = clock._now + dueTime;
                clock._timers.Add(this);
                foreach (var waiter in clock._waiters.Where(waiter => dueTime <= waiter.Within).ToArray())
                {
                    clock._waiters.Remove(waiter);
                    waiter.Reached.TrySetResult();
                }
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._state)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Fire() => callback(state);

        internal void Rearm(List<ManualTimer> timers, DateTimeOffset now)
        {
            if (_period <= TimeSpan.Zero)
            {
                timers.Remove(this);
                return;
            }
            DueAt = now + _period;
        }
    }
}

using Microsoft.Extensions.Time.Testing;

namespace StellarPay.Tests;

/// <summary>
/// A clock that moves only when a test says so, and tells when the code under test has set a timer. Where no test waits
/// for that, <see cref="FakeTimeProvider"/> itself is enough. Link this file into the test project that needs it.
/// </summary>
internal sealed class TestClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private static readonly TimeSpan RealDeadline = TimeSpan.FromSeconds(30);
    private readonly Lock _state = new();
    private readonly Dictionary<WatchedTimer, DateTimeOffset> _due = [];
    private readonly List<(TimeSpan Within, TaskCompletionSource Reached)> _waiters = [];

    public TestClock()
        : this(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this, callback, state);
        timer.Attach(base.CreateTimer(_ => timer.Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Completes when a timer is set that is due within the given time, so that a test can wait for the code
    /// under test to begin its pause before it advances the clock over it.
    /// </summary>
    public Task WaitForTimerAsync(TimeSpan within)
    {
        lock (_state)
        {
            var now = GetUtcNow();
            if (_due.Values.Any(due => due - now <= within))
            {
                return Task.CompletedTask;
            }
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((within, reached));
            return reached.Task.WaitAsync(RealDeadline);
        }
    }

    private void Note(WatchedTimer timer, TimeSpan dueTime)
    {
        lock (_state)
        {
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                _due.Remove(timer);
                return;
            }
            _due[timer] = GetUtcNow() + dueTime;
            foreach (var waiter in _waiters.Where(waiter => dueTime <= waiter.Within).ToArray())
            {
                _waiters.Remove(waiter);
                waiter.Reached.TrySetResult();
            }
        }
    }

    private sealed class WatchedTimer(TestClock clock, TimerCallback callback, object? state) : ITimer
    {
        private ITimer? _timer;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            var changed = _timer!.Change(dueTime, period);
            if (changed && dueTime != TimeSpan.Zero)
            {
                clock.Note(this, dueTime);
            }
            return changed;
        }

        public void Dispose()
        {
            clock.Note(this, Timeout.InfiniteTimeSpan);
            _timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Attach(ITimer timer) => _timer = timer;

        internal void Fire()
        {
            clock.Note(this, _period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan);
            callback(state);
        }
    }
}

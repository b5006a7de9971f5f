using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>Makes reminders tick, on one silo.</summary>
internal sealed partial class ReminderTicker(IGrainFactory grains, TimeProvider time, ILogger logger) : IDisposable
{
    // A timer takes no longer span than this; a later tick is reached in several steps.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    private readonly ConcurrentDictionary<(GrainId Grain, string Name), Ticking> _all = new();
    private bool _isDisposed;

    public bool Has((GrainId, string) key) => _all.ContainsKey(key);

    public void Set(ReminderEntry entry)
    {
        Remove(entry.GrainId, entry.ReminderName);
        if (!_isDisposed)
        {
            var ticking = new Ticking(this, entry);
            _all[(entry.GrainId, entry.ReminderName)] = ticking;
            ticking.WaitForNext();
        }
    }

    public void Remove(GrainId grain, string name)
    {
        if (_all.TryRemove((grain, name), out var ticking))
        {
            ticking.Dispose();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        foreach (var (grain, name) in _all.Keys)
        {
            Remove(grain, name);
        }
    }

    [LoggerMessage(120, LogLevel.Error, "Reminder {Name} of {GrainId} failed; its next tick comes as planned.")]
    private static partial void LogTickFailed(ILogger logger, Exception error, string name, string grainId);

    private sealed class Ticking : IDisposable
    {
        private readonly ReminderTicker _owner;
        private readonly ReminderEntry _entry;
        private readonly ITimer _timer;
        private DateTime _next;
        private bool _isDisposed;

        public Ticking(ReminderTicker owner, ReminderEntry entry)
        {
            _owner = owner;
            _entry = entry;
            _next = NextAfter(owner.Now);
            using (new FlowSuppression())
            {
                _timer = owner.TimeProvider.CreateTimer(
                    static self => ((Ticking)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        public void WaitForNext()
        {
            var wait = _next - _owner.Now;
            wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
            if (!_isDisposed)
            {
                _timer.Change(wait, Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose()
        {
            _isDisposed = true;
            _timer.Dispose();
        }

        // A start in the past means that ticks were missed; they are not made up for.
        private DateTime NextAfter(DateTime now)
        {
            if (_entry.StartAt >= now)
            {
                return _entry.StartAt;
            }

            var sinceLast = new TimeSpan((now - _entry.StartAt).Ticks % _entry.Period.Ticks);
            return now + (_entry.Period - sinceLast);
        }

        private void Fire()
        {
            if (_owner.Now < _next)
            {
                WaitForNext();
                return;
            }

            _ = TickAsync();
        }

        private async Task TickAsync()
        {
            // Timers fire on pool threads or where a test moves the clock; a tick starts with an empty context anywhere.
            CallFlow.Current = null;
            var now = _owner.Now;
            try
            {
                await _owner.Grains.GetGrain<IRemindable>(_entry.GrainId)
                    .ReceiveReminder(_entry.ReminderName, new TickStatus(_entry.StartAt, _entry.Period, now))
                    .ConfigureAwait(false);
            }
            catch (Exception error)
            {
                LogTickFailed(_owner.Logger, error, _entry.ReminderName, _entry.GrainId.ToString());
            }

            _next = NextAfter(_owner.Now + TimeSpan.FromTicks(1));
            WaitForNext();
        }
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private TimeProvider TimeProvider => time;

    private IGrainFactory Grains => grains;

    private ILogger Logger => logger;
}

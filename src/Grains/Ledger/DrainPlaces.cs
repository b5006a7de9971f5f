namespace StellarPay.Grains.Ledger;

/// <summary>
/// The places from which a silo's owners drain their inboxes. When a ledger closes, all whom it names are poked at once; without
/// these, whoever pays at that moment would wait behind every one of them at each step. Those who wait are served by turns, one of each
/// group: a shop whose thousand sessions are paid in one ledger delays itself and nobody else. Nobody is held for ever: a place that is
/// held for <see cref="Longest"/> is free again.
/// </summary>
internal sealed class DrainPlaces(TimeProvider time)
{
    /// <summary>How many drain at once: enough for each write to be shared by some.</summary>
    public const int Places = 16;

    /// <summary>The longest that a place is held.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<TaskCompletionSource<IDisposable>>> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<string> _turns = new();
    private int _free = Places;

    /// <summary>Waits for a place; it is given back when it is disposed of.</summary>
    /// <param name="group">With whom it waits in one line: whose money it is.</param>
    public Task<IDisposable> EnterAsync(string group)
    {
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return Task.FromResult<IDisposable>(new Place(this, time));
            }

            if (!_waiting.TryGetValue(group, out var line))
            {
                _waiting[group] = line = new Queue<TaskCompletionSource<IDisposable>>();
                _turns.Enqueue(group);
            }

            var turn = new TaskCompletionSource<IDisposable>(TaskCreationOptions.RunContinuationsAsynchronously);
            line.Enqueue(turn);
            return turn.Task;
        }
    }

    private void GiveBack()
    {
        TaskCompletionSource<IDisposable> next;
        lock (_lock)
        {
            if (!_turns.TryDequeue(out var group))
            {
                _free++;
                return;
            }

            var line = _waiting[group];
            next = line.Dequeue();
            if (line.Count > 0)
            {
                _turns.Enqueue(group);
            }
            else
            {
                _waiting.Remove(group);
            }
        }

        // It is free again in time also where whoever waited is gone and never hears of it.
        next.SetResult(new Place(this, time));
    }

    private sealed class Place : IDisposable
    {
        private readonly DrainPlaces _places;
        private readonly ITimer _timer;
        private int _given;

        public Place(DrainPlaces places, TimeProvider time)
        {
            _places = places;
            _timer = time.CreateTimer(place => ((Place)place!).GiveBack(), this, Longest, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            _timer.Dispose();
            GiveBack();
        }

        private void GiveBack()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                _places.GiveBack();
            }
        }
    }
}

namespace StellarPay.Grains.Ledger;

/// <summary>
/// The places from which a silo's owners drain their inboxes. When a ledger closes, all whom it names are poked at once; without
/// these, whoever pays at that moment would wait behind every one of them at each step. Nobody is held by it: who has waited for
/// <see cref="Longest"/> drains without a place, and a place that is held for so long is free again.
/// </summary>
internal sealed class DrainPlaces(TimeProvider time)
{
    /// <summary>How many drain at once: enough for each write to be shared by some.</summary>
    public const int Places = 16;

    /// <summary>The longest that a place is waited for, or held.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _free = new(Places, Places);

    /// <summary>Waits for a place; it is given back when it is disposed of.</summary>
    public async ValueTask<IDisposable?> EnterAsync()
    {
        if (!await _free.WaitAsync(TimeSpan.Zero))
        {
            using var patience = new CancellationTokenSource(Longest, time);
            try
            {
                await _free.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        return new Place(_free, time);
    }

    private sealed class Place : IDisposable
    {
        private readonly SemaphoreSlim _free;
        private readonly ITimer _timer;
        private int _given;

        public Place(SemaphoreSlim free, TimeProvider time)
        {
            _free = free;
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
                _free.Release();
            }
        }
    }
}

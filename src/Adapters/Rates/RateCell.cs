namespace StellarPay.Adapters.Rates;

/// <summary>
/// Something that is read again behind those who ask for it: what was read last is given at once, and what is under way is waited for only
/// by whoever can do nothing without it. One reads at a time, and whoever asked and went away ends no reading.
/// </summary>
internal sealed class RateCell<T>(TimeProvider time)
    where T : class
{
    private readonly Lock _lock = new();
    private Task _reading = Task.CompletedTask;
    private T? _latest;
    private long? _readAt;
    private TimeSpan _readAgainAfter;

    /// <summary>What was read last; null before the first.</summary>
    public T? Latest
    {
        get
        {
            lock (_lock)
            {
                return _latest;
            }
        }
    }

    /// <summary>What is under way; ended where nothing is.</summary>
    public Task Reading
    {
        get
        {
            lock (_lock)
            {
                return _reading;
            }
        }
    }

    /// <summary>Reads if it is time to.</summary>
    /// <param name="read">Reads, tells what it found, and says after how long it is time again. It never fails.</param>
    public void Refresh(Func<Task<TimeSpan>> read)
    {
        lock (_lock)
        {
            if (_reading.IsCompleted && (_readAt is not { } at || time.GetElapsedTime(at) >= _readAgainAfter))
            {
                // Not on the scheduler of the grain that asked: it waits for nothing of this.
                _reading = Task.Run(() => ReadAsync(read));
            }
        }
    }

    /// <summary>This was found.</summary>
    public void Tell(T found)
    {
        lock (_lock)
        {
            _latest = found;
        }
    }

    private async Task ReadAsync(Func<Task<TimeSpan>> read)
    {
        var again = await read();
        lock (_lock)
        {
            (_readAt, _readAgainAfter) = (time.GetTimestamp(), again);
        }
    }
}

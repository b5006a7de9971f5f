namespace StellarPay.Sandbox.Network;

/// <summary>
/// Closes a ledger each interval, or, where the interval is zero, as soon as a transaction waits. It can be paused, and
/// ends when it is disposed of; a tick that fails is reported and the next one tries again.
/// </summary>
internal sealed class CloseLoop(TimeSpan interval, TimeProvider time, Action close, Action<Exception> report)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _work = new(0, 1);
    private Task _running = Task.CompletedTask;
    private volatile bool _paused;

    public bool Paused => _paused;

    public void Start() => _running = Task.Run(() => interval == TimeSpan.Zero ? OnDemandAsync() : PeriodicAsync());

    public void Pause() => _paused = true;

    public void Resume()
    {
        _paused = false;
        WorkArrived();
    }

    /// <summary>Only of consequence where the interval is zero.</summary>
    public void WorkArrived()
    {
        try
        {
            _work.Release();
        }
        catch (SemaphoreFullException)
        {
            // A wake-up is pending already, and one is enough.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _work.Dispose();
    }

    private async Task PeriodicAsync()
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                CloseOnce();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
    }

    private async Task OnDemandAsync()
    {
        try
        {
            while (true)
            {
                await _work.WaitAsync(_stop.Token);
                CloseOnce();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
    }

    private void CloseOnce()
    {
        if (_paused)
        {
            return;
        }

        try
        {
            close();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            report(exception);
        }
    }
}

namespace StellarPay.Sandbox.Network;

/// <summary>Lets any number of waiters go on when a ledger has closed.</summary>
internal sealed class LedgerSignal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = New();
    private uint _latest;

    public uint Latest => Volatile.Read(ref _latest);

    public void Closed(uint sequence)
    {
        TaskCompletionSource waiters;
        lock (_lock)
        {
            Volatile.Write(ref _latest, sequence);
            waiters = _next;
            _next = New();
        }

        waiters.SetResult();
    }

    /// <summary>Completes once the latest ledger is not the given one any more.</summary>
    public Task AfterAsync(uint sequence, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return _latest != sequence ? Task.CompletedTask : _next.Task.WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

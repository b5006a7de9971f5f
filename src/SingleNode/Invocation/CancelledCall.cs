namespace StellarPay.SingleNode;

/// <summary>Carries a caller's cancellation to the callee, on the callee's own scheduler as a message would be.</summary>
internal sealed class CancelledCall(GrainCall call) : IDisposable
{
    private readonly CancellationTokenSource _callee = new();
    private CancellationTokenRegistration _caller;

    public CancellationToken Token => _callee.Token;

    public void Watch(CancellationToken callersToken) =>
        _caller = callersToken.UnsafeRegister(static state => ((CancelledCall)state!).Cancel(), this);

    public void Dispose() => _caller.Dispose();

    private void Cancel()
    {
        if (call.Target is { } target)
        {
            target.Scheduler.Run(_callee.Cancel);
        }
        else
        {
            _callee.Cancel();
        }

        call.Answer(new OperationCanceledException("The call was cancelled by its caller.", call.Cancellation));
    }
}

namespace StellarPay.SingleNode;

/// <summary>While it lasts, what is started does not inherit the execution context.</summary>
internal readonly struct FlowSuppression : IDisposable
{
    private readonly AsyncFlowControl? _control;

    public FlowSuppression() =>
        _control = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();

    public void Dispose() => _control?.Dispose();
}

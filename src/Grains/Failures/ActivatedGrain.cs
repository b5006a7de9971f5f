namespace StellarPay.Grains.Failures;

/// <summary>
/// A grain that does something when it is activated. A failure there passes no call filter: Orleans rejects the waiting calls
/// with the bare exception, which may have no codec, and the log does not say whose request it was. Here the activation is
/// told to end at once, with an exception that travels.
/// </summary>
internal abstract class ActivatedGrain : Grain
{
    public sealed override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ActivateAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            await GrainContext.RefuseCallsAsync(e, "The activation");
            throw;
        }
    }

    /// <summary>What there is to do before the first call.</summary>
    protected abstract Task ActivateAsync(CancellationToken cancellationToken);
}

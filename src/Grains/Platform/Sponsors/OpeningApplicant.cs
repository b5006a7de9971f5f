using StellarPay.Grains.Results;

namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>
/// An account that waits to be opened, as long as its sponsor's activation lives. Its wallet's calls wait here for the
/// next step; a wallet that has stopped calling is gone. For the sponsor's own scheduler only.
/// </summary>
internal sealed class OpeningApplicant(OpeningRequest request)
{
    private TaskCompletionSource<Result<OpeningStep>> _next = New();

    public OpeningRequest Request { get; set; } = request;

    public string Address => Request.Address;

    /// <summary>How many calls of the wallet wait.</summary>
    public int Calls { get; private set; }

    /// <summary>The step that was told and not yet taken: to sign.</summary>
    public OpeningStep? Asked { get; private set; }

    /// <summary>The account's signature of what it was asked to sign.</summary>
    public byte[]? Signature { get; private set; }

    /// <summary>Asks for a signature; an earlier one counts no more.</summary>
    public void Ask(OpeningStep step)
    {
        (Asked, Signature) = (step, null);
        Tell(step);
    }

    public void TakeSignature(byte[] signature) => (Asked, Signature) = (null, signature);

    /// <summary>Puts the account back among those that wait.</summary>
    public void Reset() => (Asked, Signature) = (null, null);

    /// <summary>Answers the calls that wait.</summary>
    public void Tell(Result<OpeningStep> answer)
    {
        var told = _next;
        _next = New();
        told.TrySetResult(answer);
    }

    /// <summary>The next answer, or "wait" when it takes too long.</summary>
    public async Task<Result<OpeningStep>> WaitAsync(
        TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        Calls++;
        try
        {
            return await _next.Task.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new OpeningStep(OpeningMove.Wait);
        }
        finally
        {
            Calls--;
        }
    }

    private static TaskCompletionSource<Result<OpeningStep>> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;

namespace StellarPay.Grains.Storage;

/// <summary>
/// Lets one turn of an activation pass at a time, in the order in which they came: whatever decides and writes goes through
/// it, calls of others and work of the grain's own. Unlike a call to oneself it also works in an activation that is about to
/// end, which is given no calls any more and does not end before those that it has are through.
/// </summary>
internal sealed class TurnGate
{
    private readonly SemaphoreSlim _free = new(1, 1);

    /// <summary>Waits until it is one's turn. The turn ends when what this gives is disposed of.</summary>
    public async ValueTask<Turn> EnterAsync(CancellationToken cancellationToken = default)
    {
        await _free.WaitAsync(cancellationToken);
        return new Turn(_free);
    }

    /// <summary>Whether a call waits for no turn: it decides nothing, or takes turns itself.</summary>
    public static bool Interleaves(IInvokable request) =>
        request is IRequest { Options: var options } && options.HasFlag(InvokeMethodOptions.AlwaysInterleave);

    /// <summary>One turn.</summary>
    internal readonly struct Turn(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}

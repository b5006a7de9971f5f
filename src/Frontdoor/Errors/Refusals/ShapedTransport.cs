using System.IO.Pipelines;

namespace StellarPay.Frontdoor.Errors.Refusals;

/// <summary>A connection's two ends, the outgoing one by way of a <see cref="RefusalWriter"/>.</summary>
internal sealed class ShapedTransport(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;
}

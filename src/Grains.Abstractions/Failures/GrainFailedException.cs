namespace StellarPay.Grains.Failures;

/// <summary>
/// What a caller in another process hears of a failure that is a mistake of ours and does not pass. The cause stays in the
/// log of the silo where it happened.
/// </summary>
[GenerateSerializer, Alias("sp.GrainFailedException")]
public sealed class GrainFailedException : Exception
{
    /// <summary>Says so, and where the cause is to be read.</summary>
    /// <param name="message">A sentence without anything that was sent, stored or received.</param>
    public GrainFailedException(string message)
        : base(message)
    {
    }
}

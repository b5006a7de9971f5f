namespace StellarPay.Grains.Failures;

/// <summary>
/// What a caller in another process hears of a failure that passes: the same call may succeed in a moment. The cause stays
/// in the log of the silo where it happened. It is an <see cref="OrleansException"/>, as a lost silo is.
/// </summary>
[GenerateSerializer, Alias("sp.TryAgainException")]
public sealed class TryAgainException : OrleansException
{
    /// <summary>Says so, and where the cause is to be read.</summary>
    /// <param name="message">A sentence without anything that was sent, stored or received.</param>
    public TryAgainException(string message)
        : base(message)
    {
    }
}

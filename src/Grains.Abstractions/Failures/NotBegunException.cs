namespace StellarPay.Grains.Failures;

/// <summary>
/// A call that was refused before anything of it began: whoever repeats it later cannot do it twice. After a
/// <see cref="TryAgainException"/> it is not known what came of the call.
/// </summary>
[GenerateSerializer, Alias("sp.NotBegunException")]
public sealed class NotBegunException : OrleansException
{
    /// <summary>Says so.</summary>
    /// <param name="message">A sentence without anything that was sent, stored or received.</param>
    public NotBegunException(string message)
        : base(message)
    {
    }
}

using StellarPay.Grains.Failures;

namespace StellarPay.Grains.Network;

/// <summary>The network gave no answer, or none that tells anything. Nothing is known to have changed.</summary>
public sealed class NetworkUnavailableException : Exception, IPassingFailure
{
    /// <summary>Says that the network gave no answer.</summary>
    public NetworkUnavailableException()
        : base("The network gave no answer.")
    {
    }

    /// <summary>Says what was asked and what came instead of an answer.</summary>
    public NetworkUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was asked and what came instead of an answer.</summary>
    public NetworkUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// For how long users' questions wait, because what the network still allows is kept for payments; null where that is not why.
    /// </summary>
    public TimeSpan? BusyFor { get; init; }
}

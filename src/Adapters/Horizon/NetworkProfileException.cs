namespace StellarPay.Adapters.Horizon;

/// <summary>The network that the settings name could not be settled; the message says why.</summary>
public sealed class NetworkProfileException(string message, Exception? innerException = null)
    : Exception(message, innerException);

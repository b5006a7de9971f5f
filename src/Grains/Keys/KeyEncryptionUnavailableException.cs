using StellarPay.Grains.Failures;

namespace StellarPay.Grains.Keys;

/// <summary>The keeper of the key-encryption key cannot be used now; the same call may succeed later.</summary>
public sealed class KeyEncryptionUnavailableException : Exception, IPassingFailure
{
    /// <summary>Says that the keeper gave no answer.</summary>
    public KeyEncryptionUnavailableException()
        : base("The keeper of the keys gave no answer.")
    {
    }

    /// <summary>Says what came instead of an answer.</summary>
    public KeyEncryptionUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says what came instead of an answer.</summary>
    public KeyEncryptionUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

using StellarPay.Grains.Failures;

namespace StellarPay.Adapters.KeyVault;

/// <summary>Key Vault did not do what was asked. The message holds nothing of what was sent or received.</summary>
/// <param name="message">What was asked and what came instead.</param>
/// <param name="status">The answer's HTTP status; 0 where there was no answer.</param>
/// <param name="innerException">The cause, where there is one.</param>
internal sealed class KeyVaultException(string message, int status = 0, Exception? innerException = null)
    : Exception(message, innerException), IPassingFailure
{
    public int Status => status;

    public bool Passes => status is 0 or 408 or 429 or >= 500;
}

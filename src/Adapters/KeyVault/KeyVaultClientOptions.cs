using Azure.Core;

namespace StellarPay.Adapters.KeyVault;

/// <summary>How the vault is talked to. A grain's call ends after 30 seconds, so all tries together end before.</summary>
internal sealed class KeyVaultClientOptions : ClientOptions
{
    public KeyVaultClientOptions()
    {
        Retry.Mode = RetryMode.Exponential;
        Retry.MaxRetries = 4;
        Retry.Delay = TimeSpan.FromMilliseconds(200);
        Retry.MaxDelay = TimeSpan.FromSeconds(3);
        Retry.NetworkTimeout = TimeSpan.FromSeconds(5);
        Diagnostics.ApplicationId = "stellarpay";
        // Bodies hold data keys.
        Diagnostics.IsLoggingContentEnabled = false;
    }

    /// <summary>The time that one operation has, all its tries and pauses included.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(20);
}

namespace StellarPay.Adapters.KeyVault;

/// <summary>The key that AZURE_KEY_VAULT_KEY names cannot be used; the message says why.</summary>
public sealed class KeyVaultStartException(string message, Exception? innerException = null)
    : Exception(message, innerException);

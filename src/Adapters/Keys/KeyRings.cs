using StellarPay.Adapters.Settings;

namespace StellarPay.Adapters.Keys;

/// <summary>The local key ring, as an operator's command reaches it.</summary>
public static class KeyRings
{
    internal const string FileName = "key-ring.json";

    /// <summary>Adds a key to the ring's file; it wraps from now on.</summary>
    /// <returns>The new key's id.</returns>
    /// <exception cref="InvalidOperationException">The settings name no ring file, or it cannot be read.</exception>
    public static string Add(StellarPaySettings settings)
    {
        if (settings.UsesAzureKeyVault)
        {
            throw new InvalidOperationException(
                "The key is in Azure Key Vault: rotate it there; its new version wraps within five minutes.");
        }

        if (settings.WalletEncryptionKey.Length > 0)
        {
            throw new InvalidOperationException(
                "The key is in WALLET_ENCRYPTION_KEY: put a new one (openssl rand -hex 32) before it, separated by a comma.");
        }

        return LocalKeyRingFile.Add(Path.Combine(settings.StateFolder, FileName));
    }
}

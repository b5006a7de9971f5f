namespace StellarPay.Adapters.Settings;

/// <summary>Who may keep the key that encrypts data keys.</summary>
public static class KeyProviders
{
    /// <summary>This machine: a key from the environment or from a key ring file.</summary>
    public const string Local = "local";

    /// <summary>Azure Key Vault: the key never leaves it.</summary>
    public const string AzureKeyVault = "azure-key-vault";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Local, AzureKeyVault];
}

namespace StellarPay.Adapters.KeyVault;

/// <summary>A version of a key, as the vault tells it.</summary>
internal sealed record KeyVaultKey(KeyVaultKeyId Id, string Type, IReadOnlyList<string> Operations, bool Enabled)
{
    /// <summary>What keeps the key from wrapping; null where nothing does.</summary>
    public string? Unfit => this switch
    {
        { Enabled: false } => "it is disabled",
        { Type: not ("RSA" or "RSA-HSM") } => $"it is of type {Type}, not RSA",
        _ when !Operations.Contains("wrapKey") || !Operations.Contains("unwrapKey") =>
            "its permitted operations lack wrapKey or unwrapKey",
        _ => null,
    };
}

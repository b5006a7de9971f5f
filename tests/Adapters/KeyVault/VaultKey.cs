using System.Security.Cryptography;

namespace StellarPay.Adapters.Tests.KeyVault;

/// <summary>A version of the test vault's key.</summary>
internal sealed class VaultKey(string version, RSA rsa)
{
    public string Version => version;

    public RSA Rsa => rsa;

    public bool Enabled { get; set; } = true;

    public string Type { get; set; } = "RSA";

    public string[] Operations { get; set; } = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"];
}

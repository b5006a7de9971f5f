using System.Security.Cryptography;
using System.Text;
using StellarPay.Frontdoor.Tests.Telemetry;

namespace StellarPay.Frontdoor.Tests.Secrets;

/// <summary>The whole system, logging and telling all it can, with key-encryption keys that the test knows and replaces.</summary>
public sealed class SecretsHost : TelemetryHost
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly List<byte[]> _keys = [RandomNumberGenerator.GetBytes(32)];

    /// <summary>The key-encryption keys, newest first.</summary>
    internal IReadOnlyList<byte[]> KeyEncryptionKeys => _keys;

    protected override Dictionary<string, string?> Settings => new(base.Settings)
    {
        ["WALLET_ENCRYPTION_KEY"] = string.Join(',', _keys.Select(Convert.ToHexStringLower)),
        ["Logging:LogLevel:Default"] = "Trace",
    };

    /// <summary>Starts anew with another key that wraps.</summary>
    internal Task AddKeyEncryptionKeyAsync()
    {
        _keys.Insert(0, RandomNumberGenerator.GetBytes(32));
        return RestartWholeAsync();
    }

    /// <summary>A data key in clear.</summary>
    internal byte[] Unwrap(string keyId, byte[] wrapped)
    {
        var key = _keys.Single(key => IdOf(key) == keyId);
        var dataKey = new byte[wrapped.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(
            wrapped.AsSpan(0, NonceBytes), wrapped.AsSpan(NonceBytes, dataKey.Length), wrapped.AsSpan(wrapped.Length - TagBytes),
            dataKey, Encoding.UTF8.GetBytes(keyId));
        return dataKey;
    }

    private static string IdOf(byte[] key) => "local-" + Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 6));
}

using System.Security.Cryptography;
using System.Text;

namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>
/// Encrypts signing keys at rest with AES-256-GCM under a key derived (HKDF-SHA256, RFC 5869) from this installation's
/// secret. The key's id and times are authenticated with it, so a row cannot be made to live longer.
/// </summary>
internal sealed class SigningKeyCipher
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    private readonly byte[] _key;

    public SigningKeyCipher(ReadOnlySpan<byte> secret)
    {
        _key = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, _key, salt: default, "stellarpay/access-token-signing-keys/v1"u8);
    }

    /// <summary>Nonce, cipher text and tag in one.</summary>
    public byte[] Seal(SigningKey key)
    {
        var plain = key.Rsa.ExportPkcs8PrivateKey();
        var sealedKey = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(sealedKey.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(
            sealedKey.AsSpan(0, NonceBytes),
            plain,
            sealedKey.AsSpan(NonceBytes, plain.Length),
            sealedKey.AsSpan(NonceBytes + plain.Length),
            Associated(key.Id, key.SignsFrom, key.SignsUntil, key.AcceptsUntil));
        CryptographicOperations.ZeroMemory(plain);
        return sealedKey;
    }

    /// <summary>The key, or null if the row was sealed under another secret or changed since.</summary>
    public SigningKey? Open(
        string id, ReadOnlySpan<byte> sealedKey, DateTimeOffset signsFrom, DateTimeOffset signsUntil, DateTimeOffset acceptsUntil)
    {
        if (sealedKey.Length <= NonceBytes + TagBytes)
        {
            return null;
        }

        var plain = new byte[sealedKey.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(_key, TagBytes);
            aes.Decrypt(
                sealedKey[..NonceBytes],
                sealedKey[NonceBytes..^TagBytes],
                sealedKey[^TagBytes..],
                plain,
                Associated(id, signsFrom, signsUntil, acceptsUntil));
            var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(plain, out _);
            return new SigningKey(id, rsa, signsFrom, signsUntil, acceptsUntil);
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static byte[] Associated(string id, params ReadOnlySpan<DateTimeOffset> times)
    {
        var text = new StringBuilder(id);
        foreach (var time in times)
        {
            text.Append('|').Append(time.ToUnixTimeSeconds());
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}

using System.Security.Cryptography;
using System.Text;
using StellarPay.Grains.Keys;

namespace StellarPay.Adapters.Keys;

/// <summary>
/// Wraps data keys on this machine: AES-256-GCM under a key of the ring, with the key's id as associated data. The bytes
/// are nonce, ciphertext and tag.
/// </summary>
internal sealed class LocalKeyEncryptionKey(LocalKeyRing ring) : IKeyEncryptionKey
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public string CurrentKeyId => ring.CurrentKeyId;

    public IReadOnlyCollection<string> KeyIds => ring.KeyIds;

    public Task<WrappedKey> WrapAsync(ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken)
    {
        var keyId = ring.CurrentKeyId;
        var bytes = new byte[NonceBytes + dataKey.Length + TagBytes];
        var nonce = bytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(ring.Find(keyId), TagBytes);
        aes.Encrypt(
            nonce, dataKey.Span, bytes.AsSpan(NonceBytes, dataKey.Length), bytes.AsSpan(bytes.Length - TagBytes),
            Encoding.UTF8.GetBytes(keyId));
        return Task.FromResult(new WrappedKey(keyId, bytes));
    }

    public Task<byte[]> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken)
    {
        if (wrapped.Bytes.Length <= NonceBytes + TagBytes)
        {
            throw new CryptographicException("The wrapped key is too short.");
        }

        var bytes = wrapped.Bytes.AsSpan();
        var dataKey = new byte[bytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(ring.Find(wrapped.KeyId), TagBytes);
        aes.Decrypt(
            bytes[..NonceBytes], bytes.Slice(NonceBytes, dataKey.Length), bytes[^TagBytes..], dataKey,
            Encoding.UTF8.GetBytes(wrapped.KeyId));
        return Task.FromResult(dataKey);
    }
}

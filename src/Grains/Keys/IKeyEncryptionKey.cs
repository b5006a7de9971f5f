namespace StellarPay.Grains.Keys;

/// <summary>The key that encrypts data keys, and nothing else. It never leaves its keeper (design.md §4).</summary>
public interface IKeyEncryptionKey
{
    /// <summary>The id of the key that wraps now; older ones still unwrap.</summary>
    string CurrentKeyId { get; }

    /// <summary>The ids of all keys that the keeper tells of.</summary>
    IReadOnlyCollection<string> KeyIds => [CurrentKeyId];

    /// <summary>Encrypts a data key under the current key. The caller's copy is the caller's to wipe.</summary>
    /// <exception cref="KeyEncryptionUnavailableException">The keeper cannot be used now; nothing was changed.</exception>
    Task<WrappedKey> WrapAsync(ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken);

    /// <summary>Decrypts a data key. The caller wipes what it gets.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The key is unknown, or the bytes are not what it wrapped.</exception>
    /// <exception cref="KeyEncryptionUnavailableException">The keeper cannot be used now; the same call may succeed later.</exception>
    Task<byte[]> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken);
}

/// <summary>An encrypted data key.</summary>
/// <param name="KeyId">The key-encryption key that wrapped it, with its version.</param>
/// <param name="Bytes">The encrypted bytes.</param>
public sealed record WrappedKey(string KeyId, byte[] Bytes);

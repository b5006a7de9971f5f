using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Telemetry;
using StellarPay.Stellar.Keys;

namespace StellarPay.Grains.Keys;

/// <summary>
/// Makes seeds, keeps them encrypted, and signs with them (design.md §4). A seed is in clear only inside
/// <see cref="CreateAsync"/> and <see cref="SignAsync"/>: on the stack for as long as it takes to move it into
/// NSec's guarded memory. Data keys are wiped after each use; the cache may keep one encrypted for a while.
/// </summary>
internal sealed class SeedCipher(IKeyEncryptionKey keyEncryptionKey, IAuditLog audit, DataKeyCache dataKeys)
{
    private const int DataKeyLength = DataKeyCache.KeyLength;
    private const int FirstVersion = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Makes a key for a grain and encrypts its seed.</summary>
    public Task<EncryptedSeed> CreateAsync(string owner, CancellationToken cancellationToken) =>
        CreateAsync(owner, FirstVersion, cancellationToken);

    /// <summary>Makes a key for a grain that has had others, and encrypts its seed.</summary>
    public async Task<EncryptedSeed> CreateAsync(string owner, int version, CancellationToken cancellationToken)
    {
        using var key = SigningKey.Generate();
        return await EncryptAsync(owner, key, cancellationToken, version);
    }

    /// <summary>Encrypts a key's seed for a grain.</summary>
    public async Task<EncryptedSeed> EncryptAsync(
        string owner, SigningKey key, CancellationToken cancellationToken, int version = FirstVersion)
    {
        // Pinned, so that the collector leaves no copy behind when it moves things.
        var dataKey = GC.AllocateUninitializedArray<byte>(DataKeyLength, pinned: true);
        try
        {
            RandomNumberGenerator.Fill(dataKey);
            var wrapped = await keyEncryptionKey.WrapAsync(dataKey, cancellationToken);
            var publicKey = key.AccountId.ToString();
            var nonce = RandomNumberGenerator.GetBytes(NonceLength);
            var ciphertext = Encrypt(key, dataKey, nonce, AssociatedData(owner, publicKey, version));
            // It will sign soon: for the account to be opened.
            dataKeys.Put(wrapped, dataKey);
            return new EncryptedSeed(publicKey, version, wrapped.KeyId, wrapped.Bytes, nonce, ciphertext);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>
    /// Signs a transaction's hash. Each unwrapping of a data key is in the audit log before it happens; a data key that
    /// the cache has is not unwrapped.
    /// </summary>
    /// <param name="owner">The key of the grain whose seed it is; a seed made for another does not decrypt.</param>
    /// <param name="seed">The seed at rest.</param>
    /// <param name="hash">The transaction's hash.</param>
    /// <param name="purpose">What is signed, for the audit log: an action and an id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The signature of 64 bytes.</returns>
    /// <exception cref="CryptographicException">The seed is not this owner's, or was tampered with.</exception>
    public Task<byte[]> SignAsync(
        string owner, EncryptedSeed seed, ReadOnlyMemory<byte> hash, string purpose, CancellationToken cancellationToken)
    {
        var wrapped = new WrappedKey(seed.KeyId, seed.WrappedKey);
        return dataKeys.UseAsync(
            wrapped,
            async stop =>
            {
                await audit.AppendAsync(new AuditEntry(owner, "key.unwrap", owner, Detail(seed, hash, purpose)), stop);
                return await keyEncryptionKey.CountedUnwrapAsync(wrapped, stop);
            },
            dataKey =>
            {
                using var key = Decrypt(seed, dataKey, AssociatedData(owner, seed.PublicKey, seed.Version));
                return key.AccountId.ToString() == seed.PublicKey
                    ? key.Sign(hash.Span)
                    : throw new CryptographicException("The decrypted seed is not that of the stored public key.");
            },
            cancellationToken);
    }

    /// <summary>
    /// Brings a seed's data key into the cache, so that signing need not wait for the keeper of keys. Nothing where nothing
    /// is cached, or the key is there.
    /// </summary>
    /// <exception cref="KeyEncryptionUnavailableException">The keeper cannot be used now.</exception>
    public async Task WarmAsync(string owner, EncryptedSeed seed, CancellationToken cancellationToken)
    {
        if (dataKeys.IsKept)
        {
            var wrapped = new WrappedKey(seed.KeyId, seed.WrappedKey);
            await dataKeys.UseAsync(
                wrapped,
                async stop =>
                {
                    await audit.AppendAsync(new AuditEntry(owner, "key.unwrap", owner, Detail(seed, default, "key.warm")), stop);
                    return await keyEncryptionKey.UnwrapAsync(wrapped, stop);
                },
                _ => true,
                cancellationToken);
        }
    }

    /// <summary>Whether another key-encryption key than the current one wraps a seed's data key.</summary>
    public bool IsWrappedByAnother(EncryptedSeed seed) => seed.KeyId != keyEncryptionKey.CurrentKeyId;

    /// <summary>The same seed, wrapped by the current key-encryption key; null where it is, or there is none.</summary>
    public async Task<EncryptedSeed?> RewrapIfNeededAsync(string owner, EncryptedSeed? seed) =>
        seed is not null && IsWrappedByAnother(seed) ? await RewrapAsync(owner, seed, CancellationToken.None) : null;

    /// <summary>
    /// The same seed under the same data key, which the current key-encryption key wraps. What comes back has been
    /// unwrapped once more and compared: a data key that cannot be unwrapped is money lost.
    /// </summary>
    /// <exception cref="CryptographicException">The data key could not be unwrapped, before or after.</exception>
    /// <exception cref="KeyEncryptionUnavailableException">The keeper cannot be used now; nothing was changed.</exception>
    public async Task<EncryptedSeed> RewrapAsync(string owner, EncryptedSeed seed, CancellationToken cancellationToken)
    {
        var old = new WrappedKey(seed.KeyId, seed.WrappedKey);
        var detail = JsonSerializer.SerializeToElement(new Dictionary<string, string>
        {
            ["key_id"] = seed.KeyId,
            ["public_key"] = seed.PublicKey,
            ["purpose"] = $"key.rewrap {keyEncryptionKey.CurrentKeyId}",
        });
        await audit.AppendAsync(new AuditEntry(owner, "key.unwrap", owner, detail), cancellationToken);
        byte[]? dataKey = null;
        byte[]? again = null;
        try
        {
            dataKey = await keyEncryptionKey.CountedUnwrapAsync(old, cancellationToken);
            var wrapped = await keyEncryptionKey.WrapAsync(dataKey, cancellationToken);
            again = await keyEncryptionKey.CountedUnwrapAsync(wrapped, cancellationToken);
            if (!CryptographicOperations.FixedTimeEquals(dataKey, again))
            {
                throw new CryptographicException("The data key that was wrapped anew does not come back.");
            }

            dataKeys.Forget(old);
            return seed with { KeyId = wrapped.KeyId, WrappedKey = wrapped.Bytes };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
            CryptographicOperations.ZeroMemory(again);
        }
    }

    /// <summary>Wipes what the cache has of a seed that will not sign again.</summary>
    public void Forget(EncryptedSeed seed) => dataKeys.Forget(new WrappedKey(seed.KeyId, seed.WrappedKey));

    private static JsonElement Detail(EncryptedSeed seed, ReadOnlyMemory<byte> hash, string purpose) =>
        JsonSerializer.SerializeToElement(new Dictionary<string, string>
        {
            ["key_id"] = seed.KeyId,
            ["public_key"] = seed.PublicKey,
            ["purpose"] = purpose,
            ["transaction_hash"] = Convert.ToHexStringLower(hash.Span),
        });

    // Each part with its length: no two triples give the same bytes.
    private static byte[] AssociatedData(string owner, string publicKey, int version)
    {
        var ownerBytes = Encoding.UTF8.GetBytes(owner);
        var keyBytes = Encoding.UTF8.GetBytes(publicKey);
        var data = new byte[12 + ownerBytes.Length + keyBytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(data, version);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), ownerBytes.Length);
        ownerBytes.CopyTo(data, 8);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(8 + ownerBytes.Length), keyBytes.Length);
        keyBytes.CopyTo(data, 12 + ownerBytes.Length);
        return data;
    }

    private static byte[] Encrypt(SigningKey key, ReadOnlySpan<byte> dataKey, byte[] nonce, byte[] associatedData)
    {
        Span<byte> seed = stackalloc byte[Ed25519.SeedLength];
        try
        {
            key.CopySeedTo(seed);
            var ciphertext = new byte[seed.Length + TagLength];
            using var aes = new AesGcm(dataKey, TagLength);
            aes.Encrypt(nonce, seed, ciphertext.AsSpan(0, seed.Length), ciphertext.AsSpan(seed.Length), associatedData);
            return ciphertext;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    private static SigningKey Decrypt(EncryptedSeed encrypted, ReadOnlySpan<byte> dataKey, byte[] associatedData)
    {
        if (encrypted.Ciphertext.Length != Ed25519.SeedLength + TagLength)
        {
            throw new CryptographicException("The encrypted seed has the wrong length.");
        }

        Span<byte> seed = stackalloc byte[Ed25519.SeedLength];
        try
        {
            using var aes = new AesGcm(dataKey, TagLength);
            aes.Decrypt(
                encrypted.Nonce, encrypted.Ciphertext.AsSpan(0, seed.Length), encrypted.Ciphertext.AsSpan(seed.Length), seed,
                associatedData);
            return SigningKey.FromSeed(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }
}

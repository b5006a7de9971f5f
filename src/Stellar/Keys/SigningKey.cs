using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NSec.Cryptography;

namespace StellarPay.Stellar.Keys;

/// <summary>
/// An Ed25519 key pair that can sign. Seed and secret key live only in NSec's guarded memory, between guard pages and
/// locked out of swap where the system allows it, and are wiped by <see cref="Dispose"/>.
/// No member prints them. Safe for use by several threads.
/// </summary>
/// <remarks>
/// Source: RFC 8032; SEP-23 for the text form of a seed; https://nsec.rocks/docs/api/nsec.cryptography.key for the memory.
/// </remarks>
public sealed class SigningKey : IDisposable
{
    private readonly Key _key;

    private SigningKey(Key key)
    {
        _key = key;
        AccountId = new AccountId(key.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <summary>The public key, as the account whose master key this is.</summary>
    public AccountId AccountId { get; }

    /// <summary>A new key from the system's random number generator.</summary>
    public static SigningKey Generate() => new(Key.Create(SignatureAlgorithm.Ed25519, Parameters()));

    /// <summary>The key of a 32-byte seed. The caller's copy is the caller's to wipe.</summary>
    /// <exception cref="ArgumentException"><paramref name="seed"/> is not 32 bytes.</exception>
    public static SigningKey FromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != Ed25519.SeedLength)
        {
            throw new ArgumentException("An Ed25519 seed is 32 bytes.", nameof(seed));
        }
        return new SigningKey(
            Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey, Parameters()));
    }

    /// <summary>The key of a seed in StrKey form ("S…", 56 characters).</summary>
    /// <exception cref="FormatException">The text is not a seed; the message does not repeat the text.</exception>
    public static SigningKey FromStrKey(ReadOnlySpan<char> secretSeed)
    {
        Span<byte> seed = stackalloc byte[Ed25519.SeedLength];
        try
        {
            if (StrKey.TryDecode(secretSeed, StrKeyKind.SecretSeed, seed, out _) != StrKeyError.None)
            {
                throw new FormatException("That is not a secret seed (56 characters that begin with S).");
            }
            return FromSeed(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>The key of a seed in StrKey form as ASCII bytes, for callers that keep it out of strings.</summary>
    /// <exception cref="FormatException">The bytes are not a seed; the message does not repeat them.</exception>
    public static SigningKey FromStrKey(ReadOnlySpan<byte> secretSeed)
    {
        Span<char> text = stackalloc char[StrKey.MaxLength];
        try
        {
            if (secretSeed.Length > text.Length)
            {
                throw new FormatException("That is not a secret seed (56 characters that begin with S).");
            }
            for (var i = 0; i < secretSeed.Length; i++)
            {
                text[i] = (char)secretSeed[i];
            }
            return FromStrKey(text[..secretSeed.Length]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(text));
        }
    }

    /// <summary>Says whether <paramref name="signature"/> is the account's master key's over the message.</summary>
    /// <param name="signer">The account whose public key is to have signed.</param>
    /// <param name="message">The signed bytes; for a transaction its 32-byte hash.</param>
    /// <param name="signature">The signature, 64 bytes; any other length is invalid.</param>
    public static bool Verify(AccountId signer, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Span<byte> publicKey = stackalloc byte[Ed25519.PublicKeyLength];
        signer.CopyTo(publicKey);
        return Ed25519.Verify(publicKey, message, signature);
    }

    /// <summary>Signs a message; Ed25519 signatures are deterministic.</summary>
    /// <returns>The 64-byte signature.</returns>
    /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[Ed25519.SignatureLength];
        Sign(message, signature);
        return signature;
    }

    /// <summary>Signs a message into a buffer of the caller's.</summary>
    /// <param name="message">The bytes to sign; for a transaction its 32-byte hash.</param>
    /// <param name="signature">Receives the signature; exactly 64 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="signature"/> is not 64 bytes.</exception>
    /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
    {
        if (signature.Length != Ed25519.SignatureLength)
        {
            throw new ArgumentException("An Ed25519 signature is 64 bytes.", nameof(signature));
        }
        SignatureAlgorithm.Ed25519.Sign(_key, message, signature);
    }

    /// <summary>
    /// Copies the seed out of guarded memory. For encryption at rest only: the caller wipes the copy at once
    /// (<see cref="CryptographicOperations.ZeroMemory"/>).
    /// </summary>
    /// <param name="destination">Receives the seed; exactly 32 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is not 32 bytes.</exception>
    /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
    public void CopySeedTo(Span<byte> destination)
    {
        if (destination.Length != Ed25519.SeedLength)
        {
            throw new ArgumentException("An Ed25519 seed is 32 bytes.", nameof(destination));
        }
        if (!_key.TryExport(KeyBlobFormat.RawPrivateKey, destination, out var length) || length != destination.Length)
        {
            // What was not copied must not be stored as if it were the seed.
            throw new InvalidOperationException("The seed could not be copied.");
        }
    }

    /// <summary>Wipes the seed and the secret key.</summary>
    public void Dispose() => _key.Dispose();

    /// <summary>The account, never the secret.</summary>
    public override string ToString() => $"SigningKey({AccountId})";

    // Without this policy NSec gives no seed out, and a seed that is not stored is money lost.
    private static KeyCreationParameters Parameters() => new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
}

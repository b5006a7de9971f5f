using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace StellarPay.Stellar.Keys;

/// <summary>
/// An Ed25519 key pair that can sign. Seed and secret key live only in libsodium's guarded memory, which is
/// unreadable except while a call on this object uses it, and are wiped by <see cref="Dispose"/>.
/// No member prints them. Safe for use by several threads, which take turns.
/// </summary>
/// <remarks>Source: RFC 8032; SEP-23 for the text form of a seed.</remarks>
public sealed unsafe class SigningKey : IDisposable
{
    // libsodium's secret key is the seed followed by the public key (crypto_sign_seed_keypair).
    private readonly GuardedMemory _secret;

    private SigningKey(GuardedMemory secret, AccountId accountId)
    {
        _secret = secret;
        AccountId = accountId;
    }

    /// <summary>The public key, as the account whose master key this is.</summary>
    public AccountId AccountId { get; }

    /// <summary>A new key from the system's random number generator.</summary>
    /// <exception cref="DllNotFoundException">
    /// libsodium is not installed; the message says how to install it.
    /// </exception>
    public static SigningKey Generate()
    {
        Span<byte> seed = stackalloc byte[Ed25519.SeedLength];
        try
        {
            fixed (byte* bytes = seed)
            {
                Sodium.randombytes_buf(bytes, Ed25519.SeedLength);
            }
            return FromSeed(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>The key of a 32-byte seed. The caller's copy is the caller's to wipe.</summary>
    /// <exception cref="ArgumentException"><paramref name="seed"/> is not 32 bytes.</exception>
    /// <exception cref="DllNotFoundException">
    /// libsodium is not installed; the message says how to install it.
    /// </exception>
    public static SigningKey FromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != Ed25519.SeedLength)
        {
            throw new ArgumentException("An Ed25519 seed is 32 bytes.", nameof(seed));
        }
        Span<byte> publicKey = stackalloc byte[Ed25519.PublicKeyLength];
        var secret = new GuardedMemory(Sodium.SecretKeyBytes);
        secret.Write(new SeedAndPublicKey(seed, publicKey), static (memory, state) =>
        {
            fixed (byte* key = memory, bytes = state.Seed, account = state.PublicKey)
            {
                _ = Sodium.crypto_sign_seed_keypair(account, key, bytes);
            }
        });
        return new SigningKey(secret, new AccountId(publicKey));
    }

    /// <summary>The key of a seed in StrKey form ("S…", 56 characters).</summary>
    /// <exception cref="FormatException">The text is not a seed; the message does not repeat the text.</exception>
    /// <exception cref="DllNotFoundException">
    /// libsodium is not installed; the message says how to install it.
    /// </exception>
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
    /// <exception cref="DllNotFoundException">
    /// libsodium is not installed; the message says how to install it.
    /// </exception>
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
        _secret.Read(new MessageAndSignature(message, signature), static (memory, state) =>
        {
            fixed (byte* key = memory, bytes = state.Message, sig = state.Signature)
            {
                _ = Sodium.crypto_sign_detached(sig, null, bytes, (ulong)state.Message.Length, key);
            }
        });
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
        _secret.Read(destination, static (memory, copy) => memory[..Ed25519.SeedLength].CopyTo(copy));
    }

    /// <summary>Wipes the seed and the secret key.</summary>
    public void Dispose() => _secret.Dispose();

    /// <summary>The account, never the secret.</summary>
    public override string ToString() => $"SigningKey({AccountId})";

    private readonly ref struct SeedAndPublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        internal ReadOnlySpan<byte> Seed { get; } = seed;

        internal Span<byte> PublicKey { get; } = publicKey;
    }

    private readonly ref struct MessageAndSignature(ReadOnlySpan<byte> message, Span<byte> signature)
    {
        internal ReadOnlySpan<byte> Message { get; } = message;

        internal Span<byte> Signature { get; } = signature;
    }
}

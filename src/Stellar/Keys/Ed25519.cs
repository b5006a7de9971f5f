namespace StellarPay.Stellar.Keys;

/// <summary>Ed25519 signature verification, by libsodium, which is what stellar-core uses.</summary>
/// <remarks>Source: RFC 8032; https://doc.libsodium.org/public-key_cryptography/public-key_signatures</remarks>
public static unsafe class Ed25519
{
    /// <summary>Length of a public key, in bytes.</summary>
    public const int PublicKeyLength = 32;

    /// <summary>Length of a seed, in bytes.</summary>
    public const int SeedLength = 32;

    /// <summary>Length of a signature, in bytes.</summary>
    public const int SignatureLength = 64;

    /// <summary>
    /// Says whether a signature is valid. A key or signature of the wrong length, a key of small order and a
    /// non-canonical signature are invalid, not errors.
    /// </summary>
    /// <param name="publicKey">The signer's public key, 32 bytes.</param>
    /// <param name="message">The signed bytes; for a transaction its 32-byte hash.</param>
    /// <param name="signature">The signature, 64 bytes.</param>
    /// <exception cref="DllNotFoundException">libsodium is not installed.</exception>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != PublicKeyLength || signature.Length != SignatureLength)
        {
            return false;
        }
        fixed (byte* key = publicKey, bytes = message, sig = signature)
        {
            return Sodium.crypto_sign_verify_detached(sig, bytes, (ulong)message.Length, key) == 0;
        }
    }
}

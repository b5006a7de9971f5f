using NSec.Cryptography;

namespace StellarPay.Stellar.Keys;

/// <summary>Ed25519 signature verification, by the same function of libsodium that stellar-core calls.</summary>
/// <remarks>Source: RFC 8032; https://nsec.rocks/docs/api/nsec.cryptography.signaturealgorithm</remarks>
public static class Ed25519
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
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        PublicKey.TryImport(SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey, out var key)
        && key is not null
        && SignatureAlgorithm.Ed25519.Verify(key, message, signature);
}

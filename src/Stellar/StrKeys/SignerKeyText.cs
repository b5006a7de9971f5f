using System.Buffers.Binary;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar;

/// <summary>Signer keys to and from StrKeys: G, T, X and P.</summary>
/// <remarks>Source: SEP-23; CAP-40 for signed payloads.</remarks>
public static class SignerKeyText
{
    private const int KeyLength = 32;

    extension(SignerKey)
    {
        /// <summary>Parses a G, T, X or P StrKey.</summary>
        /// <exception cref="FormatException">It is none of these.</exception>
        public static SignerKey Parse(ReadOnlySpan<char> text) =>
            TryParse(text, out var key)
                ? key
                : throw new FormatException("That is not a signer key: none of G…, T…, X… and P….");
    }

    /// <summary>Parses a G, T, X or P StrKey, if it is one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The key, or null.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(
        ReadOnlySpan<char> text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SignerKey? key)
    {
        Span<byte> payload = stackalloc byte[StrKey.MaxPayloadLength];
        key = StrKey.TryDecode(text, payload, out var kind, out _) != StrKeyError.None
            ? null
            : kind switch
            {
                StrKeyKind.AccountId => SignerKey.Ed25519(new AccountId(payload[..KeyLength])),
                StrKeyKind.PreAuthTransaction => SignerKey.PreAuthTx(new Hash(payload[..KeyLength])),
                StrKeyKind.HashX => SignerKey.HashX(new Hash(payload[..KeyLength])),
                StrKeyKind.SignedPayload => SignedPayload(payload),
                _ => null,
            };
        return key is not null;
    }

    /// <summary>The key's StrKey: G, T, X or P by its type.</summary>
    /// <exception cref="ArgumentException">It is a signed payload without a payload, which has no StrKey.</exception>
    public static string ToStrKey(this SignerKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> payload = stackalloc byte[StrKey.MaxPayloadLength];
        payload.Clear();
        key.Key.CopyTo(payload);
        if (key.Type != CryptoKeyType.Ed25519SignedPayload)
        {
            return StrKey.Encode(Kind(key.Type), payload[..KeyLength]);
        }
        BinaryPrimitives.WriteInt32BigEndian(payload[KeyLength..], key.Payload.Length);
        key.Payload.AsSpan().CopyTo(payload[(KeyLength + 4)..]);
        var padded = (key.Payload.Length + 3) & ~3;
        return StrKey.Encode(StrKeyKind.SignedPayload, payload[..(KeyLength + 4 + padded)]);
    }

    private static StrKeyKind Kind(CryptoKeyType type) => type switch
    {
        CryptoKeyType.Ed25519 => StrKeyKind.AccountId,
        CryptoKeyType.PreAuthTx => StrKeyKind.PreAuthTransaction,
        CryptoKeyType.HashX => StrKeyKind.HashX,
        _ => throw new ArgumentException($"A signer key is not of type {type}.", nameof(type)),
    };

    private static SignerKey SignedPayload(ReadOnlySpan<byte> payload)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(payload[KeyLength..]);
        return SignerKey.SignedPayload(
            new AccountId(payload[..KeyLength]), Bytes.Create(payload.Slice(KeyLength + 4, length)));
    }
}

using System.Buffers.Binary;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Accounts;

/// <summary>A signer's StrKey and the name of its type.</summary>
internal static class SignerNames
{
    public static string Address(SignerKey signer) => signer.Type switch
    {
        CryptoKeyType.Ed25519 => StrKey.Encode(StrKeyKind.AccountId, signer.Key.ToArray()),
        CryptoKeyType.PreAuthTx => StrKey.Encode(StrKeyKind.PreAuthTransaction, signer.Key.ToArray()),
        CryptoKeyType.HashX => StrKey.Encode(StrKeyKind.HashX, signer.Key.ToArray()),
        _ => StrKey.Encode(StrKeyKind.SignedPayload, SignedPayload(signer)),
    };

    public static string Type(SignerKey signer) => signer.Type switch
    {
        CryptoKeyType.Ed25519 => "ed25519_public_key",
        CryptoKeyType.PreAuthTx => "preauth_tx",
        CryptoKeyType.HashX => "sha256_hash",
        _ => "ed25519_signed_payload",
    };

    private static byte[] SignedPayload(SignerKey signer)
    {
        var length = signer.Payload.Length;
        var bytes = new byte[Hash.Size + sizeof(int) + ((length + 3) / 4 * 4)];
        signer.Key.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(Hash.Size), length);
        signer.Payload.AsSpan().CopyTo(bytes.AsSpan(Hash.Size + sizeof(int)));
        return bytes;
    }
}

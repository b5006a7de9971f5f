using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Accounts;

/// <summary>Horizon's names for the types of signer.</summary>
internal static class SignerNames
{
    public static string Type(SignerKey signer) => signer.Type switch
    {
        CryptoKeyType.Ed25519 => "ed25519_public_key",
        CryptoKeyType.PreAuthTx => "preauth_tx",
        CryptoKeyType.HashX => "sha256_hash",
        _ => "ed25519_signed_payload",
    };
}

namespace StellarPay.Stellar.Xdr;

/// <summary>The kinds of keys. Public keys, signer keys and muxed accounts each use some of them.</summary>
public enum CryptoKeyType
{
    /// <summary>An Ed25519 public key.</summary>
    Ed25519 = 0,

    /// <summary>The hash of a transaction that is authorised in advance.</summary>
    PreAuthTx = 1,

    /// <summary>The SHA-256 of a secret.</summary>
    HashX = 2,

    /// <summary>An Ed25519 public key and the payload that it must sign (CAP-40).</summary>
    Ed25519SignedPayload = 3,

    /// <summary>An Ed25519 public key with a virtual account's number (CAP-27).</summary>
    MuxedEd25519 = 0x100,
}

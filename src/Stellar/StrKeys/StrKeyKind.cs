namespace StellarPay.Stellar;

/// <summary>What a StrKey stands for; the value is its version byte.</summary>
/// <remarks>Source: SEP-23.</remarks>
public enum StrKeyKind : byte
{
    /// <summary>"B…": a claimable balance id; payload is one type byte (0) and 32 bytes.</summary>
    ClaimableBalance = 1 << 3,

    /// <summary>"C…": a contract id; payload 32 bytes.</summary>
    Contract = 2 << 3,

    /// <summary>"G…": an account id, which is an Ed25519 public key; payload 32 bytes.</summary>
    AccountId = 6 << 3,

    /// <summary>"L…": a liquidity pool id; payload 32 bytes.</summary>
    LiquidityPool = 11 << 3,

    /// <summary>"M…": a muxed account; payload is the 32-byte public key and a 64-bit id, big-endian.</summary>
    MuxedAccount = 12 << 3,

    /// <summary>
    /// "P…": a signed-payload signer; payload is the public key, a 32-bit length and the padded payload.
    /// </summary>
    SignedPayload = 15 << 3,

    /// <summary>"S…": an Ed25519 seed, which is secret; payload 32 bytes.</summary>
    SecretSeed = 18 << 3,

    /// <summary>"T…": a pre-authorised transaction's hash; payload 32 bytes.</summary>
    PreAuthTransaction = 19 << 3,

    /// <summary>"X…": the SHA-256 hash of a preimage; payload 32 bytes.</summary>
    HashX = 23 << 3,
}

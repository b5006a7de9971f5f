namespace StellarPay.Stellar.Xdr;

/// <summary>What is signed or hashed.</summary>
public enum EnvelopeType
{
    /// <summary>A transaction of the oldest shape.</summary>
    TxV0 = 0,

    /// <summary>A statement of the consensus protocol.</summary>
    Scp = 1,

    /// <summary>A transaction.</summary>
    Tx = 2,

    /// <summary>A node's authentication.</summary>
    Auth = 3,

    /// <summary>A value of the consensus protocol.</summary>
    ScpValue = 4,

    /// <summary>A fee bump (CAP-15).</summary>
    TxFeeBump = 5,

    /// <summary>A claimable balance's id.</summary>
    OpId = 6,

    /// <summary>The id of a claimable balance that a revoked pool trustline leaves.</summary>
    PoolRevokeOpId = 7,

    /// <summary>A contract's id.</summary>
    ContractId = 8,

    /// <summary>An authorisation for a contract.</summary>
    SorobanAuthorization = 9,
}

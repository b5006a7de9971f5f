namespace StellarPay.Stellar.Xdr;

/// <summary>What became of a create-claimable-balance operation.</summary>
public enum CreateClaimableBalanceResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>The account would fall below its reserve.</summary>
    LowReserve = -2,

    /// <summary>The source has no trustline.</summary>
    NoTrust = -3,

    /// <summary>The source is not authorised.</summary>
    NotAuthorized = -4,

    /// <summary>The source does not have enough.</summary>
    Underfunded = -5,
}

/// <summary>What became of a claim-claimable-balance operation.</summary>
public enum ClaimClaimableBalanceResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>There is no such balance.</summary>
    DoesNotExist = -1,

    /// <summary>The source is no claimant, or its predicate does not hold.</summary>
    CannotClaim = -2,

    /// <summary>The receiver would go above its limit.</summary>
    LineFull = -3,

    /// <summary>The source has no trustline.</summary>
    NoTrust = -4,

    /// <summary>The source is not authorised.</summary>
    NotAuthorized = -5,

    /// <summary>The trustline is frozen.</summary>
    TrustlineFrozen = -6,
}

/// <summary>What became of a clawback-claimable-balance operation.</summary>
public enum ClawbackClaimableBalanceResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>There is no such balance.</summary>
    DoesNotExist = -1,

    /// <summary>The source does not issue its asset.</summary>
    NotIssuer = -2,

    /// <summary>The balance does not allow it.</summary>
    NotClawbackEnabled = -3,
}

namespace StellarPay.Stellar.Xdr;

/// <summary>What became of a change-trust operation.</summary>
public enum ChangeTrustResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>The issuer does not exist.</summary>
    NoIssuer = -2,

    /// <summary>The limit is below what is held or owed.</summary>
    InvalidLimit = -3,

    /// <summary>The account would fall below its reserve.</summary>
    LowReserve = -4,

    /// <summary>An issuer cannot trust itself.</summary>
    SelfNotAllowed = -5,

    /// <summary>One of the pool's assets has no trustline.</summary>
    TrustLineMissing = -6,

    /// <summary>A pool trustline still needs it.</summary>
    CannotDelete = -7,

    /// <summary>A trustline of the pool's assets is not authorised.</summary>
    NotAuthMaintainLiabilities = -8,
}

/// <summary>What became of an allow-trust operation.</summary>
public enum AllowTrustResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>There is no such trustline.</summary>
    NoTrustLine = -2,

    /// <summary>The issuer does not require authorisation.</summary>
    TrustNotRequired = -3,

    /// <summary>The issuer's authorisations are not revocable.</summary>
    CantRevoke = -4,

    /// <summary>An issuer cannot authorise itself.</summary>
    SelfNotAllowed = -5,

    /// <summary>The account would fall below its reserve.</summary>
    LowReserve = -6,
}

/// <summary>What became of a set-trust-line-flags operation.</summary>
public enum SetTrustLineFlagsResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>There is no such trustline.</summary>
    NoTrustLine = -2,

    /// <summary>The issuer's authorisations are not revocable.</summary>
    CantRevoke = -3,

    /// <summary>The flags would contradict each other.</summary>
    InvalidState = -4,

    /// <summary>The account would fall below its reserve.</summary>
    LowReserve = -5,
}

/// <summary>What became of a clawback operation.</summary>
public enum ClawbackResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>The trustline does not allow it.</summary>
    NotClawbackEnabled = -2,

    /// <summary>The holder has no trustline.</summary>
    NoTrust = -3,

    /// <summary>The holder does not have enough.</summary>
    Underfunded = -4,
}

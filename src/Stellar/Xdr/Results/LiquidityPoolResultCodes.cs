namespace StellarPay.Stellar.Xdr;

/// <summary>What became of a liquidity-pool-deposit operation.</summary>
public enum LiquidityPoolDepositResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>A trustline is missing.</summary>
    NoTrust = -2,

    /// <summary>A trustline is not authorised.</summary>
    NotAuthorized = -3,

    /// <summary>The source does not have enough.</summary>
    Underfunded = -4,

    /// <summary>There is no room for the shares.</summary>
    LineFull = -5,

    /// <summary>The pool's price is out of bounds.</summary>
    BadPrice = -6,

    /// <summary>The pool cannot hold more.</summary>
    PoolFull = -7,

    /// <summary>The trustline is frozen.</summary>
    TrustlineFrozen = -8,
}

/// <summary>What became of a liquidity-pool-withdraw operation.</summary>
public enum LiquidityPoolWithdrawResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>There is no pool trustline.</summary>
    NoTrust = -2,

    /// <summary>The source does not have that many shares.</summary>
    Underfunded = -3,

    /// <summary>There is no room for one of the assets.</summary>
    LineFull = -4,

    /// <summary>It would bring less than wanted.</summary>
    UnderMinimum = -5,

    /// <summary>The trustline is frozen.</summary>
    TrustlineFrozen = -6,
}

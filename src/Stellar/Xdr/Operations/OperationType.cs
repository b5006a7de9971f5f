namespace StellarPay.Stellar.Xdr;

/// <summary>The kinds of operations.</summary>
public enum OperationType
{
    /// <summary>Creates an account.</summary>
    CreateAccount = 0,

    /// <summary>Pays an asset.</summary>
    Payment = 1,

    /// <summary>Pays through a path, receiving an exact amount.</summary>
    PathPaymentStrictReceive = 2,

    /// <summary>Manages an offer by the amount sold.</summary>
    ManageSellOffer = 3,

    /// <summary>Creates a passive offer.</summary>
    CreatePassiveSellOffer = 4,

    /// <summary>Changes an account's options.</summary>
    SetOptions = 5,

    /// <summary>Manages a trustline.</summary>
    ChangeTrust = 6,

    /// <summary>Authorises a trustline.</summary>
    AllowTrust = 7,

    /// <summary>Merges an account into another.</summary>
    AccountMerge = 8,

    /// <summary>Runs inflation.</summary>
    Inflation = 9,

    /// <summary>Manages a data entry.</summary>
    ManageData = 10,

    /// <summary>Raises the sequence number.</summary>
    BumpSequence = 11,

    /// <summary>Manages an offer by the amount bought.</summary>
    ManageBuyOffer = 12,

    /// <summary>Pays through a path, sending an exact amount.</summary>
    PathPaymentStrictSend = 13,

    /// <summary>Creates a claimable balance.</summary>
    CreateClaimableBalance = 14,

    /// <summary>Claims a claimable balance.</summary>
    ClaimClaimableBalance = 15,

    /// <summary>Begins a sponsorship.</summary>
    BeginSponsoringFutureReserves = 16,

    /// <summary>Ends a sponsorship.</summary>
    EndSponsoringFutureReserves = 17,

    /// <summary>Revokes a sponsorship.</summary>
    RevokeSponsorship = 18,

    /// <summary>Claws an asset back.</summary>
    Clawback = 19,

    /// <summary>Claws a claimable balance back.</summary>
    ClawbackClaimableBalance = 20,

    /// <summary>Changes a trustline's flags.</summary>
    SetTrustLineFlags = 21,

    /// <summary>Deposits into a pool.</summary>
    LiquidityPoolDeposit = 22,

    /// <summary>Withdraws from a pool.</summary>
    LiquidityPoolWithdraw = 23,

    /// <summary>Invokes a contract host function.</summary>
    InvokeHostFunction = 24,

    /// <summary>Extends the life of contract entries.</summary>
    ExtendFootprintTtl = 25,

    /// <summary>Restores contract entries.</summary>
    RestoreFootprint = 26,
}

namespace StellarPay.Stellar.Xdr;

/// <summary>An account's flags as an issuer.</summary>
[Flags]
public enum AccountFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Trustlines must be authorised before they hold the asset.</summary>
    AuthRequired = 1,

    /// <summary>The authorisation can be taken back.</summary>
    AuthRevocable = 2,

    /// <summary>These flags cannot change any more.</summary>
    AuthImmutable = 4,

    /// <summary>New trustlines allow the issuer to take the asset back.</summary>
    AuthClawbackEnabled = 8,
}

/// <summary>A trustline's flags.</summary>
[Flags]
public enum TrustLineFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The holder may do everything with the asset.</summary>
    Authorized = 1,

    /// <summary>The holder may keep its offers, but not pay or be paid.</summary>
    AuthorizedToMaintainLiabilities = 2,

    /// <summary>The issuer may take the asset back.</summary>
    ClawbackEnabled = 4,
}

/// <summary>An offer's flags.</summary>
[Flags]
public enum OfferFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The offer does not take offers of the same price.</summary>
    Passive = 1,
}

/// <summary>A claimable balance's flags.</summary>
[Flags]
public enum ClaimableBalanceFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The issuer may take the balance back.</summary>
    ClawbackEnabled = 1,
}

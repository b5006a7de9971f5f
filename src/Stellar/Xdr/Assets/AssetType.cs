namespace StellarPay.Stellar.Xdr;

/// <summary>The kinds of assets.</summary>
public enum AssetType
{
    /// <summary>Lumens.</summary>
    Native = 0,

    /// <summary>An issued asset with a code of 1 to 4 characters.</summary>
    CreditAlphanum4 = 1,

    /// <summary>An issued asset with a code of 5 to 12 characters.</summary>
    CreditAlphanum12 = 2,

    /// <summary>Shares of a liquidity pool (CAP-38); only trustlines hold them.</summary>
    PoolShare = 3,
}

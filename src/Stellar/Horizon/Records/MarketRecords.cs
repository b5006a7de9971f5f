using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>An asset and how widely it is held. Amounts are stroops.</summary>
public sealed record AssetRecord : IHorizonRecord
{
    /// <summary>The asset.</summary>
    public required Asset Asset { get; init; }

    /// <summary>Accounts with an authorised trustline.</summary>
    public int AuthorizedAccounts { get; init; }

    /// <summary>What authorised accounts hold.</summary>
    public long AuthorizedBalance { get; init; }

    /// <summary>Claimable balances of the asset.</summary>
    public int ClaimableBalances { get; init; }

    /// <summary>What claimable balances hold.</summary>
    public long ClaimableBalancesAmount { get; init; }

    /// <summary>Whether trust in it needs the issuer's authorisation.</summary>
    public bool AuthRequired { get; init; }

    /// <summary>Whether the issuer may revoke authorisation.</summary>
    public bool AuthRevocable { get; init; }

    /// <summary>Whether the issuer may claw it back.</summary>
    public bool AuthClawbackEnabled { get; init; }

    /// <inheritdoc/>
    public required string PagingToken { get; init; }
}

/// <summary>An open offer.</summary>
public sealed record OfferRecord : IHorizonRecord
{
    /// <summary>Its id.</summary>
    public required long Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required AccountId Seller { get; init; }

    /// <summary>What it sells.</summary>
    public required Asset Selling { get; init; }

    /// <summary>What it buys.</summary>
    public required Asset Buying { get; init; }

    /// <summary>How much it still sells, in stroops.</summary>
    public required long Amount { get; init; }

    /// <summary>How much it wants of what it buys for one of what it sells.</summary>
    public required Price Price { get; init; }

    /// <inheritdoc/>
    public required string PagingToken { get; init; }
}

/// <summary>A claimable balance.</summary>
public sealed record ClaimableBalanceRecord : IHorizonRecord
{
    /// <summary>Its id: the XDR of ClaimableBalanceID in hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The asset.</summary>
    public required Asset Asset { get; init; }

    /// <summary>How much, in stroops.</summary>
    public required long Amount { get; init; }

    /// <summary>Who pays its reserve.</summary>
    public AccountId? Sponsor { get; init; }

    /// <summary>Who may claim it, and when.</summary>
    public required ValueList<Claimant> Claimants { get; init; }

    /// <inheritdoc/>
    public required string PagingToken { get; init; }
}

/// <summary>A way to pay from one asset into another.</summary>
/// <param name="SourceAsset">What is paid with.</param>
/// <param name="SourceAmount">How much, in stroops.</param>
/// <param name="DestinationAsset">What arrives.</param>
/// <param name="DestinationAmount">How much, in stroops.</param>
/// <param name="Path">The assets in between, for the path payment.</param>
public sealed record PaymentPath(
    Asset SourceAsset, long SourceAmount, Asset DestinationAsset, long DestinationAmount, ValueList<Asset> Path);

/// <summary>The offers between two assets, summed up by price.</summary>
/// <param name="Base">What is sold.</param>
/// <param name="Counter">What it is sold for.</param>
/// <param name="Bids">Who buys the base, best first; amounts are stroops of the counter asset.</param>
/// <param name="Asks">Who sells the base, best first; amounts are stroops of the base asset.</param>
public sealed record OrderBook(
    Asset Base, Asset Counter, ValueList<PriceLevel> Bids, ValueList<PriceLevel> Asks);

/// <summary>All offers at one price.</summary>
/// <param name="Numerator">The price in units of the counter asset for one of the base: above the line.</param>
/// <param name="Denominator">Below the line.</param>
/// <param name="Amount">How much is offered, in stroops.</param>
public sealed record PriceLevel(long Numerator, long Denominator, long Amount);

using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// An offer of the order book. The price is how much of the buying asset for one of the selling asset.
/// </summary>
internal sealed record Offer : LedgerObject
{
    public required AccountId Seller { get; init; }

    public required long Id { get; init; }

    public required Asset Selling { get; init; }

    public required Asset Buying { get; init; }

    public required long Amount { get; init; }

    public required Price Price { get; init; }

    public OfferFlags Flags { get; init; }

    public override bool HasKeyOf(LedgerObject other) => other is Offer offer && offer.Id == Id;

    public override int KeyHash() => Id.GetHashCode();
}

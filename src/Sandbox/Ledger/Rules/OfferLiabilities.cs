using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>What an offer binds of its seller's balances.</summary>
internal static class OfferLiabilities
{
    public static void Acquire(LedgerState state, Offer offer) => Change(state, offer, 1);

    public static void Release(LedgerState state, Offer offer) => Change(state, offer, -1);

    private static void Change(LedgerState state, Offer offer, int sign)
    {
        if (offer.Buying.Equals(offer.Selling))
        {
            throw new LedgerFault("an offer that buys what it sells");
        }

        var (buying, selling) = ExchangeRules.Liabilities(offer.Price, offer.Amount, long.MaxValue);
        Existing(state, offer.Seller, offer.Buying).AddBuyingLiabilities(sign * buying);
        Existing(state, offer.Seller, offer.Selling).AddSellingLiabilities(sign * selling);
    }

    private static Holding Existing(LedgerState state, AccountId seller, Asset asset)
    {
        var holding = new Holding(state, seller, asset);
        return holding.Exists ? holding : throw new LedgerFault("an offer without its account or trustline");
    }
}

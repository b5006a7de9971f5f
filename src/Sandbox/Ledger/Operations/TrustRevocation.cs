using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Sets the flags of another's trustline; if that takes its right to hold offers, the offers go.</summary>
internal static class TrustRevocation
{
    public static void SetFlags(TransactionContext transaction, TrustLine line, TrustLineFlags flags)
    {
        if (line.MaintainsLiabilities && !FlagRules.MaintainsLiabilities(flags))
        {
            RemoveOffers(transaction, line.Account, line.Asset);
        }

        var current = transaction.State.TrustLine(line.Account, line.Asset)!;
        transaction.State.Put(current with { Flags = flags });
    }

    private static void RemoveOffers(TransactionContext transaction, AccountId account, Asset asset)
    {
        var state = transaction.State;
        foreach (var offer in state.OffersOf(account).ToArray())
        {
            if (offer.Selling == asset || offer.Buying == asset)
            {
                OfferLiabilities.Release(state, offer);
                transaction.Reserves.Remove(offer, account);
                state.Erase(offer);
            }
        }
    }
}

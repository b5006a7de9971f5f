using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Ingestion;

/// <summary>The offers that an operation crossed: an effect for either side, and a trade each.</summary>
internal static class TradeEffects
{
    public static void Collect(AppliedOperation operation, EffectSink sink)
    {
        foreach (var claim in ResultView.Claims(operation.Result))
        {
            if (claim is not ClaimOfferAtom offer || (offer.AmountSold == 0 && offer.AmountBought == 0))
            {
                continue;
            }

            var buyer = operation.Source;
            sink.Add(EffectType.Trade, buyer, json => Write(
                json, offer.Seller, offer.OfferId,
                offer.AssetBought, offer.AmountBought, offer.AssetSold, offer.AmountSold));
            sink.Add(EffectType.Trade, offer.Seller, json => Write(
                json, buyer, offer.OfferId,
                offer.AssetSold, offer.AmountSold, offer.AssetBought, offer.AmountBought));
        }
    }

    public static IReadOnlyList<HistoryTrade> Trades(AppliedOperation operation, HistoryOperation record)
    {
        var trades = new List<HistoryTrade>();
        var claims = ResultView.Claims(operation.Result);
        for (var i = 0; i < claims.Count; i++)
        {
            if (claims[i] is ClaimOfferAtom offer && (offer.AmountSold != 0 || offer.AmountBought != 0))
            {
                trades.Add(new HistoryTrade
                {
                    Operation = record,
                    Order = i,
                    OfferId = offer.OfferId,
                    Seller = offer.Seller,
                    SoldAsset = offer.AssetSold,
                    Sold = offer.AmountSold,
                    Buyer = operation.Source.AccountId,
                    BuyerOfferId = ResultView.OfferSuccess(operation.Result)?.Offer?.OfferId,
                    BoughtAsset = offer.AssetBought,
                    Bought = offer.AmountBought,
                    Price = PriceOf(operation, offer),
                });
            }
        }

        return trades;
    }

    /// <summary>The offer's own price, which the change of its entry tells.</summary>
    private static Price PriceOf(AppliedOperation operation, ClaimOfferAtom claim)
    {
        foreach (var change in operation.Changes)
        {
            if (change.Before is Offer offer && offer.Id == claim.OfferId)
            {
                return offer.Price;
            }
        }

        throw new InvalidOperationException($"Offer {claim.OfferId} was crossed but did not change.");
    }

    private static void Write(
        Utf8JsonWriter json, MuxedAccount other, long offerId, Asset sold, long soldAmount, Asset bought, long boughtAmount)
    {
        json.WriteMuxed("seller", other);
        json.WriteDecimal("offer_id", offerId);
        json.WriteAmount("sold_amount", soldAmount);
        AssetNames.Of(sold).Write(json, "sold_");
        json.WriteAmount("bought_amount", boughtAmount);
        AssetNames.Of(bought).Write(json, "bought_");
    }
}

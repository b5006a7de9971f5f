using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>What a filter says of the best offer.</summary>
internal enum OfferVerdict
{
    Cross,
    StopAtBadPrice,
    StopAtOwnOffer,
}

internal enum ConversionEnd
{
    Complete,
    Partial,
    StoppedAtBadPrice,
    StoppedAtOwnOffer,
    CrossedTooMany,
}

/// <summary>One offer crossed: its seller sold this much of one asset and bought that much of the other.</summary>
internal readonly record struct Crossing(
    AccountId Seller, long OfferId, Asset Sold, long AmountSold, Asset Bought, long AmountBought)
{
    public static ValueList<ClaimAtom> ToClaims(IEnumerable<Crossing> crossings) =>
        crossings.Select(crossing => crossing.ToClaim()).ToValueList();

    private ClaimAtom ToClaim() => new ClaimOfferAtom(Seller, OfferId, Sold, AmountSold, Bought, AmountBought);
}

/// <summary>How a conversion ended, what it took and gave, and the offers it crossed, in order.</summary>
internal sealed record Conversion(ConversionEnd End, long SheepSent, long WheatReceived, List<Crossing> Crossings);

/// <summary>The bounds of a conversion: sheep for wheat through the order book.</summary>
internal sealed record ConversionRequest(
    Asset Sheep, long MaxSheepSend, Asset Wheat, long MaxWheatReceive, ExchangeRounding Rounding, long MaxOffers)
{
    /// <summary>How many offers one operation may cross.</summary>
    public const long OfferLimit = 1000;
}

/// <summary>Crosses the offers of the book, best first.</summary>
internal sealed class OfferExchange(LedgerState state, EntryReserves reserves)
{
    public Conversion Convert(ConversionRequest request, Func<Offer, OfferVerdict> filter)
    {
        var crossings = new List<Crossing>();
        var maxSheep = request.MaxSheepSend;
        var maxWheat = request.MaxWheatReceive;
        long sheepSent = 0;
        long wheatReceived = 0;
        Conversion Ended(ConversionEnd end) => new(end, sheepSent, wheatReceived, crossings);

        var needsMore = maxWheat > 0 && maxSheep > 0;
        if (needsMore && request.MaxOffers == 0)
        {
            return Ended(ConversionEnd.CrossedTooMany);
        }

        while (needsMore && state.OrderBook.Best(request.Wheat, request.Sheep) is { } offer)
        {
            switch (filter(offer))
            {
                case OfferVerdict.StopAtBadPrice:
                    return Ended(ConversionEnd.StoppedAtBadPrice);
                case OfferVerdict.StopAtOwnOffer:
                    return Ended(ConversionEnd.StoppedAtOwnOffer);
            }

            if (crossings.Count >= request.MaxOffers)
            {
                return Ended(ConversionEnd.CrossedTooMany);
            }

            var (exchanged, isTaken) = Cross(offer, maxWheat, maxSheep, request.Rounding);
            crossings.Add(new Crossing(
                offer.Seller, offer.Id, offer.Selling, exchanged.WheatReceived, offer.Buying, exchanged.SheepSent));
            sheepSent += exchanged.SheepSent;
            maxSheep -= exchanged.SheepSent;
            wheatReceived += exchanged.WheatReceived;
            maxWheat -= exchanged.WheatReceived;

            needsMore = !exchanged.WheatStays && maxWheat > 0 && maxSheep > 0;
            if (!needsMore)
            {
                return Ended(ConversionEnd.Complete);
            }

            if (!isTaken)
            {
                return Ended(ConversionEnd.Partial);
            }
        }

        return Ended(needsMore ? ConversionEnd.Partial : ConversionEnd.Complete);
    }

    private (ExchangeResult Exchanged, bool IsTaken) Cross(
        Offer offer, long maxWheat, long maxSheep, ExchangeRounding rounding)
    {
        OfferLiabilities.Release(state, offer);
        var wheat = new Holding(state, offer.Seller, offer.Selling);
        var sheep = new Holding(state, offer.Seller, offer.Buying);

        var amount = Adjusted(offer.Price, offer.Amount, wheat, sheep);
        var exchanged = ExchangeRules.Exchange(
            offer.Price, Math.Min(amount, wheat.SellableAtMost), maxWheat, maxSheep, sheep.BuyableAtMost, rounding);
        sheep.Add(exchanged.SheepSent);
        wheat.Add(-exchanged.WheatReceived);

        amount = exchanged.WheatStays
            ? Adjusted(offer.Price, amount - exchanged.WheatReceived, wheat, sheep)
            : 0;
        if (amount == 0)
        {
            reserves.Remove(offer, offer.Seller);
            state.Erase(offer);
            return (exchanged, true);
        }

        var rest = offer with { Amount = amount };
        state.Put(rest);
        OfferLiabilities.Acquire(state, rest);
        return (exchanged, false);
    }

    private static long Adjusted(Price price, long amount, Holding wheat, Holding sheep) =>
        ExchangeRules.AdjustOffer(price, Math.Min(amount, wheat.SellableAtMost), sheep.BuyableAtMost);
}

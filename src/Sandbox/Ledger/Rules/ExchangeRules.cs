using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>How the amounts of one crossing are rounded.</summary>
internal enum ExchangeRounding
{
    Normal,
    StrictReceive,
    StrictSend,
}

/// <summary>What changes hands. Wheat is what the offer in the book sells, sheep what its seller is paid.</summary>
internal readonly record struct ExchangeResult(long WheatReceived, long SheepSent, bool WheatStays);

/// <summary>The arithmetic of crossing an offer since protocol 10: stellar-core's exchangeV10, in stroops.</summary>
internal static class ExchangeRules
{
    public static ExchangeResult Exchange(
        Price price,
        long maxWheatSend,
        long maxWheatReceive,
        long maxSheepSend,
        long maxSheepReceive,
        ExchangeRounding rounding)
    {
        var exact = WithoutPriceBound(
            price, maxWheatSend, maxWheatReceive, maxSheepSend, maxSheepReceive, rounding);
        return ApplyPriceBound(price, exact, rounding);
    }

    public static ExchangeResult WithoutPriceBound(
        Price price,
        long maxWheatSend,
        long maxWheatReceive,
        long maxSheepSend,
        long maxSheepReceive,
        ExchangeRounding rounding)
    {
        var wheatValue = OfferValue(price.N, price.D, maxWheatSend, maxSheepReceive);
        var sheepValue = OfferValue(price.D, price.N, maxSheepSend, maxWheatReceive);
        var wheatStays = wheatValue > sheepValue;

        long wheat;
        long sheep;
        if (!wheatStays)
        {
            (wheat, sheep) = TakeWhole(price, wheatValue);
        }
        else if (rounding == ExchangeRounding.StrictSend)
        {
            wheat = WideMath.DivideDown(sheepValue, price.N);
            sheep = Math.Min(maxSheepSend, maxSheepReceive);
        }
        else if (price.N > price.D || rounding == ExchangeRounding.StrictReceive)
        {
            wheat = WideMath.DivideDown(sheepValue, price.N);
            sheep = WideMath.MultiplyDivideUp(wheat, price.N, price.D);
        }
        else
        {
            sheep = WideMath.DivideDown(sheepValue, price.D);
            wheat = WideMath.MultiplyDivideDown(sheep, price.D, price.N);
        }

        if (wheat < 0 || wheat > Math.Min(maxWheatReceive, maxWheatSend))
        {
            throw new LedgerFault("wheat received is out of bounds");
        }

        if (sheep < 0 || sheep > Math.Min(maxSheepReceive, maxSheepSend))
        {
            throw new LedgerFault("sheep sent is out of bounds");
        }

        return new ExchangeResult(wheat, sheep, wheatStays);
    }

    /// <summary>How much of an offer is left when it may not favour either side by more than one percent.</summary>
    public static long AdjustOffer(Price price, long maxWheatSend, long maxSheepReceive) =>
        Exchange(price, maxWheatSend, long.MaxValue, long.MaxValue, maxSheepReceive, ExchangeRounding.Normal)
            .WheatReceived;

    /// <summary>
    /// The liabilities of an offer of this amount and price: what it may take in, and what it may give.
    /// </summary>
    public static (long Buying, long Selling) Liabilities(Price price, long maxWheatSend, long maxSheepReceive)
    {
        var whole = WithoutPriceBound(
            price, maxWheatSend, long.MaxValue, long.MaxValue, maxSheepReceive, ExchangeRounding.Normal);
        return (whole.SheepSent, whole.WheatReceived);
    }

    private static (long Wheat, long Sheep) TakeWhole(Price price, UInt128 wheatValue)
    {
        if (price.N > price.D)
        {
            var wheat = WideMath.DivideDown(wheatValue, price.N);
            return (wheat, WideMath.MultiplyDivideDown(wheat, price.N, price.D));
        }

        var sheep = WideMath.DivideDown(wheatValue, price.D);
        return (WideMath.MultiplyDivideUp(sheep, price.D, price.N), sheep);
    }

    private static ExchangeResult ApplyPriceBound(Price price, ExchangeResult exact, ExchangeRounding rounding)
    {
        var (wheat, sheep, wheatStays) = exact;
        if (wheat == 0 || sheep == 0)
        {
            if (rounding != ExchangeRounding.StrictSend)
            {
                return new ExchangeResult(0, 0, wheatStays);
            }

            // A strict send may have to give something for nothing to send exactly its amount.
            return sheep != 0 ? exact : throw new LedgerFault("nothing was sent");
        }

        var wheatValue = WideMath.Multiply(wheat, price.N);
        var sheepValue = WideMath.Multiply(sheep, price.D);
        if (wheatStays ? sheepValue < wheatValue : sheepValue > wheatValue)
        {
            throw new LedgerFault("the wrong side of an exchange was favoured");
        }

        if (rounding == ExchangeRounding.Normal)
        {
            return IsWithinPriceBound(price, wheat, sheep, mayFavourWheat: false)
                ? exact
                : new ExchangeResult(0, 0, wheatStays);
        }

        return IsWithinPriceBound(price, wheat, sheep, mayFavourWheat: true)
            ? exact
            : throw new LedgerFault("the price error is out of bounds");
    }

    private static bool IsWithinPriceBound(Price price, long wheat, long sheep, bool mayFavourWheat)
    {
        var left = WideMath.Multiply(100L * price.N, wheat);
        var right = WideMath.Multiply(100L * price.D, sheep);
        if (mayFavourWheat && right > left)
        {
            return true;
        }

        var difference = left > right ? left - right : right - left;
        return difference <= WideMath.Multiply(price.N, wheat);
    }

    private static UInt128 OfferValue(int priceN, int priceD, long maxSend, long maxReceive)
    {
        var send = WideMath.Multiply(maxSend, priceN);
        var receive = WideMath.Multiply(maxReceive, priceD);
        return UInt128.Min(send, receive);
    }
}

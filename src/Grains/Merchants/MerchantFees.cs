using StellarPay.Grains.Rates;

namespace StellarPay.Grains.Merchants;

/// <summary>What the platform takes of a sale, in stroops of the asset that was received.</summary>
internal static class MerchantFees
{
    private const long BasisPointsInAll = 10_000;
    private const decimal UnitsPerDollar = 10_000_000m;

    /// <summary>
    /// The fee: so many basis points of what counted, rounded half up, and the fixed part, at least the least and at most the most and what
    /// counted. Dollars are turned into the asset at the price that held for the session, rounded up; where none is known they count for
    /// nothing, and the share alone is taken.
    /// </summary>
    public static long Of(long counted, MerchantFeeTier tier, decimal? usdPrice)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(counted);
        var share = (long)(((Int128)counted * tier.BasisPoints + BasisPointsInAll / 2) / BasisPointsInAll);
        var fee = (Int128)share + Stroops(tier.Fixed, usdPrice);
        fee = Int128.Max(fee, Stroops(tier.Minimum, usdPrice));
        fee = tier.Cap is { } cap && usdPrice is not null ? Int128.Min(fee, Stroops(cap, usdPrice)) : fee;
        return (long)Int128.Min(fee, counted);
    }

    private static long Stroops(decimal dollars, decimal? usdPrice) =>
        dollars == 0 || usdPrice is not { } price
            ? 0
            : ReferenceAmount.StroopsFor((long)decimal.Ceiling(dollars * UnitsPerDollar), price) ?? long.MaxValue;
}

using StellarPay.Grains.Money;
using StellarPay.Grains.Rates;

namespace StellarPay.Grains.Merchants;

/// <summary>What the platform takes of a sale, in stroops of the asset that was received.</summary>
internal static class MerchantFees
{
    private const long BasisPointsInAll = 10_000;

    /// <summary>
    /// The fee: so many basis points of what counted, rounded half up, and the fixed part, at least the least and at most the most and what
    /// counted. Dollars are turned into the asset at the price that held for the session, rounded up; where none is known they count for
    /// nothing, and the share alone is taken.
    /// </summary>
    public static long Of(long counted, MerchantFee fee, decimal? usdPrice)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(counted);
        var share = ((Int128)counted * fee.BasisPoints + BasisPointsInAll / 2) / BasisPointsInAll;
        var all = Int128.Max(share + Stroops(fee.Fixed, usdPrice), Stroops(fee.Minimum, usdPrice));
        all = fee.Cap.Length > 0 && usdPrice is not null ? Int128.Min(all, Stroops(fee.Cap, usdPrice)) : all;
        return (long)Int128.Min(all, counted);
    }

    // Ten-millionths of a dollar, as of any asset. The settings were checked at the start.
    private static long Stroops(string dollars, decimal? usdPrice) =>
        usdPrice is not { } price || !Amount.TryParseStroops(dollars, out var units) || units == 0
            ? 0
            : ReferenceAmount.StroopsFor(units, price) ?? long.MaxValue;
}

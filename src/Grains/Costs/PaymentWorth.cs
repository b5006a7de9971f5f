using StellarPay.Grains.Rates;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Costs;

/// <summary>What a payment is worth by the rates of its quote, in ten-millionths of the reference currency.</summary>
/// <param name="Units">How many; null where that cannot be said, or is beyond counting.</param>
/// <param name="Price">What one unit of the asset that leaves the wallet is worth; null where that cannot be said.</param>
/// <param name="XlmPrice">What an XLM is worth, in which the network's fees are; null where nobody knows.</param>
/// <param name="Refusal">Why it cannot be said, or null.</param>
internal sealed record PaymentWorth(long? Units, decimal? Price, decimal? XlmPrice, Error? Refusal)
{
    /// <summary>It cannot be said what it is worth.</summary>
    public static PaymentWorth Unknown(Error refusal) => new(Units: null, Price: null, XlmPrice: null, refusal);

    /// <summary>So many stroops of XLM are worth as much, and no fee above them is bid; null where nobody knows.</summary>
    public long? MostFeeStroops => Units is { } units && XlmPrice is { } price ? ReferenceAmount.StroopsWithin(units, price) : null;
}

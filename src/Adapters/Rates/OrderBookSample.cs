using StellarPay.Stellar.Horizon;

namespace StellarPay.Adapters.Rates;

/// <summary>The offers for an asset as they stood at one moment.</summary>
/// <param name="At">When, by business time.</param>
/// <param name="Bids">Who buys it, best first: the price, and for how many dollars.</param>
/// <param name="Asks">Who sells it, best first.</param>
internal sealed record OrderBookSample(
    DateTimeOffset At, IReadOnlyList<OrderBookSample.Level> Bids, IReadOnlyList<OrderBookSample.Level> Asks)
{
    private const decimal Stroops = 10_000_000;
    private const int Whole = 100;

    public static OrderBookSample Of(OrderBook offers, DateTimeOffset at) => new(
        at,
        [.. offers.Bids.Select(level => new Level(PriceOf(level), level.Amount / Stroops))],
        [.. offers.Asks.Select(level => new Level(PriceOf(level), level.Amount / Stroops * PriceOf(level)))]);

    /// <summary>
    /// The middle between what one gets and what one pays for so many dollars, through as many offers as that takes; null where there are
    /// not so many, or the two are too far apart: what one small offer can set is no price.
    /// </summary>
    public decimal? MiddleFor(decimal dollars, int maxSpreadPercent) =>
        PriceFor(Bids, dollars) is { } bid && PriceFor(Asks, dollars) is { } ask
        && ask >= bid && Bids[0].Price <= Asks[0].Price && (ask - bid) * Whole <= bid * maxSpreadPercent
            ? (bid + ask) / 2
            : null;

    private static decimal? PriceFor(IReadOnlyList<Level> levels, decimal dollars)
    {
        var (left, units) = (dollars, 0m);
        foreach (var level in levels)
        {
            if (level.Price <= 0)
            {
                return null;
            }

            var taken = Math.Min(left, level.Dollars);
            units += taken / level.Price;
            left -= taken;
            if (left == 0)
            {
                return units > 0 ? dollars / units : null;
            }
        }

        return null;
    }

    private static decimal PriceOf(PriceLevel level) => level.Denominator == 0 ? 0 : (decimal)level.Numerator / level.Denominator;

    /// <summary>All offers at one price.</summary>
    /// <param name="Price">Dollars for a unit.</param>
    /// <param name="Dollars">How many dollars' worth is offered.</param>
    internal sealed record Level(decimal Price, decimal Dollars);
}

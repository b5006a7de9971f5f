namespace StellarPay.Adapters.Rates;

/// <summary>One rate of what several sources tell.</summary>
internal static class RateMedian
{
    private const int Whole = 100;

    /// <summary>
    /// The median of those that are near the median of all; null where they are too few, or where no more than half of the sources agree:
    /// then nobody knows which half is right. It is as old as the oldest of them, and names all of them.
    /// </summary>
    /// <param name="quotes">What the sources told.</param>
    /// <param name="least">How many must agree.</param>
    /// <param name="apartPercent">How far from the median of all one may be.</param>
    /// <param name="dropped">Those that are farther.</param>
    public static RateQuote? Of(
        IReadOnlyCollection<RateQuote> quotes, int least, int apartPercent, out IReadOnlyList<RateQuote> dropped)
    {
        dropped = [];
        if (quotes.Count == 0)
        {
            return null;
        }

        var middle = MiddleOf(quotes);
        var near = quotes.Where(quote => Math.Abs(quote.Dollars - middle) * Whole <= middle * apartPercent).ToArray();
        dropped = [.. quotes.Except(near)];
        if (near.Length < least || near.Length * 2 <= quotes.Count)
        {
            return null;
        }

        return near is [var only]
            ? only
            : new RateQuote($"median of {string.Join(", ", near.Select(quote => quote.Source))}", MiddleOf(near), near.Min(quote => quote.At));
    }

    private static decimal MiddleOf(IEnumerable<RateQuote> quotes)
    {
        var sorted = quotes.Select(quote => quote.Dollars).Order().ToArray();
        var half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}

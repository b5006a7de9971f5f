namespace StellarPay.Adapters.Rates;

/// <summary>One rate of what several sources tell.</summary>
internal static class RateMedian
{
    private const int Whole = 100;

    /// <summary>
    /// The median of the most that agree with each other; null where they are too few. Of as many on two sides those that are closer to
    /// each other. It is as old as the oldest of them, and names all of them.
    /// </summary>
    /// <param name="quotes">What the sources told.</param>
    /// <param name="least">How many must agree.</param>
    /// <param name="apartPercent">How far the greatest of those that agree may be above the least.</param>
    /// <param name="dropped">Those that do not agree.</param>
    public static RateQuote? Of(
        IReadOnlyCollection<RateQuote> quotes, int least, int apartPercent, out IReadOnlyList<RateQuote> dropped)
    {
        var sorted = quotes.OrderBy(quote => quote.Dollars).ToArray();
        var (from, count) = (0, 0);
        for (var start = 0; start < sorted.Length; start++)
        {
            var lowest = sorted[start].Dollars;
            var near = sorted.Skip(start).TakeWhile(quote => (quote.Dollars - lowest) * Whole <= lowest * apartPercent).Count();
            if (near > count || (near == count && ApartOf(sorted, start, near) < ApartOf(sorted, from, count)))
            {
                (from, count) = (start, near);
            }
        }

        var kept = quotes.Where(sorted.AsSpan(from, count).ToArray().Contains).ToArray();
        dropped = [.. quotes.Except(kept)];
        return kept.Length == 0 || kept.Length < least ? null
            : kept is [var only] ? only
            : new RateQuote($"median of {string.Join(", ", kept.Select(quote => quote.Source))}", MiddleOf(kept), kept.Min(quote => quote.At));
    }

    /// <summary>The middle of numbers, of which there is one at least.</summary>
    public static decimal MiddleOf(IEnumerable<decimal> numbers)
    {
        var sorted = numbers.Order().ToArray();
        var half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static decimal MiddleOf(IEnumerable<RateQuote> quotes) => MiddleOf(quotes.Select(quote => quote.Dollars));

    private static decimal ApartOf(RateQuote[] sorted, int from, int count) => sorted[from + count - 1].Dollars / sorted[from].Dollars;
}

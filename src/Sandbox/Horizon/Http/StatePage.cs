namespace StellarPay.Sandbox.Horizon.Http;

/// <summary>Pages over the present state: ordered by a token that is made of the record itself.</summary>
internal static class StatePage
{
    public static List<T> Of<T, TKey>(
        IEnumerable<T> items, PageRequest page, Func<T, TKey> keyOf, IComparer<TKey> comparer, TKey? cursor)
        where TKey : notnull
    {
        if (cursor is not null)
        {
            items = items.Where(item => page.Descending
                ? comparer.Compare(keyOf(item), cursor) < 0
                : comparer.Compare(keyOf(item), cursor) > 0);
        }

        var ordered = page.Descending ? items.OrderByDescending(keyOf, comparer) : items.OrderBy(keyOf, comparer);
        return [.. ordered.Take(page.Limit)];
    }

    /// <summary>Ordered by a text that is the cursor as well.</summary>
    public static List<T> Of<T>(
        IEnumerable<T> items, PageRequest page, Func<T, string> tokenOf, StringComparer comparer) =>
        Of(items, page, tokenOf, comparer, page.Cursor.Length == 0 ? null : page.Cursor);
}

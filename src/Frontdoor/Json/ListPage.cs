namespace StellarPay.Frontdoor.Json;

/// <summary>A page of a list, as Stripe has it.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The page, newest first.</param>
/// <param name="HasMore">
/// Whether there are more the way that was asked: older ones, or with <c>ending_before</c> newer ones.
/// </param>
/// <param name="Url">Where the list is.</param>
internal sealed record ListPage<T>(string Object, IReadOnlyList<T> Data, bool HasMore, string Url)
{
    /// <summary>A page of what was read with one more than it has, in the order of the way that was asked.</summary>
    /// <param name="read">What was read.</param>
    /// <param name="limit">How many a page has.</param>
    /// <param name="isBackwards">Whether it was read from the oldest on.</param>
    /// <param name="url">Where the list is.</param>
    public static ListPage<T> Of(IEnumerable<T> read, int limit, bool isBackwards, string url)
    {
        var all = read.ToArray();
        var page = all.Take(limit);
        return new ListPage<T>("list", [.. isBackwards ? page.Reverse() : page], all.Length > limit, url);
    }
}

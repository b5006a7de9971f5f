namespace StellarPay.Stellar.Horizon;

/// <summary>Something that Horizon lists, with its place in the list.</summary>
public interface IHorizonRecord
{
    /// <summary>Where in its list it is; reading goes on from here when given as the cursor.</summary>
    string PagingToken { get; }
}

/// <summary>One page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Records">The records, in the order that was asked for.</param>
public sealed record HorizonPage<T>(IReadOnlyList<T> Records)
    where T : IHorizonRecord
{
    /// <summary>The cursor for the next page; null if this page is empty.</summary>
    public string? NextCursor => Records.Count == 0 ? null : Records[^1].PagingToken;
}

/// <summary>Which part of a list to read.</summary>
public sealed record PageQuery
{
    /// <summary>The most records a page can have.</summary>
    public const int MaxLimit = 200;

    /// <summary>The first 200 records.</summary>
    public static PageQuery First { get; } = new();

    /// <summary>The paging token to go on from; null begins at the end that <see cref="Descending"/> says.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many records; 1 to 200.</summary>
    public int Limit { get; init; } = MaxLimit;

    /// <summary>Newest first.</summary>
    public bool Descending { get; init; }
}

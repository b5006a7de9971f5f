namespace StellarPay.Adapters.Postgres.Lists;

/// <summary>Lists of what was made, which have each thing as soon as it is there.</summary>
public interface IObjectLists
{
    /// <summary>A page of a list, newest first.</summary>
    /// <param name="query">Of which list, and from where.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ObjectPage> ReadAsync(ObjectQuery query, CancellationToken cancellationToken);

    /// <summary>What is stored of one thing, its state with its rows; null where there is no such thing. It wakes no grain.</summary>
    /// <param name="kind">The name of its state.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<byte[]?> FindAsync(string kind, string id, CancellationToken cancellationToken);
}

/// <summary>What is asked of a list.</summary>
/// <param name="Scope">Whose list.</param>
/// <param name="Kind">The name of the states of its things.</param>
/// <param name="After">Only what comes after this one, that is, what is older; null for no bound.</param>
/// <param name="Before">Only what comes before this one; null for no bound. Not both.</param>
/// <param name="Status">Only what has this status, as states write it; null for all.</param>
/// <param name="Limit">At most so many.</param>
public sealed record ObjectQuery(string Scope, string Kind, string? After, string? Before, string? Status, int Limit)
{
    /// <summary>Only what this payment link or invoice made; null for all.</summary>
    public string? Origin { get; init; }

    /// <summary>Only what was made then or later; null for no bound.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only what was made before; null for no bound.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>A page of a list.</summary>
/// <param name="Objects">Ids, and what is stored of each: its state with its rows.</param>
/// <param name="HasMore">Whether there are more in that direction.</param>
public sealed record ObjectPage(IReadOnlyList<(string Id, byte[] Stored)> Objects, bool HasMore);

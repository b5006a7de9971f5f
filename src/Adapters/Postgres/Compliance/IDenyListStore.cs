namespace StellarPay.Adapters.Postgres.Compliance;

/// <summary>The deny list itself, for those who keep it.</summary>
public interface IDenyListStore
{
    /// <summary>The most entries of one page; one more may be asked for, to see whether there is another.</summary>
    const int MaxLimit = 100;

    /// <summary>Puts an entry on the list. False if it is there already; then it stays as it is.</summary>
    Task<bool> AddAsync(string kind, string value, string reason, string addedBy, CancellationToken cancellationToken);

    /// <summary>Takes an entry off the list. False if it is not there.</summary>
    Task<bool> RemoveAsync(string kind, string value, CancellationToken cancellationToken);

    /// <summary>An entry, or null.</summary>
    Task<DenyEntry?> FindAsync(string kind, string value, CancellationToken cancellationToken);

    /// <summary>Entries in the order of kind and value.</summary>
    /// <param name="after">The entry after which the page begins; null for the beginning.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<IReadOnlyList<DenyEntry>> ReadAsync((string Kind, string Value)? after, int limit, CancellationToken cancellationToken);
}

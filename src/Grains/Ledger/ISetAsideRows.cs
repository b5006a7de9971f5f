namespace StellarPay.Grains.Ledger;

/// <summary>Where a row stands that its receiver could not take in.</summary>
public enum SetAsideStatus
{
    /// <summary>It waits for an operator, and so does what its sender told after it.</summary>
    Waiting,

    /// <summary>Its receiver has taken it in since.</summary>
    Applied,

    /// <summary>An operator gave it up.</summary>
    Closed,
}

/// <summary>What owners told each other and could not be taken in, for operators and for the receivers.</summary>
public interface ISetAsideRows
{
    /// <summary>What was set aside, newest first.</summary>
    /// <param name="open">Only what waits.</param>
    /// <param name="before">Only what came before this one; null for the newest.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<SetAsideRow>> ListAsync(bool open, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>One of them; null where there is none.</summary>
    Task<SetAsideRow?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>How many wait.</summary>
    Task<int> CountOpenAsync(CancellationToken cancellationToken);
}

/// <summary>A row that its receiver could not take in.</summary>
/// <param name="Id">By which operators name it.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Row">What was told, and by whom.</param>
/// <param name="Error">What went wrong last.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="SentAt">When it was told, by the database's clock, as the others.</param>
/// <param name="SetAsideAt">When it was set aside.</param>
/// <param name="ResolvedAt">When it was taken in or closed, or null.</param>
/// <param name="ResolvedBy">Who had that done, or null.</param>
public sealed record SetAsideRow(
    long Id, LedgerOwner Owner, OwnerRow Row, string Error, int Attempts, SetAsideStatus Status, DateTimeOffset SentAt,
    DateTimeOffset SetAsideAt, DateTimeOffset? ResolvedAt, string? ResolvedBy);

using StellarPay.Grains.Network;

namespace StellarPay.Grains.Ledger;

/// <summary>Where a parked row stands.</summary>
public enum ParkedStatus
{
    /// <summary>Its owner goes on without it, and can take it in later.</summary>
    Parked,

    /// <summary>Its owner has taken it in since.</summary>
    Applied,

    /// <summary>An operator gave it up.</summary>
    Closed,
}

/// <summary>The rows that owners could not take in, and the owners that are held, for operators.</summary>
public interface IParkedRows
{
    /// <summary>What is parked, newest first.</summary>
    /// <param name="open">Only what waits.</param>
    /// <param name="before">Only what comes before this operation; null for the newest.</param>
    /// <param name="limit">How many operations; all rows of one count as one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<ParkedRow>> ListAsync(bool open, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>All that is parked, or was, of an operation.</summary>
    Task<IReadOnlyList<ParkedRow>> FindAsync(long token, CancellationToken cancellationToken);

    /// <summary>How many rows wait.</summary>
    Task<int> CountOpenAsync(CancellationToken cancellationToken);

    /// <summary>The owners that cannot be stored, those held longest first; at most a hundred.</summary>
    Task<IReadOnlyList<HeldOwner>> ListHeldAsync(CancellationToken cancellationToken);
}

/// <summary>A row that its owner could not take in.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Entry">What it is.</param>
/// <param name="Error">What went wrong last.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="ParkedAt">When it was parked, by the system's clock.</param>
/// <param name="ResolvedAt">When it was taken in or closed, or null.</param>
/// <param name="ResolvedBy">Who had that done, or null.</param>
public sealed record ParkedRow(
    LedgerOwner Owner, LedgerEntry Entry, string Error, int Attempts, ParkedStatus Status, DateTimeOffset ParkedAt,
    DateTimeOffset? ResolvedAt, string? ResolvedBy);

/// <summary>An owner that can neither drain nor write.</summary>
/// <param name="Owner">Who.</param>
/// <param name="Since">Since when, by the system's clock.</param>
/// <param name="Failures">How often it was tried.</param>
/// <param name="Error">What went wrong last.</param>
public sealed record HeldOwner(LedgerOwner Owner, DateTimeOffset Since, int Failures, string Error);

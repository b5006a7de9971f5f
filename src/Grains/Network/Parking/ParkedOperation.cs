using StellarPay.Grains.Identifiers;

namespace StellarPay.Grains.Network.Parking;

/// <summary>Why an operation was parked.</summary>
public enum ParkedKind
{
    /// <summary>Its wallet refused it again and again.</summary>
    Refused,

    /// <summary>It cannot be understood.</summary>
    Unreadable,

    /// <summary>What its kind moves is not known.</summary>
    Unexplained,
}

/// <summary>Where a parked operation stands.</summary>
public enum ParkedStatus
{
    /// <summary>Its wallet goes on without it, and can take it later.</summary>
    Parked,

    /// <summary>Its wallet cannot go on: it and all that follow for this wallet wait here, in the ledger's order.</summary>
    Held,

    /// <summary>It is in the wallet's books, or turned out to move nothing.</summary>
    Applied,
}

/// <summary>An operation that could not be taken, kept until somebody has seen to it.</summary>
/// <param name="PagingToken">Its total order (SEP-35).</param>
/// <param name="Wallet">The wallet that it waits for; null where none of ours is known to be concerned.</param>
/// <param name="Ledger">The ledger's sequence.</param>
/// <param name="TransactionHash">Its transaction, where that can be read.</param>
/// <param name="Kind">Why it was parked.</param>
/// <param name="Content">The operation as JSON: ours where it was refused, the network's where it could not be read.</param>
/// <param name="Error">What went wrong, in words.</param>
/// <param name="Attempts">How often it has been tried.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="ParkedAt">When it was parked, by the system's clock.</param>
/// <param name="ResolvedAt">When it was applied, or null.</param>
/// <param name="ResolvedBy">Who had it applied, or null.</param>
public sealed record ParkedOperation(
    long PagingToken,
    WalletId? Wallet,
    long Ledger,
    string? TransactionHash,
    ParkedKind Kind,
    string Content,
    string Error,
    int Attempts,
    ParkedStatus Status,
    DateTimeOffset ParkedAt,
    DateTimeOffset? ResolvedAt = null,
    string? ResolvedBy = null);

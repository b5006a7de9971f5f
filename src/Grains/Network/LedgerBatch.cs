using StellarPay.Grains.Ledger;

namespace StellarPay.Grains.Network;

/// <summary>A closed ledger, by which one network can be told from another.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Hash">Its hash in lower-case hex.</param>
/// <param name="PreviousHash">The hash of the one before, or null where the network does not say.</param>
/// <param name="ClosedAt">Its close time: the network's clock.</param>
public sealed record LedgerMark(long Sequence, string Hash, string? PreviousHash, DateTimeOffset ClosedAt);

/// <summary>Some ledgers one after another, each whole.</summary>
/// <param name="Ledgers">The ledgers in order, without gaps; empty as a sign of life.</param>
/// <param name="Outcomes">How each transaction in them ended, in order.</param>
/// <param name="Operations">All in them that may move a balance, in order.</param>
/// <param name="Unread">What may move a balance but cannot be told how.</param>
/// <param name="Latest">The latest ledger that the network showed.</param>
public sealed record LedgerBatch(
    IReadOnlyList<LedgerMark> Ledgers,
    IReadOnlyList<LedgerOutcome> Outcomes,
    IReadOnlyList<LedgerOperation> Operations,
    IReadOnlyList<UnreadOperation> Unread,
    LedgerMark Latest);

/// <summary>An operation that cannot be understood, or whose kind moves balances in a way that wallets do not know.</summary>
/// <param name="PagingToken">Its total order (SEP-35).</param>
/// <param name="Ledger">The ledger's sequence.</param>
/// <param name="TransactionHash">Its transaction, where that can be read.</param>
/// <param name="Kind">Whether it cannot be read, or is of an unknown kind.</param>
/// <param name="Raw">All that the network said of it: JSON.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Accounts">The accounts that it may concern.</param>
/// <param name="Number">Which of the operation's movements it is, after those that are understood; 0 where it is all of it.</param>
public sealed record UnreadOperation(
    long PagingToken,
    long Ledger,
    string? TransactionHash,
    UnreadKind Kind,
    string Raw,
    string Problem,
    IReadOnlyCollection<string> Accounts,
    int Number = 0);

/// <summary>Why an operation was not turned into a movement.</summary>
public enum UnreadKind
{
    /// <summary>It is not what the network's documentation says.</summary>
    Unreadable,

    /// <summary>It is readable, but what its kind moves is not known.</summary>
    Unexplained,
}

using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Claims;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// What ledgers hold for owners of ours, and how far they have been read. What an owner has taken in is deleted by the
/// write of its state (<see cref="InboxMarks"/>), not here.
/// </summary>
public interface ILedgerInbox
{
    /// <summary>How far ledgers have been read; null before the first.</summary>
    Task<LedgerWatermark?> GetWatermarkAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Moves the watermark and delivers what lies between, in one transaction: to the owners of the addresses that each
    /// entry names, as they are known to the database in that moment.
    /// </summary>
    /// <returns>Who got something; null, and nothing was written, where the watermark stood elsewhere.</returns>
    Task<IReadOnlyList<LedgerOwner>?> DeliverAsync(LedgerDelivery delivery, CancellationToken cancellationToken);

    /// <summary>An owner's next rows, oldest first, and the watermark of the same moment.</summary>
    Task<InboxPage> ReadAsync(LedgerOwner owner, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// What others told an owner and he has not taken in, each sender's in its order; but nothing of movements that he has not booked,
    /// nor what a sender wrote after such.
    /// </summary>
    /// <param name="owner">Whom they told.</param>
    /// <param name="drained">Up to where he has drained his inbox.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<OwnerRow>> ReadRowsAsync(
        LedgerOwner owner, LedgerPlace drained, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Whether a ledger holds a transaction of an account of ours, and how far ledgers had been read in that moment: below
    /// that watermark, a transaction without an outcome is on no ledger.
    /// </summary>
    /// <param name="source">The account whose sequence number it uses.</param>
    /// <param name="hashes">Its hashes: of a fee-bump, the inner one and those of all that were made of it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<OutcomeView> FindOutcomeAsync(string source, IReadOnlyCollection<string> hashes, CancellationToken cancellationToken);

    /// <summary>What of an owner is parked at a place of the ledger, and waits.</summary>
    Task<IReadOnlyList<LedgerEntry>> ReadParkedAsync(LedgerOwner owner, long token, CancellationToken cancellationToken);

    /// <summary>The owners of those of the addresses that are ours.</summary>
    Task<IReadOnlyDictionary<string, LedgerOwner>> FindOwnersAsync(
        IReadOnlyCollection<string> addresses, CancellationToken cancellationToken);

    /// <summary>Owners whose rows have waited for a while, in the order of their names, after one of them.</summary>
    /// <param name="query">Whom to look for.</param>
    /// <param name="after">After whom; null for the first.</param>
    /// <param name="limit">How many owners with rows to look at, whoever's share and however new.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<WaitingOwners> FindWaitingAsync(
        WaitingQuery query, LedgerOwner? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Whether a state could not be written because a number that was to name it names another at that address, or because what was put by
    /// for it under its id has been given to somebody else: another id is to be tried.
    /// </summary>
    bool IsNumberTaken(Exception writeFailure);

    /// <summary>An owner cannot drain nor write: it is poked later. Gives how often that has been so.</summary>
    Task<int> HoldAsync(LedgerOwner owner, string error, CancellationToken cancellationToken);
}

/// <summary>How far ledgers have been read.</summary>
/// <param name="Ledger">The last ledger of which everything has been delivered, and everything before it.</param>
/// <param name="Hash">Its hash in lower-case hex.</param>
/// <param name="ClosedAt">When it closed, by the network's clock.</param>
/// <param name="Anchors">Some ledgers' hashes by their numbers, by which the network is known again.</param>
public sealed record LedgerWatermark(
    long Ledger, string Hash, DateTimeOffset ClosedAt, IReadOnlyDictionary<long, string> Anchors);

/// <summary>Some whole ledgers on their way to the inbox.</summary>
/// <param name="From">Where the watermark must stand; null where there is none yet.</param>
/// <param name="To">The last ledger.</param>
/// <param name="Anchors">The anchors among the ledgers.</param>
/// <param name="Entries">What they hold, in order.</param>
/// <param name="Balances">The claimable balances that they create; those that concern nobody of ours are passed over.</param>
public sealed record LedgerDelivery(
    LedgerWatermark? From,
    LedgerMark To,
    IReadOnlyDictionary<long, string> Anchors,
    IReadOnlyList<LedgerEntry> Entries,
    IReadOnlyList<CreatedBalance> Balances);

/// <summary>Some of an owner's inbox.</summary>
/// <param name="Watermark">How far ledgers have been read: below it there are no rows but these and those that follow them.</param>
/// <param name="Entries">The oldest rows, in order.</param>
/// <param name="More">Whether there are others.</param>
public sealed record InboxPage(LedgerClose? Watermark, IReadOnlyList<LedgerEntry> Entries, bool More);

/// <summary>What ledgers say of a transaction.</summary>
/// <param name="Watermark">How far ledgers had been read.</param>
/// <param name="Outcome">How it ended; null where no ledger up to there is known to hold it.</param>
/// <param name="InDoubt">Whether a ledger holds something of that account that could not be read, and that may be it.</param>
public sealed record OutcomeView(LedgerClose? Watermark, LedgerOutcome? Outcome, bool InDoubt);

/// <summary>Whom a sweep looks for.</summary>
/// <param name="Partition">The share of the keys, from 0.</param>
/// <param name="Partitions">How many shares there are.</param>
/// <param name="Waited">How long rows must have waited.</param>
public sealed record WaitingQuery(int Partition, int Partitions, TimeSpan Waited);

/// <summary>Owners whose rows have waited.</summary>
/// <param name="Owners">Those among the owners that were looked at.</param>
/// <param name="Last">The last one that was looked at, after whom there may be others; null at the end.</param>
public sealed record WaitingOwners(IReadOnlyList<LedgerOwner> Owners, LedgerOwner? Last);

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>Where a suspended deposit stands.</summary>
public enum SuspenseStatus
{
    /// <summary>Nobody has decided.</summary>
    Open,

    /// <summary>The transaction that hands it on is stored and under way.</summary>
    Sending,

    /// <summary>A user's wallet has it.</summary>
    Assigned,

    /// <summary>Its sender has it back.</summary>
    Returned,

    /// <summary>It is the platform's own.</summary>
    Kept,
}

/// <summary>A deposit to an account of the platform that nobody was expecting.</summary>
/// <param name="Id"><c>sus_</c> and the operation's place in the ledger's order.</param>
/// <param name="PagingToken">That place (SEP-35).</param>
/// <param name="Ledger">The ledger's sequence.</param>
/// <param name="TransactionHash">Its transaction.</param>
/// <param name="Account">The platform's account that has it.</param>
/// <param name="AccountKey">That account's grain.</param>
/// <param name="Asset">What it is, in canonical form.</param>
/// <param name="Stroops">How much.</param>
/// <param name="Sender">Who sent it; null where the ledger names nobody.</param>
/// <param name="SenderMuxed">The sender's <c>M…</c> address where one was used.</param>
/// <param name="AccountMuxed">Our account's <c>M…</c> address where one was used.</param>
/// <param name="Memo">The transaction's memo as text, or null.</param>
/// <param name="MemoType">The kind of the memo, or null.</param>
/// <param name="ReceivedAt">When the ledger closed.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Decision">What was decided, or null.</param>
public sealed record SuspendedDeposit(
    string Id,
    long PagingToken,
    long Ledger,
    string TransactionHash,
    string Account,
    string AccountKey,
    string Asset,
    long Stroops,
    string? Sender,
    string? SenderMuxed,
    string? AccountMuxed,
    string? Memo,
    string? MemoType,
    DateTimeOffset ReceivedAt,
    SuspenseStatus Status = SuspenseStatus.Open,
    SuspenseDecision? Decision = null);

/// <summary>What an operator decided of a deposit, with the transaction that does it. Stored as JSON.</summary>
/// <param name="Outcome">What the deposit will be.</param>
/// <param name="Operator">Who decided.</param>
/// <param name="DecidedAt">When, by business time.</param>
/// <param name="User">Whose wallet gets it, or null.</param>
/// <param name="Destination">Who is paid, or null.</param>
/// <param name="Envelope">The signed transaction in base64 XDR, while it is under way.</param>
/// <param name="Hash">Its hash in lower-case hex, or null.</param>
/// <param name="Source">The account whose sequence number it uses, or null.</param>
/// <param name="SequenceNumber">That number.</param>
/// <param name="MaxTime">The last moment, by the network's clock, at which a ledger may apply it.</param>
/// <param name="CompletedLedger">The ledger that holds it, once one does.</param>
/// <param name="Failure">Why an attempt came to nothing, so that the deposit is open again.</param>
public sealed record SuspenseDecision(
    SuspenseStatus Outcome,
    string Operator,
    DateTimeOffset DecidedAt,
    string? User = null,
    string? Destination = null,
    string? Envelope = null,
    string? Hash = null,
    string? Source = null,
    long SequenceNumber = 0,
    DateTimeOffset? MaxTime = null,
    long? CompletedLedger = null,
    string? Failure = null);

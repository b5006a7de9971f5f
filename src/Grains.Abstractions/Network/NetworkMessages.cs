using StellarPay.Grains.Money;

namespace StellarPay.Grains.Network;

/// <summary>An operation that the ledger applied (or refused inside an applied transaction) to an account of ours.</summary>
/// <param name="PagingToken">Its total order: ledger, transaction and operation in one number (SEP-35).</param>
/// <param name="TransactionHash">The transaction's hash in lower-case hex; the fee-bump's where it is one.</param>
/// <param name="InnerTransactionHash">The inner transaction's hash where it was fee-bumped, else null.</param>
/// <param name="Successful">Whether its transaction succeeded; one that did not has moved nothing.</param>
/// <param name="Type">Horizon's name of the operation: <c>payment</c>, <c>create_account</c> …</param>
/// <param name="From">The account that paid, or null.</param>
/// <param name="To">The account that was paid, or null.</param>
/// <param name="Amount">What moved, or null where nothing did.</param>
/// <param name="Memo">The transaction's memo as text, or null.</param>
/// <param name="Ledger">The ledger's sequence.</param>
/// <param name="ClosedAt">When the ledger closed.</param>
[GenerateSerializer, Immutable, Alias("sp.LedgerOperation")]
public sealed record LedgerOperation(
    [property: Id(0)] long PagingToken,
    [property: Id(1)] string TransactionHash,
    [property: Id(2)] string? InnerTransactionHash,
    [property: Id(3)] bool Successful,
    [property: Id(4)] string Type,
    [property: Id(5)] string? From,
    [property: Id(6)] string? To,
    [property: Id(7)] Amount? Amount,
    [property: Id(8)] string? Memo,
    [property: Id(9)] long Ledger,
    [property: Id(10)] DateTimeOffset ClosedAt);

/// <summary>How the network answered a submission, classified once (style rule 12).</summary>
[GenerateSerializer, Alias("sp.SubmissionOutcome")]
public enum SubmissionOutcome
{
    /// <summary>It is on a ledger and succeeded.</summary>
    Succeeded,

    /// <summary>The network has it, or asked to be tried again later: the same envelope again.</summary>
    RetrySameEnvelope,

    /// <summary>This envelope cannot be applied as it is (such as a sequence number that has passed): look for the hash first.</summary>
    Rebuild,

    /// <summary>It is on a ledger and failed, or was refused for a reason that no repeat will change.</summary>
    Terminal,

    /// <summary>No answer that tells: look for the hash, submit the same envelope again.</summary>
    Unknown,
}

/// <summary>An answer to a submission.</summary>
/// <param name="Outcome">What it means.</param>
/// <param name="Code">Stellar's own result code (<c>tx_bad_seq</c>, <c>op_no_trust</c> …) where there is one.</param>
/// <param name="Ledger">The ledger that holds it, where known.</param>
/// <param name="RetryAfter">How long the network asked to wait, or null.</param>
[GenerateSerializer, Immutable, Alias("sp.SubmissionReport")]
public sealed record SubmissionReport(
    [property: Id(0)] SubmissionOutcome Outcome,
    [property: Id(1)] string? Code = null,
    [property: Id(2)] long? Ledger = null,
    [property: Id(3)] TimeSpan? RetryAfter = null);

namespace StellarPay.Grains.Payments;

/// <summary>Where a payment is and how it got there: the answer to "where is my money".</summary>
/// <param name="Payment">The payment as it is now.</param>
/// <param name="Summary">Where it is, in a sentence for its payer.</param>
/// <param name="Steps">What happened to it, oldest first.</param>
/// <param name="Network">What the network says of it now; null where no transaction of it is under way.</param>
[GenerateSerializer, Immutable, Alias("sp.PaymentTrace")]
public sealed record PaymentTrace(
    [property: Id(0)] PaymentView Payment,
    [property: Id(1)] string Summary,
    [property: Id(2)] TraceStep[] Steps,
    [property: Id(3)] NetworkWord? Network);

/// <summary>Something that happened to a payment. What a step says nothing about is null.</summary>
/// <param name="At">When, by business time.</param>
/// <param name="Step">What: one of <see cref="TraceSteps"/>.</param>
/// <param name="TransactionHash">The hash of the transaction as submitted, lower-case hex.</param>
/// <param name="InnerHash">The hash of what is inside each fee-bump of it, lower-case hex.</param>
/// <param name="Operation">Which of the transaction's operations the payment is, from 0.</param>
/// <param name="SequenceNumber">The sequence number that the transaction uses.</param>
/// <param name="ValidUntil">The last moment, by the network's clock, at which a ledger may apply it.</param>
/// <param name="Fee">The most that the platform pays for the transaction, a decimal string of XLM.</param>
/// <param name="Answer">What the network answered to a submission, in snake_case.</param>
/// <param name="Code">Stellar's own result code.</param>
/// <param name="Ledger">The ledger that holds it.</param>
/// <param name="OperationId">The paging token of the ledger's operation.</param>
[GenerateSerializer, Immutable, Alias("sp.TraceStep")]
public sealed record TraceStep(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] string Step,
    [property: Id(2)] string? TransactionHash = null,
    [property: Id(3)] string? InnerHash = null,
    [property: Id(4)] int? Operation = null,
    [property: Id(5)] string? SequenceNumber = null,
    [property: Id(6)] DateTimeOffset? ValidUntil = null,
    [property: Id(7)] string? Fee = null,
    [property: Id(8)] string? Answer = null,
    [property: Id(9)] string? Code = null,
    [property: Id(10)] long? Ledger = null,
    [property: Id(11)] string? OperationId = null);

/// <summary>What the network says of a payment's transaction.</summary>
/// <param name="LatestLedger">The network's latest ledger; null where the network gave no answer.</param>
/// <param name="ClosedAt">When that ledger closed, by the network's clock.</param>
/// <param name="FoundInLedger">The ledger that holds the transaction, or null.</param>
/// <param name="Successful">Whether it succeeded there; null where no ledger holds it.</param>
/// <param name="DecidedBy">When at the latest a ledger will have decided, by the network's clock.</param>
[GenerateSerializer, Immutable, Alias("sp.NetworkWord")]
public sealed record NetworkWord(
    [property: Id(0)] long? LatestLedger,
    [property: Id(1)] DateTimeOffset? ClosedAt,
    [property: Id(2)] long? FoundInLedger,
    [property: Id(3)] bool? Successful,
    [property: Id(4)] DateTimeOffset DecidedBy);

/// <summary>The names of a trace's steps.</summary>
public static class TraceSteps
{
    /// <summary>The payment was quoted, and its amount reserved.</summary>
    public const string Quoted = "quoted";

    /// <summary>Its owner confirmed it.</summary>
    public const string Confirmed = "confirmed";

    /// <summary>It waits for the wallet's payments before it.</summary>
    public const string Queued = "queued";

    /// <summary>A transaction that carries it was signed and stored.</summary>
    public const string Signed = "signed";

    /// <summary>The transaction was submitted, and the network answered.</summary>
    public const string Submitted = "submitted";

    /// <summary>The same transaction goes out with a higher fee.</summary>
    public const string FeeBumped = "fee_bumped";

    /// <summary>That transaction can never be applied; another will carry the payment.</summary>
    public const string Requeued = "requeued";

    /// <summary>A ledger holds it.</summary>
    public const string OnLedger = "on_ledger";

    /// <summary>The ledger's operation is in the wallet's balance.</summary>
    public const string Settled = "settled";

    /// <summary>It failed for good.</summary>
    public const string Failed = "failed";

    /// <summary>The quote ended unconfirmed.</summary>
    public const string Expired = "expired";

    /// <summary>Its owner cancelled it.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Its claimable balance waits long enough that its owner can have it back.</summary>
    public const string Reclaimable = "reclaimable";

    /// <summary>Its owner wants its claimable balance back.</summary>
    public const string Reclaiming = "reclaiming";

    /// <summary>Its owner has its claimable balance back.</summary>
    public const string Reclaimed = "reclaimed";

    /// <summary>Its owner did not get its claimable balance back; it is where it was.</summary>
    public const string ReclaimFailed = "reclaim_failed";

    /// <summary>Its recipient has its claimable balance.</summary>
    public const string Claimed = "claimed";

    /// <summary>The asset's issuer took its claimable balance back.</summary>
    public const string ClawedBack = "clawed_back";
}

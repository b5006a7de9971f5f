using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Payments;

/// <summary>Where a payment is and how it got there.</summary>
/// <param name="Object">Always <c>payment_trace</c>.</param>
/// <param name="Payment">The payment as it is now.</param>
/// <param name="Summary">Where it is, in a sentence.</param>
/// <param name="Steps">What happened to it, oldest first.</param>
/// <param name="Network">What the network says of it now; null where no transaction of it is under way.</param>
internal sealed record TraceJson(
    string Object, PaymentJson Payment, string Summary, IReadOnlyList<TraceStepJson> Steps, NetworkWordJson? Network)
{
    private const string Kind = "payment_trace";

    public static TraceJson Of(PaymentTrace trace) => new(
        Kind,
        PaymentJson.Of(trace.Payment),
        trace.Summary,
        [
            .. trace.Steps.Select(s => new TraceStepJson(
                s.At, s.Step, s.TransactionHash, s.InnerHash, s.Operation, s.SequenceNumber, s.ValidUntil, s.Fee, s.Answer, s.Code,
                s.Ledger, s.OperationId)),
        ],
        trace.Network is { } word
            ? new NetworkWordJson(word.LatestLedger, word.ClosedAt, word.FoundInLedger, word.Successful, word.DecidedBy)
            : null);
}

/// <summary>Something that happened to a payment. What a step says nothing about is null.</summary>
/// <param name="At">When.</param>
/// <param name="Step">quoted, confirmed, queued, signed, submitted, fee_bumped, requeued, on_ledger, settled, failed, expired or cancelled.</param>
/// <param name="TransactionHash">The hash of the transaction as submitted.</param>
/// <param name="InnerHash">The hash of what is inside each fee-bump of it.</param>
/// <param name="Operation">Which of the transaction's operations the payment is, from 0.</param>
/// <param name="SequenceNumber">The sequence number that the transaction uses.</param>
/// <param name="ValidUntil">Until when the quote may be confirmed, or a ledger may apply the transaction.</param>
/// <param name="Fee">The most that the platform pays for the transaction in XLM, as a decimal string.</param>
/// <param name="Answer">What the network answered: pending, succeeded, retry_same_envelope, fee_too_low, rebuild, terminal, held or unknown.</param>
/// <param name="Code">Stellar's own result code.</param>
/// <param name="Ledger">The ledger that holds it.</param>
/// <param name="OperationId">The id of the ledger's operation.</param>
internal sealed record TraceStepJson(
    DateTimeOffset At,
    string Step,
    string? TransactionHash,
    string? InnerHash,
    int? Operation,
    string? SequenceNumber,
    DateTimeOffset? ValidUntil,
    string? Fee,
    string? Answer,
    string? Code,
    long? Ledger,
    string? OperationId);

/// <summary>What the network says of a payment's transaction.</summary>
/// <param name="LatestLedger">The network's latest ledger; null where the network gave no answer.</param>
/// <param name="ClosedAt">When that ledger closed.</param>
/// <param name="FoundInLedger">The ledger that holds the transaction, or null.</param>
/// <param name="Successful">Whether it succeeded there; null where no ledger holds it.</param>
/// <param name="DecidedBy">When at the latest a ledger will have decided.</param>
internal sealed record NetworkWordJson(
    long? LatestLedger, DateTimeOffset? ClosedAt, long? FoundInLedger, bool? Successful, DateTimeOffset DecidedBy);

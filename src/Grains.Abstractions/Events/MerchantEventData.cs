namespace StellarPay.Grains.Events;

/// <summary>Data of <see cref="EventTypes.MerchantOpening"/> and its siblings.</summary>
/// <param name="MerchantId">The merchant.</param>
/// <param name="Address">Its address on the ledger.</param>
/// <param name="Status"><c>opening</c> or <c>active</c>.</param>
/// <param name="Suspended">Whether it makes no sessions for now.</param>
/// <param name="Tier">The tier by which fees are taken.</param>
public sealed record MerchantAccountEventData(string MerchantId, string Address, string Status, bool Suspended, int Tier);

/// <summary>Data of <see cref="EventTypes.MerchantReceived"/>. Of dust the sum of a write alone is told.</summary>
/// <param name="MerchantId">The merchant.</param>
/// <param name="OperationId">Where the ledger holds it (SEP-35) and the number there; null for dust.</param>
/// <param name="TransactionHash">The transaction; null for dust.</param>
/// <param name="From">Who paid; null for dust, or where nobody did.</param>
/// <param name="Asset">The asset in canonical form.</param>
/// <param name="Amount">How much, as a decimal string.</param>
/// <param name="Memo">The memo as people are shown it; null without one.</param>
/// <param name="MemoType">Its kind; null without one.</param>
/// <param name="Ledger">The ledger's sequence; null for dust.</param>
/// <param name="ClosedAt">When that closed; null for dust.</param>
public sealed record MerchantReceivedEventData(
    string MerchantId, string? OperationId, string? TransactionHash, string? From, string Asset, string Amount, string? Memo,
    string? MemoType, long? Ledger, DateTimeOffset? ClosedAt);

/// <summary>Data of <see cref="EventTypes.MerchantAdjusted"/>.</summary>
/// <param name="MerchantId">The merchant.</param>
/// <param name="OperationId">Where the ledger holds it (SEP-35) and the number there.</param>
/// <param name="TransactionHash">The transaction.</param>
/// <param name="Operation">What took it, as Horizon names it.</param>
/// <param name="Asset">The asset in canonical form.</param>
/// <param name="Amount">How much, as a decimal string.</param>
/// <param name="Ledger">The ledger's sequence.</param>
/// <param name="ClosedAt">When that closed.</param>
public sealed record MerchantMovedEventData(
    string MerchantId, string OperationId, string TransactionHash, string Operation, string Asset, string Amount, long Ledger,
    DateTimeOffset ClosedAt);

/// <summary>Data of <see cref="EventTypes.MerchantRefundReserved"/> and its sibling. Amounts are decimal strings of one asset.</summary>
/// <param name="MerchantId">The merchant.</param>
/// <param name="Refund">The refund, <c>re_…</c>.</param>
/// <param name="Leg">Which of its legs, from 0.</param>
/// <param name="Asset">The asset in canonical form.</param>
/// <param name="Amount">How much its payer gets.</param>
/// <param name="Source"><c>held</c>, <c>available</c>, or <c>unallocated</c> of an unmatched receipt, whose id <paramref name="Refund"/> is then.</param>
/// <param name="Fee">What of the fee the platform gives back with it.</param>
public sealed record MerchantRefundEventData(
    string MerchantId, string Refund, int Leg, string Asset, string Amount, string Source, string Fee)
{
    private const string Nothing = "0.0000000";

    /// <summary>What of the amount was held for payers.</summary>
    public string Held => Source == "held" ? Amount : Nothing;

    /// <summary>What of it was the merchant's to spend.</summary>
    public string Available => Source == "available" ? Amount : Nothing;

    /// <summary>What of it was nobody's.</summary>
    public string Unallocated => Source == "unallocated" ? Amount : Nothing;
}

/// <summary>Data of <see cref="EventTypes.MerchantToppedUp"/>.</summary>
/// <param name="MerchantId">The merchant.</param>
/// <param name="Receipt">The unmatched receipt that it was, <c>rcp_…</c>; null where it came by the memo or number for it: the sum of a write.</param>
/// <param name="Asset">The asset in canonical form.</param>
/// <param name="Amount">How much, as a decimal string: no longer unallocated.</param>
public sealed record MerchantToppedUpEventData(string MerchantId, string? Receipt, string Asset, string Amount);

/// <summary>Data of all events of unmatched receipts: what their views need as of then.</summary>
/// <param name="Object">The receipt as its merchant's API shows it.</param>
/// <param name="Seq">Its number among the receipt's changes, from 1.</param>
/// <param name="Livemode">Whether it is on the public network.</param>
public sealed record UnmatchedReceiptEventData(System.Text.Json.JsonElement Object, long Seq, bool Livemode);

/// <summary>Data of <see cref="EventTypes.MerchantAllocated"/>. Amounts are decimal strings of one asset.</summary>
/// <param name="MerchantId">The merchant.</param>
/// <param name="Session">The session that judged.</param>
/// <param name="Asset">The asset in canonical form.</param>
/// <param name="Received">What came: no longer unallocated.</param>
/// <param name="Counted">What of it counts towards the session's price, and is pending.</param>
/// <param name="Kept">What of it is beyond the price, and available.</param>
/// <param name="Held">What of it its payer may have back.</param>
/// <param name="Settled">What was pending and is sold: available, but for the fee.</param>
/// <param name="Released">What was pending and is held, for the session ended unpaid.</param>
/// <param name="Fee">What of what is sold is the platform's.</param>
/// <param name="Accepted">What was held and is pending, for its merchant accepted what came too late.</param>
/// <param name="Credited">What of that is beyond the price, and available.</param>
public sealed record MerchantAllocatedEventData(
    string MerchantId, string Session, string Asset, string Received, string Counted, string Kept, string Held, string Settled,
    string Released, string Fee, string Accepted, string Credited);

/// <summary>Data of <see cref="EventTypes.MerchantVerdictPassedOver"/>. Amounts are decimal strings of one asset; none of them moved.</summary>
/// <param name="MerchantId">The merchant.</param>
/// <param name="Session">Who told it.</param>
/// <param name="OperationId">The movement of which it spoke (SEP-35) and the number there; null where of none.</param>
/// <param name="MovementClosed">Whether that is because an operator closed the movement; else he gave up what was told.</param>
/// <param name="Asset">The asset in canonical form; null where nobody can read what was told.</param>
/// <param name="Received">What came, as the session saw it; it stays where the books have it, if they do.</param>
/// <param name="Settled">What the session took for sold.</param>
/// <param name="Released">What it took for its payers'.</param>
public sealed record MerchantVerdictPassedOverEventData(
    string MerchantId, string Session, string? OperationId, bool MovementClosed, string? Asset, string Received, string Settled,
    string Released);

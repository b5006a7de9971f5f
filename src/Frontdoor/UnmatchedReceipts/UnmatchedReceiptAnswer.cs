using System.Text.Json;

namespace StellarPay.Frontdoor.UnmatchedReceipts;

/// <summary>Something that came to a merchant's address and names nobody.</summary>
/// <param name="Id">Its id, <c>rcp_…</c>.</param>
/// <param name="Object">Always <c>unmatched_receipt</c>.</param>
/// <param name="Livemode">Whether payments are real here.</param>
/// <param name="Status">unmatched, assigned, topup, refunding or refunded. topup and refunded are final.</param>
/// <param name="Reason">
/// Why it is nobody's: no_memo, memo_unknown, muxed_id_unknown, names_differ (memo and muxed address name different ones), or dust: the sum
/// of what is too little to be a payment.
/// </param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Issuer">The account that issues it; null for XLM.</param>
/// <param name="Amount">How much, as a decimal string.</param>
/// <param name="PaymentCount">Of how many payments it is the sum: more than one only of dust.</param>
/// <param name="From">Who paid, as <c>M…</c> where he used one; null of dust, or where nobody is named.</param>
/// <param name="Memo">The memo as people are shown it, or null.</param>
/// <param name="MemoType">text, id, hash or return; null without a memo.</param>
/// <param name="MuxedId">The number of the muxed address to which it was paid, or null.</param>
/// <param name="TxHash">Its transaction; null of dust.</param>
/// <param name="OperationId">Where the ledger holds it; null of dust.</param>
/// <param name="Ledger">The ledger's sequence; of dust the last one's.</param>
/// <param name="ClosedAt">When that closed.</param>
/// <param name="PaymentSession">The payment session to which it was assigned, which says what became of it; or null.</param>
/// <param name="Refund">How it goes back, or failed to; null where nobody asked for it.</param>
/// <param name="DecidedAt">When it was decided, or null.</param>
/// <param name="Sequence">Counts its changes, from 1.</param>
internal sealed record UnmatchedReceiptAnswer(
    string Id, string Object, bool Livemode, string Status, string Reason, string Asset, string? Issuer, string Amount, int PaymentCount,
    string? From, string? Memo, string? MemoType, string? MuxedId, string? TxHash, string? OperationId, long Ledger,
    DateTimeOffset ClosedAt, string? PaymentSession, UnmatchedReceiptRefundAnswer? Refund, DateTimeOffset? DecidedAt, long Sequence)
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>As events show it.</summary>
    public static UnmatchedReceiptAnswer Of(JsonElement receipt) => receipt.Deserialize<UnmatchedReceiptAnswer>(Snake)!;
}

/// <summary>How an unmatched receipt goes back.</summary>
/// <param name="To">To whom: its sender.</param>
/// <param name="Status">pending, succeeded or failed. After a failure it is to be decided again.</param>
/// <param name="TxHash">The transaction, or null.</param>
/// <param name="FailureReason">Why it cannot go back: destination_denied or Stellar's code. Or null.</param>
internal sealed record UnmatchedReceiptRefundAnswer(string To, string Status, string? TxHash, string? FailureReason);

/// <summary>Which payment session a receipt is for.</summary>
/// <param name="PaymentSession">An open payment session of the merchant, <c>pay_…</c>.</param>
internal sealed record AssignReceiptRequest(string? PaymentSession);

using System.Text.Json;

namespace StellarPay.Frontdoor.Refunds;

/// <summary>A refund, in Stripe's shape.</summary>
/// <param name="Id">Its id, <c>re_…</c>.</param>
/// <param name="Object">Always <c>refund</c>.</param>
/// <param name="Amount">How much, in the minor unit of <paramref name="Currency"/>; of an asset in stroops.</param>
/// <param name="BalanceTransaction">Null as yet.</param>
/// <param name="Charge">Null: it is of a payment session.</param>
/// <param name="Created">When it was asked for, in seconds of Unix time.</param>
/// <param name="Currency">The price's currency or the asset's code, in lower case.</param>
/// <param name="DestinationDetails">How it is paid.</param>
/// <param name="FailureReason">Why it failed: insufficient_funds, destination_denied, automatic_refunds_exceeded, claimed_refunds_exceeded, merchant_refunds_too_many, refund_address_waiting, refund_address_withdrawn, merchant_suspended, closed_by_operator or Stellar's code. Or null.</param>
/// <param name="Metadata">As the merchant gave it.</param>
/// <param name="PaymentIntent">Null: it is of a payment session.</param>
/// <param name="PendingReason">processing, or insufficient_funds while the merchant has too little; null where it has ended.</param>
/// <param name="Reason">As the merchant gave it, requested_by_customer where its payer claimed it, automatic where it was made by the merchant's setting, or null.</param>
/// <param name="ReceiptNumber">Always null.</param>
/// <param name="SourceTransferReversal">Always null.</param>
/// <param name="Status">pending, succeeded or failed. All but the first are final.</param>
/// <param name="TransferReversal">Always null.</param>
/// <param name="Stellarpay">What Stripe has no field for.</param>
internal sealed record RefundAnswer(
    string Id,
    string Object,
    long Amount,
    string? BalanceTransaction,
    string? Charge,
    long Created,
    string Currency,
    RefundDestinationAnswer DestinationDetails,
    string? FailureReason,
    Dictionary<string, string> Metadata,
    string? PaymentIntent,
    string? PendingReason,
    string? Reason,
    string? ReceiptNumber,
    string? SourceTransferReversal,
    string Status,
    string? TransferReversal,
    RefundExtraAnswer Stellarpay)
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>As events show it, with what the merchant noted.</summary>
    public static RefundAnswer Of(JsonElement refund, IReadOnlyDictionary<string, string>? metadata) =>
        refund.Deserialize<RefundAnswer>(Snake)! with { Metadata = metadata is null ? [] : new Dictionary<string, string>(metadata) };
}

/// <summary>How a refund is paid.</summary>
/// <param name="Crypto">By a transaction.</param>
/// <param name="Type">Always <c>crypto</c>.</param>
internal sealed record RefundDestinationAnswer(RefundCryptoAnswer Crypto, string Type);

/// <summary>A refund's transaction.</summary>
/// <param name="Reference">The hash of the first that paid somebody; null before.</param>
internal sealed record RefundCryptoAnswer(string? Reference);

/// <summary>What Stripe's refunds have no field for.</summary>
/// <param name="Livemode">Whether payments are real here.</param>
/// <param name="PaymentSession">Of which payment session it is.</param>
/// <param name="Payment">The payment whose excess it is; null where it is of what counted.</param>
/// <param name="Asset">In what it is paid: the asset's code.</param>
/// <param name="Issuer">The account that issues it; null for XLM.</param>
/// <param name="AmountAsset">How much of that.</param>
/// <param name="FeeReturned">What the platform gives back of its fee.</param>
/// <param name="Claimed">Whether its payer asked for it himself, by the session's <c>refund_url</c>.</param>
/// <param name="Legs">What each payer gets, the newest payment's first.</param>
/// <param name="EndedAt">When its end was known, or null.</param>
internal sealed record RefundExtraAnswer(
    bool Livemode, string PaymentSession, string? Payment, string Asset, string? Issuer, string AmountAsset, string FeeReturned,
    bool Claimed, RefundLegAnswer[] Legs, DateTimeOffset? EndedAt);

/// <summary>What one payer gets back.</summary>
/// <param name="Payment">Of which payment.</param>
/// <param name="To">Where: its source, as <c>M…</c> where he used one, or the refund address that was decided on.</param>
/// <param name="Memo">The memo by which he is known there, or null.</param>
/// <param name="MemoType">Its kind: text, id or hash (in base64); null without one.</param>
/// <param name="Amount">How much of the asset.</param>
/// <param name="Status">pending, succeeded or failed.</param>
/// <param name="TxHash">The transaction, or null.</param>
/// <param name="FailureReason">Why it cannot be paid, or null.</param>
internal sealed record RefundLegAnswer(
    string Payment, string To, string? Memo, string? MemoType, string Amount, string Status, string? TxHash, string? FailureReason);

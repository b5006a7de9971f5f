using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Refunds;

/// <summary>Where a refund stands. All but the first are final.</summary>
[GenerateSerializer, Alias("sp.RefundStatus")]
public enum RefundStatus
{
    /// <summary>Its amount is reserved, and on its way.</summary>
    Pending,

    /// <summary>The ledger holds it.</summary>
    Succeeded,

    /// <summary>It can never reach its payer; its amount is the merchant's again.</summary>
    Failed,
}

/// <summary>What a merchant wants to give back.</summary>
/// <param name="Payment">
/// The payment whose excess it is (over, late, in a wrong asset, of a session that ended unpaid), as place and number; null for what
/// counted.
/// </param>
/// <param name="Amount">
/// How much: ten-millionths of the price's currency of what counted, stroops of an excess. Null for all that is left.
/// </param>
/// <param name="Reason">Why, or null.</param>
/// <param name="Metadata">The merchant's notes, encrypted; null without any.</param>
/// <param name="IdempotencyKey">The key of the request, or null.</param>
/// <param name="Fingerprint">What makes two requests the same.</param>
/// <param name="IsClaimed">Whether it is the payer who asks for it.</param>
/// <param name="IsOwnAccount">Whether he says that the account that paid is his own, and not an exchange's.</param>
[GenerateSerializer, Immutable, Alias("sp.NewRefund")]
public sealed record NewRefund(
    [property: Id(0)] LedgerPlace? Payment,
    [property: Id(1)] long? Amount,
    [property: Id(2)] string? Reason,
    [property: Id(3)] string? Metadata,
    [property: Id(4)] string? IdempotencyKey,
    [property: Id(5)] string Fingerprint,
    [property: Id(6)] bool IsClaimed = false,
    [property: Id(7)] bool IsOwnAccount = false);

/// <summary>A refund.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Merchant">Whose.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Currency">In what <paramref name="Amount"/> is: the price's currency; for an excess its asset, in canonical form.</param>
/// <param name="Amount">How much, in ten-millionths of that.</param>
/// <param name="Asset">In what it is paid, in canonical form.</param>
/// <param name="Stroops">How much of that.</param>
/// <param name="Payment">The payment whose excess it is; null where it is of what counted.</param>
/// <param name="Legs">What each payer gets, newest payment first.</param>
/// <param name="FeeStroops">What the platform gives back of its fee.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="PendingReason"><c>insufficient_funds</c> while the merchant has too little, else null.</param>
/// <param name="FailureReason">Why it failed, or null.</param>
/// <param name="CreatedAt">When it was asked for, by business time.</param>
/// <param name="EndedAt">When its end was known; else null.</param>
/// <param name="Metadata">The merchant's notes, encrypted; null without any.</param>
/// <param name="IsClaimed">Whether it was its payer who asked for it.</param>
[GenerateSerializer, Immutable, Alias("sp.RefundView")]
public sealed record RefundView(
    [property: Id(0)] RefundId Id,
    [property: Id(1)] MerchantId Merchant,
    [property: Id(2)] RefundStatus Status,
    [property: Id(3)] string Currency,
    [property: Id(4)] long Amount,
    [property: Id(5)] string Asset,
    [property: Id(6)] long Stroops,
    [property: Id(7)] LedgerPlace? Payment,
    [property: Id(8)] RefundLeg[] Legs,
    [property: Id(9)] long FeeStroops,
    [property: Id(10)] string? Reason,
    [property: Id(11)] string? PendingReason,
    [property: Id(12)] string? FailureReason,
    [property: Id(13)] DateTimeOffset CreatedAt,
    [property: Id(14)] DateTimeOffset? EndedAt,
    [property: Id(15)] string? Metadata,
    [property: Id(16)] bool IsClaimed = false);

/// <summary>What one payment's payer gets back.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="To">Whom: its source, <c>G…</c>, or <c>M…</c> where it had one; or the refund address that its merchant decided on.</param>
/// <param name="Stroops">How much.</param>
/// <param name="FeeStroops">What the platform gives back of its fee with it.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="TransactionHash">The transaction that pays it; null before.</param>
/// <param name="Failure">Why it cannot be paid, or null.</param>
/// <param name="Memo">The memo by which he is known there; null where the address says it all.</param>
[GenerateSerializer, Immutable, Alias("sp.RefundLeg")]
public sealed record RefundLeg(
    [property: Id(0)] LedgerPlace Payment,
    [property: Id(1)] string To,
    [property: Id(2)] long Stroops,
    [property: Id(3)] long FeeStroops = 0,
    [property: Id(4)] RefundStatus Status = RefundStatus.Pending,
    [property: Id(5)] string? TransactionHash = null,
    [property: Id(6)] string? Failure = null,
    [property: Id(7)] RefundMemo? Memo = null);

/// <summary>The memo of a refund to somebody who shares an address with others.</summary>
/// <param name="Type"><c>text</c>, <c>id</c>, or <c>hash</c> (in base64).</param>
/// <param name="Value">What it says.</param>
[GenerateSerializer, Immutable, Alias("sp.RefundMemo")]
public sealed record RefundMemo([property: Id(0)] string Type, [property: Id(1)] string Value);

/// <summary>A decision of a merchant's: where what is given back of a payment goes.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Address">Whom to pay: <c>G…</c>, or <c>M…</c>, which has no memo.</param>
/// <param name="Memo">The memo, or null.</param>
/// <param name="DecidedBy">Who of the merchant decided it.</param>
/// <param name="IsCustomerTold">Whether the customer can be told; else it waits for longer.</param>
/// <param name="KeyHash">Under which the request's idempotency key is stored, which is the merchant's; null without one.</param>
/// <param name="Fingerprint">A hash of what the request asked for.</param>
[GenerateSerializer, Immutable, Alias("sp.NewRefundAddress")]
public sealed record NewRefundAddress(
    [property: Id(0)] LedgerPlace Payment,
    [property: Id(1)] string Address,
    [property: Id(2)] RefundMemo? Memo,
    [property: Id(3)] UserId DecidedBy,
    [property: Id(4)] bool IsCustomerTold,
    [property: Id(5)] string? KeyHash = null,
    [property: Id(6)] string Fingerprint = "");

/// <summary>Where what is given back of a payment goes, once its time has come. Stored as JSON: names are a contract.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Address">Whom to pay: <c>G…</c> or <c>M…</c>.</param>
/// <param name="Memo">The memo, or null.</param>
/// <param name="DecidedBy">Who of the merchant decided it, <c>usr_…</c>.</param>
/// <param name="DecidedAt">When, by the session's clock.</param>
/// <param name="EffectiveAt">From when on refunds go there, by that clock.</param>
/// <param name="IsInEffect">Whether they do.</param>
/// <param name="IsLapsed">
/// Whether who decided it might no more when its time came: it never holds, and keeps the payment from being given back until somebody
/// decides anew, or takes it back.
/// </param>
[GenerateSerializer, Immutable, Alias("sp.RefundAddress")]
public sealed record RefundAddress(
    [property: Id(0)] LedgerPlace Payment,
    [property: Id(1)] string Address,
    [property: Id(2)] RefundMemo? Memo,
    [property: Id(3)] string DecidedBy,
    [property: Id(4)] DateTimeOffset DecidedAt,
    [property: Id(5)] DateTimeOffset EffectiveAt,
    [property: Id(6)] bool IsInEffect = false,
    [property: Id(7)] bool IsLapsed = false)
{
    /// <summary>Whether it is to hold once its time comes.</summary>
    public bool IsAwaited() => !IsInEffect && !IsLapsed;
}

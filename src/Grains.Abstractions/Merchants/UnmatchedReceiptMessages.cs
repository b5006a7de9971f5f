using System.Text.Json.Serialization;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Merchants;

/// <summary>Why what came to a merchant's address is nobody's.</summary>
[GenerateSerializer, Alias("sp.UnmatchedReason")]
public enum UnmatchedReason
{
    /// <summary>It has neither a memo nor a muxed address.</summary>
    NoMemo,

    /// <summary>Its memo is no payment session's of this merchant.</summary>
    MemoUnknown,

    /// <summary>The number of its muxed address is no payment session's of this merchant.</summary>
    MuxedIdUnknown,

    /// <summary>Its memo and its muxed address name different ones.</summary>
    NamesDiffer,

    /// <summary>It is the sum of many payments, each too small to be worth anything.</summary>
    Dust,
}

/// <summary>What has become of an unmatched receipt.</summary>
[GenerateSerializer, Alias("sp.UnmatchedReceiptStatus")]
public enum UnmatchedReceiptStatus
{
    /// <summary>Nothing: it is to be decided.</summary>
    Unmatched,

    /// <summary>It was given to a payment session, which judges it as a payment.</summary>
    Assigned,

    /// <summary>It is the merchant's own money.</summary>
    Topup,

    /// <summary>It is on its way back to its sender.</summary>
    Refunding,

    /// <summary>It has gone back to its sender.</summary>
    Refunded,
}

/// <summary>Something that came to a merchant's address and names nobody.</summary>
/// <param name="Place">Where the ledger holds it; of dust, the first of it.</param>
/// <param name="Asset">The asset in canonical form.</param>
/// <param name="Stroops">How much.</param>
/// <param name="Payments">Of how many payments it is the sum: more than one only of dust.</param>
/// <param name="Reason">Why it is nobody's.</param>
/// <param name="Status">What has become of it.</param>
/// <param name="ClosedAt">When its ledger closed; of dust, the last of it.</param>
/// <param name="Ledger">That ledger.</param>
/// <param name="TransactionHash">Its transaction; null of dust.</param>
/// <param name="Sender">Who paid, <c>G…</c>, or null.</param>
/// <param name="SenderMuxed">The payer's <c>M…</c> address where one was used, else null.</param>
/// <param name="Memo">The memo as people are shown it, or null.</param>
/// <param name="MemoType">Its kind, or null.</param>
/// <param name="ReceiverMuxed">The <c>M…</c> address to which it was paid, where one was used, else null.</param>
/// <param name="Session">The payment session to which it was assigned, or null.</param>
/// <param name="RefundTo">To whom it goes back, or would have, or null.</param>
/// <param name="RefundHash">The transaction by which it went back, or null.</param>
/// <param name="RefundFailure">Why it could not go back when that was tried last, or null.</param>
/// <param name="DecidedAt">When it was decided, by business time, or null.</param>
/// <param name="Sequence">Counts its changes, from 1.</param>
[GenerateSerializer, Immutable, Alias("sp.UnmatchedReceipt")]
public sealed record UnmatchedReceipt(
    [property: Id(0)] LedgerPlace Place,
    [property: Id(1)] string Asset,
    [property: Id(2)] long Stroops,
    [property: Id(3)] int Payments,
    [property: Id(4)] UnmatchedReason Reason,
    [property: Id(5)] UnmatchedReceiptStatus Status,
    [property: Id(6)] DateTimeOffset ClosedAt,
    [property: Id(7)] long Ledger,
    [property: Id(8)] string? TransactionHash = null,
    [property: Id(9)] string? Sender = null,
    [property: Id(10)] string? SenderMuxed = null,
    [property: Id(11)] string? Memo = null,
    [property: Id(12)] string? MemoType = null,
    [property: Id(13)] string? ReceiverMuxed = null,
    [property: Id(14)] string? Session = null,
    [property: Id(15)] string? RefundTo = null,
    [property: Id(16)] string? RefundHash = null,
    [property: Id(17)] string? RefundFailure = null,
    [property: Id(18)] DateTimeOffset? DecidedAt = null,
    [property: Id(19)] long Sequence = 1)
{
    /// <summary>Its id.</summary>
    [JsonIgnore]
    public UnmatchedReceiptId Id => UnmatchedReceiptId.Of(Place);
}

using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Refunds;

namespace StellarPay.Grains.Sessions;

/// <summary>Where a payment session stands. All but the first are final.</summary>
[GenerateSerializer, Alias("sp.PaymentSessionStatus")]
public enum PaymentSessionStatus
{
    /// <summary>It can be paid.</summary>
    Created,

    /// <summary>It got all that it asks for.</summary>
    Paid,

    /// <summary>Its time was over before it was paid.</summary>
    Expired,

    /// <summary>Its merchant ended it.</summary>
    Canceled,
}

/// <summary>What a payment to a session was to it.</summary>
[GenerateSerializer, Alias("sp.SessionPaymentVerdict")]
public enum SessionPaymentVerdict
{
    /// <summary>All of it counts towards the price.</summary>
    Counted,

    /// <summary>Some or all of it is beyond the price.</summary>
    Overpaid,

    /// <summary>The session had ended.</summary>
    Late,

    /// <summary>It is in an asset that the session does not take, or no more.</summary>
    WrongAsset,
}

/// <summary>
/// An order to make a payment session. The front door has checked lengths and forms; what is decided by money is checked here.
/// </summary>
/// <param name="Currency">An ISO 4217 code, or an asset in canonical form.</param>
/// <param name="Amount">The price in ten-millionths of the currency's unit; above zero.</param>
/// <param name="Assets">The assets in which it can be paid, in canonical form, each once.</param>
/// <param name="ExpiresIn">For how long it can be paid: 60 seconds to 24 hours.</param>
/// <param name="ToleranceBasisPoints">By how much less than the price it may be paid, in hundredths of a percent; 0 to 1,000.</param>
/// <param name="SuccessUrl">Where the payer is sent when it is paid, or null.</param>
/// <param name="CancelUrl">Where the payer is sent who gives up, or null.</param>
/// <param name="Details">What the merchant says of the sale, encrypted; null without any.</param>
/// <param name="IdempotencyKey">The merchant's idempotency key, or null.</param>
/// <param name="Fingerprint">A hash of the request's body.</param>
/// <param name="IsPiece">Whether it takes a piece of what there is a stock of: what comes too late for that is never accepted by itself.</param>
/// <param name="Decision">Which decision about the merchant, or of its owners, it is made under: its account must know of that one.</param>
/// <param name="TestClock">The merchant's test clock that it is to live by, <c>clock_…</c>; null for the system's.</param>
/// <param name="OffersAddress">Whether its payer may have an account opened for it, and pay that.</param>
/// <param name="Origin">The payment link or the invoice that it is made by, by which it can be listed; null for neither.</param>
[GenerateSerializer, Immutable, Alias("sp.NewPaymentSession")]
public sealed record NewPaymentSession(
    [property: Id(0)] string Currency,
    [property: Id(1)] long Amount,
    [property: Id(2)] string[] Assets,
    [property: Id(3)] TimeSpan ExpiresIn,
    [property: Id(4)] int ToleranceBasisPoints,
    [property: Id(5)] string? SuccessUrl,
    [property: Id(6)] string? CancelUrl,
    [property: Id(7)] string? Details,
    [property: Id(8)] string? IdempotencyKey,
    [property: Id(9)] string Fingerprint,
    [property: Id(10)] bool IsPiece = false,
    [property: Id(11)] long Decision = 0,
    [property: Id(12)] string? TestClock = null,
    [property: Id(20)] bool OffersAddress = false,
    [property: Id(21)] string? Origin = null);

/// <summary>A payment session.</summary>
/// <param name="Id">Its id, which is the text memo by which it is paid.</param>
/// <param name="Merchant">Whose it is.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Currency">The price's currency: an ISO 4217 code, or an asset in canonical form.</param>
/// <param name="Amount">The price in ten-millionths of the currency's unit.</param>
/// <param name="Locks">What it costs in each asset that it takes.</param>
/// <param name="Address">The merchant's address, where it is paid.</param>
/// <param name="Asset">In what it was paid; before, in what most of the price has come. Null before anything but dust.</param>
/// <param name="ReceivedStroops">What counted, in stroops of that asset.</param>
/// <param name="Received">What counted, in ten-millionths of the price's currency, rounded down.</param>
/// <param name="Facts">
/// What is so besides its status: <c>underpaid</c>, <c>overpaid</c>, <c>late</c>, <c>wrong_asset</c>; and <c>processing</c>, while a wallet
/// here has signed what completes it.
/// </param>
/// <param name="Payments">What came for it, in the ledger's order: fifty at most, those that count for most.</param>
/// <param name="PaymentCount">How many payments came for it, without dust.</param>
/// <param name="ToleranceBasisPoints">By how much less than the price it may be paid.</param>
/// <param name="SuccessUrl">Where the payer is sent when it is paid, or null.</param>
/// <param name="CancelUrl">Where the payer is sent who gives up, or null.</param>
/// <param name="CreatedAt">When it was made, by business time.</param>
/// <param name="ExpiresAt">Until when it can be paid, by business time.</param>
/// <param name="PaidAt">When the ledger closed that completed it; else null.</param>
/// <param name="CanceledAt">When its merchant ended it; else null.</param>
/// <param name="CancellationReason">Why, if he said so.</param>
/// <param name="Sequence">Counts what was told of it.</param>
/// <param name="Details">What the merchant says of the sale, encrypted; null without any, or for whom it is not.</param>
/// <param name="PaidBy">The transaction that completed it; null before.</param>
/// <param name="ViewedAt">When somebody first saw its page; null before.</param>
/// <param name="Refunds">What was given back of it, oldest first.</param>
/// <param name="AcceptedAs">The session that was made of a late payment to this one; null without one, or where an operator gave that up.</param>
/// <param name="AcceptedPayment">Where the ledger holds that payment.</param>
/// <param name="RecoveredFrom">The session to which that was late of which this one was made; null for any other.</param>
/// <param name="TestClock">The test clock that it lives by; null for the system's.</param>
/// <param name="OffersAddress">Whether its payer may have an account opened for it, and pay that.</param>
/// <param name="Own">That account; null where there is none yet.</param>
/// <param name="RefundAddresses">Where what is given back of payments goes, or will, other than to who paid; null for nowhere.</param>
/// <param name="HasClaims">Whether something of it is or was held for its payers.</param>
/// <param name="IsHeldFor">Whether a payer may claim something of it now.</param>
/// <param name="IsGivenBack">Whether all that was held for them went back to them, or is about to.</param>
[GenerateSerializer, Immutable, Alias("sp.PaymentSessionView")]
public sealed record PaymentSessionView(
    [property: Id(0)] PaymentSessionId Id,
    [property: Id(1)] MerchantId Merchant,
    [property: Id(2)] PaymentSessionStatus Status,
    [property: Id(3)] string Currency,
    [property: Id(4)] long Amount,
    [property: Id(5)] SessionLock[] Locks,
    [property: Id(6)] string Address,
    [property: Id(7)] string? Asset,
    [property: Id(8)] long ReceivedStroops,
    [property: Id(9)] long Received,
    [property: Id(10)] string[] Facts,
    [property: Id(11)] SessionPayment[] Payments,
    [property: Id(12)] int PaymentCount,
    [property: Id(13)] int ToleranceBasisPoints,
    [property: Id(14)] string? SuccessUrl,
    [property: Id(15)] string? CancelUrl,
    [property: Id(16)] DateTimeOffset CreatedAt,
    [property: Id(17)] DateTimeOffset ExpiresAt,
    [property: Id(18)] DateTimeOffset? PaidAt,
    [property: Id(19)] DateTimeOffset? CanceledAt,
    [property: Id(20)] string? CancellationReason,
    [property: Id(21)] long Sequence,
    [property: Id(22)] string? Details,
    [property: Id(23)] string? PaidBy,
    [property: Id(24)] DateTimeOffset? ViewedAt,
    [property: Id(25)] RefundView[] Refunds,
    [property: Id(26)] PaymentSessionId? AcceptedAs = null,
    [property: Id(27)] LedgerPlace? AcceptedPayment = null,
    [property: Id(28)] PaymentSessionId? RecoveredFrom = null,
    [property: Id(29)] string? TestClock = null,
    [property: Id(30)] RefundAddress[]? RefundAddresses = null,
    [property: Id(40)] bool OffersAddress = false,
    [property: Id(41)] SessionAddress? Own = null,
    [property: Id(80)] bool HasClaims = false,
    [property: Id(81)] bool IsHeldFor = false,
    [property: Id(82)] bool IsGivenBack = false);

/// <summary>What a session costs in one asset, until it expires.</summary>
/// <param name="Asset">The asset in canonical form.</param>
/// <param name="DueStroops">How much of it is asked for, rounded up to the stroop.</param>
/// <param name="Rate">Units of the price's currency for one unit of the asset.</param>
/// <param name="Source">Whence the rate is.</param>
/// <param name="At">When the rate was true.</param>
/// <param name="UsdPrice">What a unit of the asset was worth in US dollars; null where that was not known.</param>
[GenerateSerializer, Immutable, Alias("sp.SessionLock")]
public sealed record SessionLock(
    [property: Id(0)] string Asset,
    [property: Id(1)] long DueStroops,
    [property: Id(2)] decimal Rate,
    [property: Id(3)] string Source,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] decimal? UsdPrice);

/// <summary>Something that came for a session.</summary>
/// <param name="Token">Where the ledger holds it (SEP-35).</param>
/// <param name="Number">The number there.</param>
/// <param name="TransactionHash">The transaction.</param>
/// <param name="Ledger">The ledger's sequence.</param>
/// <param name="ClosedAt">When that closed.</param>
/// <param name="From">Who paid: the source of the operation, or null where nobody did.</param>
/// <param name="FromMuxed">His <c>M…</c> address where he used one.</param>
/// <param name="Asset">The asset in canonical form.</param>
/// <param name="Stroops">How much came.</param>
/// <param name="CountedStroops">How much of it counts towards the price.</param>
/// <param name="Verdict">What it was to the session.</param>
/// <param name="IsHeld">Whether what of it is beyond the price is held for its payer; else the merchant has it.</param>
/// <param name="HeldReason">Why it is held still, though the merchant's setting is another; else null.</param>
/// <param name="IsCredited">Whether that was held, and its merchant took it.</param>
/// <param name="DeliveredAt">When it was delivered, by the session's test clock; null for one that lives by the system's.</param>
/// <param name="AtOwnAddress">
/// Whether it came to the account of the session's own: whoever pays there can name nobody, and many may pay from where it came.
/// </param>
/// <param name="InnerHash">The transaction inside, where that is a fee-bump; null where it is none.</param>
[GenerateSerializer, Immutable, Alias("sp.SessionPayment")]
public sealed record SessionPayment(
    [property: Id(0)] long Token,
    [property: Id(1)] int Number,
    [property: Id(2)] string TransactionHash,
    [property: Id(3)] long Ledger,
    [property: Id(4)] DateTimeOffset ClosedAt,
    [property: Id(5)] string? From,
    [property: Id(6)] string? FromMuxed,
    [property: Id(7)] string Asset,
    [property: Id(8)] long Stroops,
    [property: Id(9)] long CountedStroops,
    [property: Id(10)] SessionPaymentVerdict Verdict,
    [property: Id(11)] bool IsHeld = false,
    [property: Id(12)] string? HeldReason = null,
    [property: Id(13)] bool IsCredited = false,
    [property: Id(14)] DateTimeOffset? DeliveredAt = null,
    [property: Id(15)] bool AtOwnAddress = false,
    [property: Id(16)] string? InnerHash = null)
{
    /// <summary>Whether a transaction brought it, by whichever of its hashes.</summary>
    public bool CameBy(string hash) => hash == TransactionHash || hash == InnerHash;
}

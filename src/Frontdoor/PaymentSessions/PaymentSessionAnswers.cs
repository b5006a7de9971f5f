using System.Text.Json;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>A payment session as its merchant is shown it.</summary>
/// <param name="Id">Its id, <c>pay_…</c>: the text memo by which it is paid.</param>
/// <param name="Object">Always <c>payment_session</c>.</param>
/// <param name="SessionId">Its id again.</param>
/// <param name="MerchantId">Whose it is.</param>
/// <param name="Livemode">Whether payments are real here.</param>
/// <param name="Status">created, paid, expired or canceled. All but the first are final.</param>
/// <param name="Currency">The price's currency: an ISO 4217 code, or an asset's code.</param>
/// <param name="Amount">The price in the currency's minor unit; null for a price in an asset.</param>
/// <param name="AmountDecimal">The price as a decimal string.</param>
/// <param name="AmountFiat">The price as a decimal string; null for a price in an asset.</param>
/// <param name="FiatCurrency">Its ISO 4217 code; null for a price in an asset.</param>
/// <param name="Asset">In what it is being paid, or first may be.</param>
/// <param name="AmountAsset">How much of that is asked for.</param>
/// <param name="Rate">Units of the currency for one unit of that asset, until it expires.</param>
/// <param name="Assets">In what it may be paid, and how much is asked for in each.</param>
/// <param name="AmountReceived">What has been received of the price, in its minor unit, rounded down; null for a price in an asset.</param>
/// <param name="AmountReceivedDecimal">The same as a decimal string.</param>
/// <param name="Received">What counted, in the asset in which it is being paid; null before anything did.</param>
/// <param name="Rest">What is still asked for, in that asset; null where it has ended.</param>
/// <param name="Underpaid">Whether less came than is asked for.</param>
/// <param name="Overpaid">Whether more came.</param>
/// <param name="Late">Whether something came after its end; or what paid it came after another's (<c>recovered_from</c>).</param>
/// <param name="WrongAsset">Whether something came in an asset that it does not take.</param>
/// <param name="Processing">
/// Whether a wallet here has signed what completes it, and no ledger has that yet: while it is so it cannot be cancelled.
/// </param>
/// <param name="Payments">What came, in the ledger's order: fifty at most, those that count for most.</param>
/// <param name="AmountRefunded">What of the price was given back or is about to be, in its minor unit; null for a price in an asset.</param>
/// <param name="AmountRefundedDecimal">The same as a decimal string.</param>
/// <param name="PaymentCount">How many payments came, without those of less than 0.0001.</param>
/// <param name="TxHash">The transaction that completed it; before, that of the last payment that counted, or null.</param>
/// <param name="PayTo">Where it is paid, and by what it is named there.</param>
/// <param name="DedicatedAddress">An address of its own that needs no memo; null where none was offered when it was made.</param>
/// <param name="AmountToleranceBps">By how many hundredths of a percent less it may be paid.</param>
/// <param name="SuccessUrl">Where the payer is sent when it is paid, or null.</param>
/// <param name="CancelUrl">Where the payer is sent who gives up, or null.</param>
/// <param name="CheckoutUrl">The page where it is paid, with a secret in it; null where the deployment has no pages.</param>
/// <param name="RefundUrl">
/// The page where its payer claims back what is held for him (beyond the price, late, in another asset, or of a session that ended
/// unpaid), with another secret in it: for who paid, since whoever has it can have that sent back whence it came. For callers who may
/// write refunds and ask for this one session; null in lists and other answers, where nothing is or was held, or the deployment has no
/// pages.
/// </param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ViewedAt">When somebody first saw that page, or null.</param>
/// <param name="ExpiresAt">Until when it can be paid.</param>
/// <param name="PaidAt">When the ledger closed that completed it, or null.</param>
/// <param name="CanceledAt">When it was ended, or null.</param>
/// <param name="CancellationReason">Why, or null.</param>
/// <param name="AcceptedAs">The session that was made of a late payment to this one, which its merchant accepted; or null.</param>
/// <param name="RecoveredFrom">The session that had ended, of whose late payment this one was made; null for any other.</param>
/// <param name="TestClock">The test clock by which it lives; null for real time.</param>
/// <param name="Sequence">Counts what was told of it: an event with a lower one is older.</param>
/// <param name="CustomerEmail">As the merchant gave it, or null.</param>
/// <param name="Description">As the merchant gave it, or null.</param>
/// <param name="LineItems">As the merchant gave them.</param>
/// <param name="Metadata">As the merchant gave it.</param>
internal sealed record PaymentSessionAnswer(
    string Id,
    string Object,
    string SessionId,
    string MerchantId,
    bool Livemode,
    string Status,
    string Currency,
    long? Amount,
    string AmountDecimal,
    string? AmountFiat,
    string? FiatCurrency,
    string Asset,
    string AmountAsset,
    string Rate,
    SessionAssetAnswer[] Assets,
    long? AmountReceived,
    string AmountReceivedDecimal,
    string? Received,
    string? Rest,
    bool Underpaid,
    bool Overpaid,
    bool Late,
    bool WrongAsset,
    bool Processing,
    SessionPaymentAnswer[] Payments,
    long? AmountRefunded,
    string AmountRefundedDecimal,
    int PaymentCount,
    string? TxHash,
    PayToAnswer PayTo,
    DedicatedAddressAnswer? DedicatedAddress,
    int AmountToleranceBps,
    string? SuccessUrl,
    string? CancelUrl,
    string? CheckoutUrl,
    string? RefundUrl,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ViewedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? PaidAt,
    DateTimeOffset? CanceledAt,
    string? CancellationReason,
    string? AcceptedAs,
    string? RecoveredFrom,
    string? TestClock,
    long Sequence,
    string? CustomerEmail,
    string? Description,
    LineItemAnswer[] LineItems,
    IReadOnlyDictionary<string, string> Metadata)
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What the grains say of a session, and what its merchant says of the sale.</summary>
    public static PaymentSessionAnswer Of(JsonElement session, SaleDetailsJson details) =>
        (session.Deserialize<PaymentSessionAnswer>(Snake) ?? throw new JsonException("A session says nothing.")) with
        {
            CustomerEmail = details.CustomerEmail,
            Description = details.Description,
            LineItems = details.LineItems ?? [],
            Metadata = details.Metadata ?? [],
        };
}

/// <summary>What a session costs in one asset.</summary>
/// <param name="Asset">The asset's code.</param>
/// <param name="Issuer">The account that issues it; null for XLM.</param>
/// <param name="Amount">How much is asked for, rounded up to seven places.</param>
/// <param name="Rate">Units of the price's currency for one unit.</param>
/// <param name="RateSource">Whence that is.</param>
/// <param name="RateAt">When it was true.</param>
internal sealed record SessionAssetAnswer(
    string Asset, string? Issuer, string Amount, string Rate, string RateSource, DateTimeOffset RateAt)
{
    /// <summary>The asset in full.</summary>
    public string Canonical() => Issuer is null ? StellarPay.Grains.Money.Asset.Native.Canonical : $"{Asset}:{Issuer}";
}

/// <summary>Something that came for a session.</summary>
/// <param name="OperationId">Where the ledger holds it (SEP-35), and the number there.</param>
/// <param name="TxHash">The transaction.</param>
/// <param name="Ledger">The ledger.</param>
/// <param name="ClosedAt">When that closed.</param>
/// <param name="From">Who paid: the operation's source, as <c>M…</c> where he used one; null where nobody did.</param>
/// <param name="AtDedicatedAddress">
/// Whether it came to the session's own address: most likely from an exchange, whose account <c>from</c> is nobody's who could be paid
/// back.
/// </param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Amount">How much came.</param>
/// <param name="AmountCounted">How much of it counts towards the price.</param>
/// <param name="AmountRefunded">How much of it was given back or is about to be.</param>
/// <param name="Verdict">counted, overpaid, late or wrong_asset.</param>
/// <param name="HeldReason">
/// Why what is beyond the price, or late, is held still though the merchant's <c>over_payments</c> or <c>late_payments</c> is another: the
/// code by which a call would be refused, <c>automatic_refunds_exceeded</c>, <c>excess_too_small</c> (less than a hundredth of the price,
/// or than ten cents: refunded when asked for), or of what is not accepted by itself <c>payment_link_stock</c>,
/// <c>payment_session_canceled</c>, <c>payment_session_paid</c> or <c>payment_too_late</c> (by more than a volatile price holds). Also
/// <c>closed_by_operator</c>, where it was accepted, and an operator gave up that it is sold. Else null.
/// </param>
/// <param name="RefundAddress">Where what is given back of it goes, or will, other than to who paid; null for nowhere.</param>
internal sealed record SessionPaymentAnswer(
    string OperationId, string TxHash, long Ledger, DateTimeOffset ClosedAt, string? From, bool AtDedicatedAddress, string Asset,
    string Amount, string AmountCounted, string AmountRefunded, string Verdict, string? HeldReason,
    RefundAddressAnswer? RefundAddress = null);

/// <summary>Where what is given back of a payment goes by a decision of its merchant's. While it waits nothing is given back.</summary>
/// <param name="Address">The account, <c>G…</c> or <c>M…</c>.</param>
/// <param name="Memo">The memo that goes with it, or null.</param>
/// <param name="MemoType">Its kind: text, id or hash (in base64); null without one.</param>
/// <param name="Status">
/// waiting; active from when on refunds go there; or lapsed, where who decided it might no more by then: nothing is given back either.
/// </param>
/// <param name="DecidedAt">When it was decided.</param>
/// <param name="EffectiveAt">When it is active: a day later, or three where no customer could be told.</param>
internal sealed record RefundAddressAnswer(
    string Address, string? Memo, string? MemoType, string Status, DateTimeOffset DecidedAt, DateTimeOffset EffectiveAt);

/// <summary>
/// Where a session is paid. One of the three names suffices: the memo, the id memo, or the muxed address, which needs none.
/// </summary>
/// <param name="Address">The merchant's address.</param>
/// <param name="Memo">The text memo that names the session.</param>
/// <param name="MemoType">Always <c>text</c>.</param>
/// <param name="MuxedAddress">An <c>M…</c> address that names it (SEP-23).</param>
/// <param name="MemoId">The id memo that names it, for who can type numbers only.</param>
internal sealed record PayToAnswer(string Address, string Memo, string MemoType, string MuxedAddress, string MemoId);

/// <summary>
/// An address that is the session's alone, for payers whose wallet or exchange can set neither memo nor muxed address. What comes there is
/// paid on to the merchant at once; then the account is given up.
/// </summary>
/// <param name="Status">
/// offered (ask for it), opening (its account is being opened), open (it can be paid), processing (something came, and is not with the
/// merchant yet) or closed (nothing is to be sent there any more).
/// </param>
/// <param name="Address">The address while it is open; else null.</param>
internal sealed record DedicatedAddressAnswer(string Status, string? Address);

/// <summary>One of the things that are sold.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Amount">What one costs, or null.</param>
internal sealed record LineItemAnswer(string Name, int Quantity, string? Amount);

/// <summary>What a transaction did for a session.</summary>
/// <param name="Object">Always <c>payment_session.verification</c>.</param>
/// <param name="SessionId">The session.</param>
/// <param name="TxHash">The transaction.</param>
/// <param name="Counted">Whether something of it counts towards the price.</param>
/// <param name="Payments">What of it came for the session.</param>
/// <param name="Reason">
/// Why nothing of it counts: late, wrong_asset or overpaid; other_session (it came for <c>other_payment_session</c>); no_memo,
/// memo_unknown, muxed_id_unknown or names_differ (memo and muxed address name different ones), where it names nobody and is
/// <c>unmatched_receipt</c>; processing (something is on its way from the session's own address, a wallet here has signed what completes
/// the session, or it came and is about to be judged); not_kept (it came for this session, which does not show it any more); or not_seen.
/// Null where something does.
/// </param>
/// <param name="Message">The same in a sentence.</param>
/// <param name="UnmatchedReceipt">What it brought that names nobody, <c>rcp_…</c>; null for nothing.</param>
/// <param name="OtherPaymentSession">The merchant's other session for which it came, <c>pay_…</c>; null for none.</param>
internal sealed record VerificationAnswer(
    string Object, string SessionId, string TxHash, bool Counted, SessionPaymentAnswer[] Payments, string? Reason, string Message,
    string? UnmatchedReceipt = null, string? OtherPaymentSession = null);

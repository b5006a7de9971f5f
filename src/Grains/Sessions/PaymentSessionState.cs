using System.Text.Json.Serialization;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Sessions;

/// <summary>A payment session as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.PaymentSessionState")]
internal sealed class PaymentSessionState : IInboxState, IRowState
{
    /// <summary>The name of the state: of no other grain class, for ever.</summary>
    public const string Name = "payment_session";

    /// <summary>The merchant whose it is; null before it is made.</summary>
    [Id(0)] public string? Merchant { get; set; }

    /// <summary>Where it is paid: the merchant's address when it was made.</summary>
    [Id(1)] public string Address { get; set; } = "";

    [Id(2)] public PaymentSessionStatus Status { get; set; }

    [Id(3)] public string Currency { get; set; } = "";

    /// <summary>The price in ten-millionths of the currency's unit.</summary>
    [Id(4)] public long Amount { get; set; }

    /// <summary>What it costs in each asset that it takes. Never changed.</summary>
    [Id(5)] public SessionLock[] Locks { get; set; } = [];

    [Id(6)] public int ToleranceBasisPoints { get; set; }

    [Id(7)] public DateTimeOffset CreatedAt { get; set; }

    [Id(8)] public DateTimeOffset ExpiresAt { get; set; }

    [Id(9)] public string? SuccessUrl { get; set; }

    [Id(10)] public string? CancelUrl { get; set; }

    /// <summary>In what it was paid; before, in what most of the price has come. Null before anything but dust.</summary>
    [Id(11)] public string? Asset { get; set; }

    /// <summary>What counted, in stroops by asset: more than one only where dust came in another.</summary>
    [Id(12)] public Dictionary<string, long> Counted { get; set; } = [];

    /// <summary>What happened besides its status.</summary>
    [Id(13)] public SessionFacts Facts { get; set; }

    /// <summary>How many payments came for it, without dust.</summary>
    [Id(14)] public int PaymentCount { get; set; }

    [Id(15)] public DateTimeOffset? PaidAt { get; set; }

    /// <summary>The transaction that completed it; null before.</summary>
    [Id(27)] public string? PaidBy { get; set; }

    /// <summary>When somebody first saw its page; null before.</summary>
    [Id(28)] public DateTimeOffset? ViewedAt { get; set; }

    [Id(16)] public DateTimeOffset? CanceledAt { get; set; }

    [Id(17)] public string? CancellationReason { get; set; }

    /// <summary>Counts what was told of it.</summary>
    [Id(18)] public long Sequence { get; set; }

    /// <summary>How many events told of payments that did not complete it.</summary>
    [Id(19)] public int PaymentEvents { get; set; }

    /// <summary>When the last of them was told, by business time.</summary>
    [Id(20)] public DateTimeOffset? PaymentEventAt { get; set; }

    /// <inheritdoc />
    [Id(21)] public LedgerPlace Drained { get; set; }

    /// <summary>How many rows of its inbox are parked: while some are, nobody knows that it was not paid.</summary>
    [Id(22)] public int Parked { get; set; }

    /// <summary>The business time at which it must look at itself; null where nothing is due.</summary>
    [Id(23)] public DateTimeOffset? DueAt { get; set; }

    /// <summary>The first payments that came for it, in the ledger's order. Rows of their own.</summary>
    [Id(24), JsonIgnore] public List<SessionPayment> Payments { get; set; } = [];

    /// <summary>What the merchant says of the sale, encrypted. A row of its own, never changed.</summary>
    [Id(25), JsonIgnore] public SaleDetails? Details { get; set; }

    /// <summary>The merchant's tier when it was made, by which the fee is taken.</summary>
    [Id(29)] public int Tier { get; set; }

    /// <summary>What of what counted is the platform's, in stroops of the asset in which it was paid; 0 before.</summary>
    [Id(30)] public long Fee { get; set; }

    /// <summary>How many refunds were made of it.</summary>
    [Id(31)] public int RefundCount { get; set; }

    /// <summary>The refunds, oldest first. Rows of their own.</summary>
    [Id(32), JsonIgnore] public List<RefundRecord> Refunds { get; set; } = [];

    /// <summary>Payments that the merchant never books, for an operator closed them: nothing of them can be given back.</summary>
    [Id(33)] public List<LedgerPlace> Unbooked { get; set; } = [];

    /// <summary>The late payment that was accepted; null without one.</summary>
    [Id(34)] public LedgerPlace? Accepted { get; set; }

    /// <summary>The session that is made of it.</summary>
    [Id(35)] public string? AcceptedAs { get; set; }

    /// <summary>The session to which that was late of which this one was made; null for any other.</summary>
    [Id(36)] public string? RecoveredFrom { get; set; }

    /// <summary>What its merchant chose, before it was made, for what comes beyond its price or too late; or null.</summary>
    [Id(37)] public ExcessChoices? Excess { get; set; }

    /// <summary>Whether it takes a piece of what there is a stock of.</summary>
    [Id(38)] public bool IsPiece { get; set; }

    /// <summary>Whether any stranger could have it made.</summary>
    [JsonIgnore] public bool IsForAnybody => Origin?.StartsWith(PaymentLinkId.Prefix, StringComparison.Ordinal) is true;

    /// <summary>Payments of which it is not decided yet what becomes of them by that choice.</summary>
    [Id(39)] public List<LedgerPlace> Undecided { get; set; } = [];

    /// <summary>How often it was woken and could not decide that.</summary>
    [Id(40)] public int Delays { get; set; }

    /// <summary>Whether an operator gave up that the accepted payment is sold: it is held as before, and can be given back.</summary>
    [Id(41)] public bool IsAcceptanceClosed { get; set; }

    /// <summary>The test clock that it lives by, <c>clock_…</c>; null for one that lives by the system's.</summary>
    [Id(42)] public string? Clock { get; set; }

    /// <summary>When it must look at itself by that clock; null where nothing is due by it.</summary>
    [Id(43)] public DateTimeOffset? ClockDueAt { get; set; }

    /// <summary>The last ledger whose payments are in time, noted when its test clock came to its end; null before.</summary>
    [Id(44)] public long? EndLedger { get; set; }

    /// <summary>Whether its payer may have an account opened for it.</summary>
    [Id(50)] public bool OffersAddress { get; set; }

    /// <summary>That account, as far as it told; null before there is one.</summary>
    [Id(51)] public SessionAddress? Own { get; set; }

    /// <summary>Whether that was asked for, and is not known yet: there may be one.</summary>
    [Id(52)] public bool AsksAddress { get; set; }

    /// <summary>How much had counted, of all assets, when that was told last what is missing.</summary>
    [Id(53)] public long ToldCounted { get; set; }

    /// <summary>Where what is given back of payments goes, or will, other than to who paid: rows of their own, one of a payment.</summary>
    [Id(60), JsonIgnore] public List<RefundAddress> RefundAddresses { get; set; } = [];

    /// <summary>How many of these were decided in a day, those that are withdrawn or replaced among them.</summary>
    [Id(61)] public RefundDay? RefundAddressDay { get; set; }

    /// <summary>What wallets here have signed that pays it, and is not there.</summary>
    [Id(85)] public List<SignedPayment> Signed { get; set; } = [];

    /// <summary>What is remembered of all such; null before the first, and after its end.</summary>
    [Id(86)] public SigningMarks? SigningMarks { get; set; }

    /// <summary>The payment link or the invoice that it was made by; null for neither.</summary>
    [Id(90)] public string? Origin { get; set; }

    /// <inheritdoc />
    [field: NonSerialized] public ChildRows? Rows { get; set; }

    /// <inheritdoc />
    [Id(26), JsonIgnore] public KnownRow[] KnownRows { get; set; } = [];

    /// <inheritdoc />
    [field: NonSerialized] public InboxMarks? Inbox { get; set; }

    /// <summary>The events of the write under way; storage takes them out.</summary>
    [field: NonSerialized] public List<OutboxEvent> Outbox { get => field ??= []; set; }

    /// <summary>The idempotency keys of the write under way; storage takes them out too.</summary>
    [field: NonSerialized] public List<IdempotencyKeyEntry> Keys { get => field ??= []; set; }

    /// <summary>The lists into which the write under way puts it; storage takes them out too.</summary>
    [field: NonSerialized] public List<ListedObject> Listed { get => field ??= []; set; }
}

/// <summary>What happened to a session besides its status.</summary>
[Flags, GenerateSerializer, Alias("sp.SessionFacts")]
internal enum SessionFacts
{
    None = 0,
    Underpaid = 1,
    Overpaid = 2,
    Late = 4,
    WrongAsset = 8,
}

/// <summary>What a merchant says of a sale.</summary>
/// <param name="Sealed">Encrypted under the merchant's data key, in base64.</param>
[GenerateSerializer, Immutable, Alias("sp.SaleDetails")]
internal sealed record SaleDetails([property: Id(0)] string Sealed);

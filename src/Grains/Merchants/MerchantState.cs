using System.Text.Json.Serialization;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Events;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Merchants;

/// <summary>A merchant's account as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.MerchantState")]
internal sealed class MerchantState : IInboxState, IAccountState, IRowState
{
    /// <summary>The name of the state: of no other grain class, for ever.</summary>
    public const string Name = "merchant";

    /// <summary>The key of its account; null before there is one.</summary>
    [Id(0)] public EncryptedSeed? Key { get; set; }

    [Id(1)] public MerchantAccountStatus Status { get; set; }

    /// <summary>Whether it makes no sessions for now.</summary>
    [Id(2)] public bool Suspended { get; set; }

    /// <summary>The tier by which fees are taken.</summary>
    [Id(3)] public int Tier { get; set; }

    /// <summary>By the asset's canonical form; assets that the account can hold, which are few.</summary>
    [Id(4)] public Dictionary<string, AssetBook> Books { get; set; } = [];

    /// <inheritdoc />
    [Id(5)] public LedgerPlace Drained { get; set; }

    [Id(6)] public long Revision { get; set; }

    /// <summary>The business time at which it must look at itself; null where nothing is due.</summary>
    [Id(7)] public DateTimeOffset? DueAt { get; set; }

    /// <summary>Whence whoever registered it came, as budgets count it; only until the account is there.</summary>
    [Id(8)] public OpeningOrigin? Origin { get; set; }

    /// <summary>Whether it once made a transaction fail that was to open others' accounts too.</summary>
    [Id(9)] public bool OpensAlone { get; set; }

    /// <summary>The business time from when on the account is to be opened, of which the day's budget was used up; else null.</summary>
    [Id(10)] public DateTimeOffset? OpensAfter { get; set; }

    /// <summary>What counted for sessions and is never booked, until they are at their end.</summary>
    [Id(30)] public List<UnbookedSale> Unbooked { get; set; } = [];

    /// <summary>Payments that are in nobody's books, for an operator gave up what was said of them, until who said it knows.</summary>
    [Id(39)] public List<NeverBookedPayment> NeverBooked { get; set; } = [];

    /// <summary>What was accepted and an operator gave up: it is held as before. Until who would have had it knows.</summary>
    [Id(37)] public List<UnacceptedPayment> NeverAccepted { get; set; } = [];

    /// <summary>What is done with what comes beyond a session's price, or too late; null where the merchant never said.</summary>
    [Id(33)] public ExcessChoices? Excess { get; set; }

    /// <summary>How much was given back by that on the last day on which something was.</summary>
    [Id(34)] public RefundDay? AutomaticDay { get; set; }

    /// <summary>How much payers claimed on the last day on which they claimed something.</summary>
    [Id(45)] public RefundDay? ClaimedDay { get; set; }

    /// <summary>How much of that was of who paid less than half of a price.</summary>
    [Id(46)] public RefundDay? LittleClaimedDay { get; set; }

    /// <summary>Of how many unmatched receipts its merchant was told on the last day on which he was of some.</summary>
    [Id(35)] public RefundDay? ReceiptDay { get; set; }

    /// <summary>The most of each asset of which he was told then, in stroops.</summary>
    [Id(38)] public Dictionary<string, long>? MostReceived { get; set; }

    /// <summary>When he was told of one last.</summary>
    [Id(36)] public DateTimeOffset? ReceiptToldAt { get; set; }

    /// <summary>How many accounts its sessions had opened on the last day on which they had some.</summary>
    [Id(40)] public RefundDay? AddressDay { get; set; }

    /// <summary>How many transactions those made to it on the last day on which they made some.</summary>
    [Id(41)] public SweepDay? SweepDay { get; set; }

    /// <summary>Which of the decisions of administrators it knows.</summary>
    [Id(31)] public long Decision { get; set; }

    /// <summary>The transaction that pays refunds, signed and not decided.</summary>
    [Id(11)] public Submission? Submission { get; set; }

    /// <inheritdoc />
    [Id(12)] public long? SequenceNumber { get; set; }

    /// <inheritdoc />
    [Id(13)] public List<string>? LearntEarly { get; set; }

    /// <inheritdoc />
    [Id(14)] public long? LearntThrough { get; set; }

    /// <summary>How much was tried to pay back on the last day on which something was.</summary>
    [Id(15)] public RefundDay? RefundDay { get; set; }

    /// <summary>What is to be paid back, oldest first. Rows of their own.</summary>
    [Id(16), JsonIgnore] public List<RefundOrderRecord> RefundOrders { get; set; } = [];

    /// <inheritdoc />
    [field: NonSerialized] public ChildRows? Rows { get; set; }

    /// <inheritdoc />
    [Id(17), JsonIgnore] public KnownRow[] KnownRows { get; set; } = [];

    /// <summary>The account.</summary>
    [JsonIgnore] public string Address => Key?.PublicKey ?? "";

    /// <inheritdoc />
    [field: NonSerialized] public InboxMarks? Inbox { get; set; }

    /// <summary>The events of the write under way; storage takes them out.</summary>
    [field: NonSerialized] public List<OutboxEvent> Outbox { get => field ??= []; set; }
}

/// <summary>What a merchant holds of one asset, in stroops. What is on the ledger is the sum of the rest.</summary>
[GenerateSerializer, Alias("sp.AssetBook")]
internal sealed class AssetBook
{
    /// <summary>What came and no session has judged, or names none.</summary>
    [Id(0)] public long Unallocated { get; set; }

    /// <summary>What sessions received that are not paid in full.</summary>
    [Id(1)] public long Pending { get; set; }

    /// <summary>What the merchant may spend.</summary>
    [Id(2)] public long Available { get; set; }

    /// <summary>What its payers may have back.</summary>
    [Id(3)] public long Held { get; set; }

    /// <summary>What is the platform's.</summary>
    [Id(4)] public long Fees { get; set; }

    /// <summary>What is set aside to be paid back.</summary>
    [Id(5)] public long Refunds { get; set; }

    [JsonIgnore] public long OnLedger => checked(Unallocated + Pending + Available + Held + Fees + Refunds);
}

/// <summary>What was done in a day about refunds: what an account tried to pay back, or where to was decided.</summary>
/// <param name="Day">The day (UTC).</param>
/// <param name="Tries">How often: of payments each as often as it was signed.</param>
[GenerateSerializer, Immutable, Alias("sp.RefundDay")]
internal sealed record RefundDay([property: Id(0)] DateTimeOffset Day, [property: Id(1)] int Tries);

/// <summary>A payment of which an operator gave up what was said, and a session that is told and has not said yet that it knows.</summary>
/// <param name="Payment">Where the ledger holds it.</param>
/// <param name="Session">The session that said it, or one that was made of the payment.</param>
[GenerateSerializer, Immutable, Alias("sp.NeverBookedPayment")]
internal sealed record NeverBookedPayment([property: Id(0)] LedgerPlace Payment, [property: Id(1)] string Session);

/// <summary>What was held, was to be sold, and is held still, for an operator gave up that it is sold.</summary>
/// <param name="Payment">Where the ledger holds it.</param>
/// <param name="Session">Which session would have been paid by it, or credited with it.</param>
/// <param name="IsOwn">Whether that is the session for which it is held; else another was made of it, which has nothing.</param>
[GenerateSerializer, Immutable, Alias("sp.UnacceptedPayment")]
internal sealed record UnacceptedPayment(
    [property: Id(0)] LedgerPlace Payment, [property: Id(1)] string Session, [property: Id(2)] bool IsOwn);

/// <summary>What counted for a session and is never booked, in stroops.</summary>
[GenerateSerializer, Immutable, Alias("sp.UnbookedSale")]
internal sealed record UnbookedSale([property: Id(0)] string Session, [property: Id(1)] string Asset, [property: Id(2)] long Stroops);

using System.Text.Json.Serialization;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Events;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Wallets;

/// <summary>A wallet as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.WalletState")]
internal sealed class WalletState : IInboxState, IRowState, IAccountState
{
    /// <summary>The user whose it is; null before it has a key.</summary>
    [Id(0)] public string? Owner { get; set; }

    [Id(1)] public string Address { get; set; } = "";

    [Id(2)] public WalletStatus Status { get; set; }

    [Id(3)] public EncryptedSeed? Key { get; set; }

    /// <summary>The sequence number that the account used last; null where it must be read from the network.</summary>
    [Id(5)] public long? SequenceNumber { get; set; }

    /// <summary>By the asset's canonical form.</summary>
    [Id(6), JsonConverter(typeof(BalancesConverter))] public Dictionary<string, BalanceRecord> Balances { get; set; } = [];

    /// <inheritdoc />
    [Id(7)] public LedgerPlace Drained { get; set; }

    /// <summary>Those under way, and the most recent of the others; oldest first. Rows of their own.</summary>
    [Id(8), JsonIgnore] public List<PaymentRecord> Payments { get; set; } = [];

    /// <summary>What payments used of the 24-hour limit.</summary>
    [Id(9), JsonConverter(typeof(UsageBucketsConverter))] public List<UsageBucket> DayUsage { get; set; } = [];

    [Id(11)] public long Revision { get; set; }

    /// <summary>The business time at which the wallet must look at itself; null where nothing is due.</summary>
    [Id(12)] public DateTimeOffset? DueAt { get; set; }

    /// <summary>The transaction that is signed and not decided; there is never more than one. A row of its own.</summary>
    [Id(13), JsonIgnore] public Submission? Submission { get; set; }

    /// <summary>
    /// Inner hashes of transactions whose end was learnt from the network before the inbox told it: their outcome rows are
    /// still to come, and are no strangers'. Null without any.
    /// </summary>
    [Id(40)] public List<string>? LearntEarly { get; set; }

    /// <inheritdoc />
    [Id(41), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LearntThrough { get; set; }

    /// <summary>What payments used of the 30-day limit.</summary>
    [Id(30), JsonConverter(typeof(UsageBucketsConverter))] public List<UsageBucket> MonthUsage { get; set; } = [];

    /// <summary>How well the owner is known, 0 to 3.</summary>
    [Id(31)] public int Tier { get; set; }

    /// <summary>That it is frozen; null where it is not.</summary>
    [Id(32)] public FreezeRecord? Frozen { get; set; }

    /// <summary>The key that is to replace the present one as the account's signer; null where none is.</summary>
    [Id(50)] public EncryptedSeed? NextKey { get; set; }

    /// <summary>How many transactions that were to replace the key came to nothing; null while none is to.</summary>
    [Id(51)] public int? KeyChangeTries { get; set; }

    /// <summary>The status as people are told it.</summary>
    [JsonIgnore] public WalletStatus ShownStatus => Frozen is null ? Status : WalletStatus.Frozen;

    /// <summary>The address as people are told it; null before the account is wanted.</summary>
    [JsonIgnore] public string? ShownAddress => Status == WalletStatus.Unopened ? null : Address;

    /// <summary>
    /// Claimable balances that others set aside for this wallet, and that it will claim; rows of their own. Null without any.
    /// </summary>
    [Id(60), JsonIgnore] public List<IncomingClaim>? Claims { get; set; }

    /// <summary>The business time at which to ask the network for more of them; null where there are none.</summary>
    [Id(61)] public DateTimeOffset? SweepAt { get; set; }

    /// <summary>How far asking for them has come; null where it begins anew.</summary>
    [Id(62), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClaimScan? Scan { get; set; }

    /// <summary>Ways through the offers that the ledger refused of late. Null without any.</summary>
    [Id(63), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<FailedPath>? FailedPaths { get; set; }

    /// <summary>
    /// Whether the network keeps a reserve of the account's own XLM, as it does of one that the platform did not create. Null where not.
    /// </summary>
    [Id(64), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? OwnReserve { get; set; }

    /// <summary>Whether it once made a transaction fail that was to open others' accounts too. Null where not.</summary>
    [Id(65), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? OpensAlone { get; set; }

    /// <summary>How it is being closed. Null where it is not.</summary>
    [Id(66), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClosingRecord? Closing { get; set; }

    /// <summary>Whence its owner came, as budgets count it; only until the account is there.</summary>
    [Id(67), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OpeningOrigin? Origin { get; set; }

    /// <summary>The business time from when on the account is to be opened, of which the day's budget was used up; else null.</summary>
    [Id(68), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? OpensAfter { get; set; }

    /// <summary>What of the day's budgets the user has used; null before anything.</summary>
    [Id(69), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UserDay? Today { get; set; }

    /// <summary>What is known of the owner's second factor, and what was paid without it. Null before he had any.</summary>
    [Id(70), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SecondFactorRecord? SecondFactor { get; set; }

    /// <summary>Whether it was given up for good, because its owner is erased. Null where not.</summary>
    [Id(71), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Retired { get; set; }

    /// <summary>
    /// What is set aside for whoever confirms a name: those that are not over, and the most recent of the others; oldest first. Rows of
    /// their own. Null without any.
    /// </summary>
    [Id(72), JsonIgnore] public List<InvitationRecord>? Invitations { get; set; }

    /// <inheritdoc />
    [field: NonSerialized] public ChildRows? Rows { get; set; }

    /// <inheritdoc />
    [Id(14), JsonIgnore] public KnownRow[] KnownRows { get; set; } = [];

    /// <summary>The events of the write under way; storage takes them out. Never more than one write's.</summary>
    [field: NonSerialized] public List<OutboxEvent> Outbox { get => field ??= []; set; }

    /// <inheritdoc />
    [field: NonSerialized] public InboxMarks? Inbox { get; set; }

    /// <summary>What the write under way does to the table of invited names; storage takes it out too. Null where nothing.</summary>
    [field: NonSerialized] public InvitationMarks? Invited { get; set; }

    /// <summary>The idempotency keys of the write under way; storage takes them out too.</summary>
    [field: NonSerialized] public List<IdempotencyKeyEntry> Keys { get => field ??= []; set; }
}

/// <summary>The ledger's balance of one asset.</summary>
[GenerateSerializer, Alias("sp.BalanceRecord")]
internal sealed class BalanceRecord
{
    [Id(0)] public long Stroops { get; set; }

    /// <summary>The ledger since which the issuer lets nothing of it be moved; null where it does.</summary>
    [Id(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? FrozenSince { get; set; }
}

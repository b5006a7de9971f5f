using System.Globalization;
using System.Text.Json.Serialization;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>An account of a session's own as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.PaymentAddressState")]
internal sealed class PaymentAddressState : IInboxState, IAccountState, IRowState
{
    /// <summary>The name of the state: of no other grain class, for ever.</summary>
    public const string Name = "payment_address";

    /// <summary>The key of its account, which is kept for ever; null before there is one.</summary>
    [Id(0)] public EncryptedSeed? Key { get; set; }

    [Id(1)] public PaymentAddressStatus Status { get; set; }

    /// <summary>The session's merchant.</summary>
    [Id(2)] public string Merchant { get; set; } = "";

    /// <summary>The merchant's address, the only one that the account pays.</summary>
    [Id(3)] public string PaysTo { get; set; } = "";

    /// <summary>In which assets, and with how much of each, the session is paid.</summary>
    [Id(4)] public Dictionary<string, long> Enough { get; set; } = [];

    /// <summary>When the session's time is over.</summary>
    [Id(5)] public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Whether the session said that it has ended.</summary>
    [Id(6)] public bool IsOver { get; set; }

    /// <summary>Whether all that ledgers hold up to the session's end has been taken in.</summary>
    [Id(7)] public bool IsPastEnd { get; set; }

    /// <summary>Whether the ledger has the account, by what was taken in of it.</summary>
    [Id(8)] public bool HasAccount { get; set; }

    /// <summary>What the account holds of each asset, in stroops.</summary>
    [Id(9)] public Dictionary<string, long> Balances { get; set; } = [];

    /// <summary>What ever came of each asset, in stroops.</summary>
    [Id(10)] public Dictionary<string, long> Received { get; set; } = [];

    /// <inheritdoc />
    [Id(11)] public LedgerPlace Drained { get; set; }

    /// <summary>How many rows of its inbox are parked: while some are, nobody knows that nothing else came.</summary>
    [Id(12)] public int Parked { get; set; }

    /// <summary>The business time at which it must look at itself; null where nothing is due.</summary>
    [Id(13)] public DateTimeOffset? DueAt { get; set; }

    /// <summary>Whether it once made a transaction fail that was to open others' accounts too.</summary>
    [Id(14)] public bool OpensAlone { get; set; }

    /// <summary>The business time from when on the account is to be opened, of which the day's budget was used up; else null.</summary>
    [Id(15)] public DateTimeOffset? OpensAfter { get; set; }

    /// <summary>The transaction that pays the merchant, signed and not decided.</summary>
    [Id(16)] public Submission? Submission { get; set; }

    /// <inheritdoc />
    [Id(17)] public long? SequenceNumber { get; set; }

    /// <inheritdoc />
    [Id(18)] public List<string>? LearntEarly { get; set; }

    /// <inheritdoc />
    [Id(19)] public long? LearntThrough { get; set; }

    /// <summary>How many transactions came to nothing since the last that did not.</summary>
    [Id(20)] public int Failures { get; set; }

    /// <summary>The business time before which it is not tried again; null for at once.</summary>
    [Id(21)] public DateTimeOffset? TriedAfter { get; set; }

    /// <summary>How often it could not be given up, as something came in between.</summary>
    [Id(22)] public int Closings { get; set; }

    /// <summary>Whether what it holds is paid first, and the account given up after: together they failed.</summary>
    [Id(23)] public bool PaysFirst { get; set; }

    /// <summary>Whether its trustlines take next to nothing any more.</summary>
    [Id(24)] public bool IsFenced { get; set; }

    /// <summary>What its session was told last.</summary>
    [Id(25)] public SessionAddress? Told { get; set; }

    /// <summary>What came and is not the merchant's yet, in the ledger's order. Rows of their own.</summary>
    [Id(26), JsonIgnore] public List<AddressReceipt> Receipts { get; set; } = [];

    /// <summary>What of it the merchant could not take when it was tried last, by asset.</summary>
    [Id(28)] public Dictionary<string, BlockedAsset> Blocked { get; set; } = [];

    /// <summary>How much the session still lacks of each asset, where it said so: what was paid elsewhere is counted there.</summary>
    [Id(29)] public Dictionary<string, long> Left { get; set; } = [];

    /// <summary>How many transactions it made on the last day on which it made some.</summary>
    [Id(30)] public SweepDay? Sweeps { get; set; }

    /// <summary>The business time before which less than payers send is not sent on; null for at once.</summary>
    [Id(31)] public DateTimeOffset? LittleAfter { get; set; }

    /// <summary>The time before which little XLM of an account that somebody created again is not sent on; null for at once.</summary>
    [Id(32)] public DateTimeOffset? RecreatedAfter { get; set; }

    /// <summary>Where the ledger holds its latest creation.</summary>
    [Id(33)] public LedgerPlace Created { get; set; }

    /// <summary>How often it was woken and nothing had come of it: it is woken ever less often.</summary>
    [Id(34)] public int Delays { get; set; }

    /// <summary>How often it was woken after the session's end and could not say that all is read.</summary>
    [Id(35)] public int EndDelays { get; set; }

    /// <summary>
    /// Whether an operator closed what the ledger did to the account, and nobody can read: it may hold what nobody knows of.
    /// </summary>
    [Id(36)] public bool HasUnread { get; set; }

    /// <inheritdoc />
    [field: NonSerialized] public ChildRows? Rows { get; set; }

    /// <inheritdoc />
    [Id(27), JsonIgnore] public KnownRow[] KnownRows { get; set; } = [];

    /// <summary>The account.</summary>
    [JsonIgnore] public string Address => Key?.PublicKey ?? "";

    /// <inheritdoc />
    [field: NonSerialized] public InboxMarks? Inbox { get; set; }
}

/// <summary>An asset that the merchant could not take.</summary>
/// <param name="Tries">How often in a row.</param>
/// <param name="Until">The business time before which it is not tried again.</param>
/// <param name="Since">When it could not be taken first.</param>
[GenerateSerializer, Immutable, Alias("sp.BlockedAsset")]
internal sealed record BlockedAsset(
    [property: Id(0)] int Tries, [property: Id(1)] DateTimeOffset Until, [property: Id(2)] DateTimeOffset Since);

/// <summary>Something that came to the account and is not the merchant's yet. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.AddressReceipt")]
internal sealed class AddressReceipt
{
    /// <summary>The index of what no operation of its own takes to the merchant, but the one that gives the account up.</summary>
    public const int WithTheAccount = -1;

    private const string Prefix = "rc_";

    /// <summary>Where the ledger holds it; of a sum, the first of it.</summary>
    [Id(0)] public long Token { get; set; }

    [Id(1)] public int Number { get; set; }

    [Id(2)] public string Asset { get; set; } = "";

    [Id(3)] public long Stroops { get; set; }

    /// <summary>Whether it is the sum of what came beyond what is kept one by one: nobody in particular sent it.</summary>
    [Id(4)] public bool IsSum { get; set; }

    [Id(5)] public string? From { get; set; }

    [Id(6)] public string? FromMuxed { get; set; }

    [Id(7)] public string TransactionHash { get; set; } = "";

    [Id(8)] public long Ledger { get; set; }

    [Id(9)] public DateTimeOffset ClosedAt { get; set; }

    /// <summary>The inner hash of the transaction that takes it to the merchant; null before.</summary>
    [Id(10)] public string? Sweep { get; set; }

    /// <summary>Which of that transaction's operations does.</summary>
    [Id(11)] public int Index { get; set; }

    /// <summary>Whether that transaction gives the account up, too: what the operation does not take goes with it.</summary>
    [Id(12)] public bool Merges { get; set; }

    /// <summary>The name of its row, and what its operation is for.</summary>
    public string Subject() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Token}_{Number}");

    /// <summary>Fills a state with the rows that were read with it.</summary>
    /// <exception cref="InvalidOperationException">A row is of a kind that a later version stores.</exception>
    public static void Take(PaymentAddressState state)
    {
        if (state.Rows?.Stored is not { } stored)
        {
            return;
        }

        state.Rows = null;
        foreach (var (key, row) in stored)
        {
            state.Receipts.Add(key.StartsWith(Prefix, StringComparison.Ordinal)
                ? RowDiff.Read<AddressReceipt>(state, key, row)
                : throw new InvalidOperationException($"The account {state.Address} has a row {key}, which this version does not know."));
        }

        state.Receipts.Sort((one, other) => (one.Token, one.Number).CompareTo((other.Token, other.Number)));
    }

    /// <summary>Puts into a state what its next write does to the rows.</summary>
    public static void Put(PaymentAddressState state) => RowDiff.Write(
        state, state.Receipts.Select(receipt => new KeyValuePair<string, object>(receipt.Subject(), receipt)));
}

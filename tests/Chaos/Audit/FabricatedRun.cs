using System.Text.Json;
using StellarPay.Chaos.Audit.Evidence;
using StellarPay.Chaos.Clients;
using StellarPay.Chaos.Clients.Hub;

namespace StellarPay.Chaos.Tests.Audit;

/// <summary>
/// The evidence of a small run in which all went well: Ada had 100 USDC, paid 4 to Bob, and cancelled a payment of 2. A
/// test changes one thing in it, and the auditor must find that.
/// </summary>
internal sealed class FabricatedRun
{
    public const string Usdc = "USDC:GISSUER";
    public const string Paid = "txn_paid";
    public const string Cancelled = "txn_cancelled";
    public const string Hash = "aa01";

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private int _events;

    public FabricatedRun()
    {
        Move("1", "ff01", "create_account", "GROOT", "GADA", Money.Native, 0);
        Move("2", "ff02", "create_account", "GROOT", "GBOB", Money.Native, 0);
        Move("3", "ff03", "payment", "GISSUER", "GADA", Usdc, 100);
        Move("4", Hash, "payment", "GADA", "GBOB", Usdc, 4);
        Wallet("ada", 1, 0, 0);
        Wallet("bob", 1, 0, 0);
        Credit("ada", 2, "3", "GISSUER", 100);
        Wallet("ada", 2, 100, 0);
        Payment(Paid, "pending", 3, 4, null);
        Wallet("ada", 3, 100, 4);
        Payment(Paid, "processing", 4, 4, Hash);
        Payment(Cancelled, "pending", 5, 2, null);
        Payment(Cancelled, "cancelled", 6, 2, null);
        Payment(Paid, "succeeded", 7, 4, Hash, ledger: 40, holds: 96);
        Credit("bob", 2, "4", "GADA", 4, holds: 4);
        Users.Add(User(1, "ada", 96));
        Users.Add(User(2, "bob", 4));
        Observe(1, "POST /v1/payments", "key", Paid, "processing", 10);
        Observe(1, "GET /v1/payments/" + Paid, null, Paid, "succeeded", 20);
    }

    public List<LedgerOperation> Operations { get; } = [];

    public Dictionary<string, LedgerAccount> Accounts { get; } = new()
    {
        ["GROOT"] = new("GROOT", 1, new Dictionary<string, long> { [Money.Native] = 1_000 }),
        ["GISSUER"] = new("GISSUER", 1, new Dictionary<string, long> { [Money.Native] = 0 }),
        ["GADA"] = new("GADA", 7, new Dictionary<string, long> { [Money.Native] = 0, [Usdc] = 96 })
        {
            Signers = new Dictionary<string, int> { ["GADA"] = 1 },
        },
        ["GBOB"] = new("GBOB", 1, new Dictionary<string, long> { [Money.Native] = 0, [Usdc] = 4 }),
    };

    public long FeePool { get; set; } = 24;

    public List<EventRow> Events { get; } = [];

    public List<UserEvidence> Users { get; } = [];

    public List<Observation> Observations { get; } = [];

    public Dictionary<string, long> BrokenChains { get; } = [];

    /// <summary>What waits on the ledger to be claimed.</summary>
    public Dictionary<string, WaitingBalance> Waiting { get; } = [];

    public List<SuspenseRow> Suspense { get; } = [];

    public List<StoredSchedule> Schedules { get; } = [];

    public List<string> Parked { get; } = [];

    public Dictionary<int, HubPicture> Hub { get; } = [];

    public List<MerchantEvidence> Merchants { get; } = [];

    public MerchantTables Tables { get; set; } = new();

    public DateTimeOffset Now { get; } = Start.AddHours(1);

    public LimitRule Limits { get; set; } = new(1, 1, 1, new Dictionary<string, decimal> { ["USDC"] = 1, ["XLM"] = 1 });

    /// <summary>Changes the stored state of Ada's wallet before the auditor sees it.</summary>
    public Func<string, string> StoredState { get; set; } = payload => payload;

    /// <summary>Changes the read table before the auditor sees it.</summary>
    public Func<List<HistoryRow>, List<HistoryRow>> ReadTable { get; set; } = rows => rows;

    public IReadOnlyList<string> Findings() =>
        [.. StellarPay.Chaos.Audit.Auditor.Audit(Evidence()).Select(finding => $"{finding.Rule} {finding.Subject}").Distinct()];

    public void Move(string id, string hash, string type, string from, string to, string asset, long stroops, bool successful = true) =>
        Operations.Add(new LedgerOperation(
            id, hash, null, successful, type, from, to, new Money(asset, stroops), new Money(asset, stroops), null, 40));

    /// <summary>A claimable balance that the ledger made, or ended.</summary>
    public void Balance(
        string id, string hash, string type, string? from, string? to, long stroops, string balance, params string[] claimants) =>
        Operations.Add(new LedgerOperation(
            id, hash, null, true, type, from, to, from is null ? default : new Money(Usdc, stroops),
            to is null ? default : new Money(Usdc, stroops), null, 40)
        {
            BalanceId = balance, Claimants = claimants,
        });

    /// <summary>A payment of Ada's that was set aside for somebody, as its events tell it.</summary>
    public void SetAside(string id, string? balance, string? claim, long revision) => Raise("payment.succeeded", id, "ada", new
    {
        paymentId = id, walletId = "wal_ada", status = "succeeded", recipient = "new", destination = "GNEW", asset = Usdc,
        amount = Decimal(3), transactionHash = "ee01", ledger = 40, revision, claim = new { balanceId = balance, status = claim },
    });

    public void Occurrence(string schedule, int number, string end, string? payment) => Raise($"schedule.occurrence_{end}", schedule, "ada", new
    {
        scheduleId = schedule, memo = $"memo of {schedule}", occurrence = new { number, status = end, paymentId = payment },
    });

    public void Event(string type, string subject, object data) => Raise(type, subject, "ada", data);

    /// <summary>An event of a merchant's.</summary>
    public void Tell(string type, string subject, string? owner, object data) => Events.Add(new EventRow(
        $"evt_{++_events}", type, subject, owner, Start.AddSeconds(_events), Parse(JsonSerializer.Serialize(data))));

    public void Payment(
        string id, string status, long revision, long stroops, string? hash, long? ledger = null, string? failure = null, string to = "GBOB",
        long? holds = null) =>
        Raise($"payment.{status switch { "pending" => "created", "processing" => "signed", _ => status }}", id, "ada", new
        {
            paymentId = id, walletId = "wal_ada", status, recipient = "bob", destination = to, asset = Usdc,
            amount = Decimal(stroops), transactionHash = hash, ledger, failureCode = failure, revision,
            wallet = Shown("ada", revision, holds),
        });

    public void Wallet(string name, long revision, long stroops, long reserved) =>
        Raise("wallet.balance_changed", $"wal_{name}", name, Holding(name, revision, stroops, reserved));

    public void Credit(
        string name, long revision, string operation, string? from, long stroops, long? holds = null, int? credits = null) =>
        Raise("wallet.credited", $"wal_{name}", name, new
        {
            walletId = $"wal_{name}", operationId = operation, transactionHash = "x", from, asset = Usdc,
            amount = Decimal(stroops), ledger = 40, revision, credits, wallet = Shown(name, revision, holds),
        });

    public void Observe(int user, string request, string? key, string payment, string status, long at) => Observations.Add(new Observation(
        user, request, request.StartsWith("POST", StringComparison.Ordinal), key, at, at + 5, 200, null,
        new PaymentAnswer(payment, status, "USDC", Decimal(payment == Paid ? 4 : 2), "GBOB", status == "pending" ? null : Hash, null)));

    private static UserEvidence User(int number, string name, long stroops) => new(
        number,
        $"usr_{name}",
        $"wal_{name}",
        $"G{name.ToUpperInvariant()}",
        new Dictionary<string, ShownBalance> { [Money.Native] = new(0, 0, 0), [Usdc] = new(stroops, 0, stroops) },
        name == "ada"
            ? new Dictionary<string, ShownPayment> { [Paid] = new("succeeded", Hash, 40, 4), [Cancelled] = new("cancelled", null, null, 2) }
            : [],
        name == "ada"
            ? [new(Paid, "out", "succeeded", 4), new(Cancelled, "out", "cancelled", 2), new("op_3", "in", "succeeded", 100)]
            : [new("op_4", "in", "succeeded", 4)]);

    private static object? Shown(string name, long revision, long? holds) =>
        holds is { } stroops ? Holding(name, revision, stroops, 0) : null;

    private static object Holding(string name, long revision, long stroops, long reserved) => new
    {
        walletId = $"wal_{name}",
        revision,
        balances = new[]
        {
            new { asset = Usdc, balance = Decimal(stroops), reserved = Decimal(reserved), spendable = Decimal(stroops - reserved) },
        },
    };

    private AuditEvidence Evidence()
    {
        var stories = PaymentStory.ReadAll(Events);
        var rows = Rows(stories);
        return new AuditEvidence(
            new LedgerEvidence(Operations, Accounts, new Dictionary<string, long>(), 1_024, FeePool, Start) { Waiting = Waiting },
            new DatabaseEvidence(
                Events,
                new Dictionary<string, WalletRow> { ["wal_ada"] = State("ada", stories, StoredState), ["wal_bob"] = State("bob", stories, p => p) },
                ReadTable([.. rows]),
                rows,
                new Dictionary<string, string> { ["GADA"] = "wal_ada", ["GBOB"] = "wal_bob" },
                BrokenChains)
            {
                Suspense = Suspense, PlatformAddresses = ["GFEES"], Schedules = Schedules, Now = Now, Parked = Parked,
                Merchants = Tables,
            },
            Users,
            Observations,
            Limits,
            TimeSpan.FromHours(1))
        {
            Hub = Hub,
            Merchants = Merchants,
        };
    }

    private WalletRow State(string name, Dictionary<string, PaymentStory> stories, Func<string, string> change)
    {
        var last = Events.FindLast(e => e.Text("walletId") == $"wal_{name}")!;
        var balances = Events.FindLast(e => e.Text("walletId") == $"wal_{name}" && e.Balances() is not null)!.Balances()!.Value;
        var payments = stories.Values.Where(story => story.WalletId == $"wal_{name}").Select(story => new
        {
            id = story.Id,
            status = story.Status == "processing" ? "Signed" : char.ToUpperInvariant(story.Status[0]) + story.Status[1..],
            transactionHash = story.TransactionHash,
            ledger = story.Ledger,
            failureCode = story.FailureCode,
            sequenceNumber = 7,
        });
        var stroops = Money.Parse(balances[0].GetProperty("balance").GetString()!);
        var payload = JsonSerializer.Serialize(new
        {
            revision = last.Number("revision"), payments, balances = new Dictionary<string, object> { [Usdc] = new { stroops } },
            key = new { publicKey = $"G{name.ToUpperInvariant()}", version = 1 },
        });
        return new WalletRow(1, Parse(change(payload)));
    }

    private List<HistoryRow> Rows(Dictionary<string, PaymentStory> stories) =>
    [
        .. stories.Values.Select(story => new HistoryRow(
            story.WalletId, story.Id, story.Owner, "out", story.Status, story.Destination, Usdc, story.Amount.Stroops, null,
            story.TransactionHash, story.Ledger, story.FailureCode, story.Events[^1].Number("revision")!.Value)),
        .. Events.Where(e => e.Type == "wallet.credited").DistinctBy(e => e.Text("operationId")).Select(e => new HistoryRow(
            e.Text("walletId")!, "op_" + e.Text("operationId"), e.Owner, "in", "succeeded", e.Text("from"), Usdc,
            Money.Parse(e.Text("amount")!), null, "x", 40, null, e.Number("revision")!.Value)),
    ];

    private void Raise(string type, string subject, string owner, object data) => Tell(type, subject, $"usr_{owner}", data);

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static string Decimal(long stroops) => $"0.{stroops:0000000}";
}

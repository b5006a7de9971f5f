using StellarPay.Chaos.Audit.Evidence;
using StellarPay.Chaos.Clients.Shops;

namespace StellarPay.Chaos.Tests.Audit;

/// <summary>
/// What a merchant adds to a run in which all went well: a session of 10 USDC was paid by a customer, 3 of it were given back, and 5 came
/// with a memo that names nobody. A test changes one thing in it.
/// </summary>
internal sealed class FabricatedShop
{
    public const string Merchant = "mer_1";
    public const string Address = "GSHOP";
    public const string Customer = "GCUST";
    public const string Endpoint = "we_1";
    public const string Session = "pay_1";
    public const string Refund = "re_1";
    public const string Receipt = "rcp_22";
    public const string Paid = "20";
    public const string GivenBack = "21";
    public const string Nameless = "22";

    private const string Usdc = FabricatedRun.Usdc;

    public FabricatedShop()
    {
        Move("18", "ab18", "GISSUER", Customer, 50, null);
        Move(Paid, "ab20", Customer, Address, 10, Session);
        Move(GivenBack, "ab21", Address, Customer, 3, null);
        Move(Nameless, "ab22", Customer, Address, 5, "lost");
        Account(Customer, 38);
        Account(Address, 12);
        TellSession("created", "created", 1);
        TellSession("paid", "paid", 2);
        TellRefund("created", "pending", 3);
        TellRefund("updated", "succeeded", 4);
        Run.Tell("unmatched_receipt.created", Receipt, Merchant, new { @object = new { id = Receipt }, seq = 1 });
        Allocate(Session, settled: 10, released: 0, fee: 1);
        Number("payment_session.created", Session, 1);
        Number("payment_session.paid", Session, 2);
        Number("payment.success", Session, 2);
        Number("refund.created", Session, 3);
        Number("refund.updated", Session, 4);
        Number("unmatched_receipt.created", Receipt, 1);
        foreach (var row in Events)
        {
            Tries.Add(new WebhookTry(Endpoint, row.Number, row.Id, "succeeded"));
            Call(row.Id, row.Type, row.Object, row.Type == "payment.success" ? 0 : row.Sequence);
        }

        Tries.Add(new WebhookTry(Endpoint, null, "evt_test", "succeeded"));
        Call("evt_test", "test", "evt_test", 1);
        Post("wal_ada", "wallet", 96);
        Post("wal_bob", "wallet", 4);
        Post(Merchant, "merchant_available", 6);
        Post(Merchant, "merchant_fees", 1);
        Post(Merchant, "merchant_unallocated", 5);
    }

    public FabricatedRun Run { get; } = new();

    public List<MerchantEventRow> Events { get; } = [];

    public List<WebhookTry> Tries { get; } = [];

    public HashSet<(string, long)> Retries { get; } = [];

    public List<ReceivedCall> Calls { get; } = [];

    public List<JournalBalance> Journal { get; } = [];

    public List<string> JournalProblems { get; } = [];

    public List<string> Untold { get; } = [];

    public Dictionary<string, string> OwnAddresses { get; } = [];

    public Dictionary<string, TestClockRow> Clocks { get; } = [];

    public WebhookCursor Cursor { get; set; } = new(Endpoint, Merchant, 6, 6, Rests: false);

    public ShownParts Shown { get; set; } = new(12, 6, 0, 0, 1, 5, 0);

    public List<ShownSession> Sessions { get; } =
    [
        new(Session, "paid", new Dictionary<string, long> { ["USDC"] = 10 }, [PaymentOf(Paid, 10, 10, 3, "counted")],
            DateTimeOffset.MaxValue, null, null, null),
    ];

    public List<ShownRefund> Refunds { get; } = [new(Refund, Session, "succeeded", null, [Leg(Paid, Customer, 3, "succeeded", "ab21")])];

    public List<ShownReceipt> Receipts { get; } =
        [new(Receipt, "unmatched", $"{Nameless}-0", "ab22", Customer, new Money("USDC", 5), null, null)];

    public static ShownSessionPayment PaymentOf(string operation, long stroops, long counted, long refunded, string verdict) =>
        new($"{operation}-0", $"ab{operation}", Customer, new Money("USDC", stroops), counted, refunded, verdict);

    public static ShownLeg Leg(string payment, string to, long stroops, string status, string? hash) =>
        new($"{payment}-0", to, new Money("USDC", stroops), status, hash);

    public IReadOnlyList<string> Findings()
    {
        Run.Merchants.Clear();
        Run.Merchants.Add(new MerchantEvidence(
            Merchant, Address, Endpoint, new Dictionary<string, ShownParts> { ["USDC"] = Shown }, Sessions, Refunds, Receipts, Calls));
        Run.Tables = new MerchantTables
        {
            Events = Events, Cursors = [Cursor], Retries = Retries, Tries = Tries, Clocks = Clocks, Journal = Journal,
            JournalProblems = JournalProblems, Untold = Untold, OwnAddresses = OwnAddresses,
        };
        return Run.Findings();
    }

    /// <summary>An operation, of which nobody but the ledger knows.</summary>
    public void Move(string id, string hash, string from, string to, long stroops, string? memo) => Run.Operations.Add(new LedgerOperation(
        id, hash, null, true, "payment", from, to, new Money(Usdc, stroops), new Money(Usdc, stroops), memo, 40));

    public void Account(string address, long stroops) => Run.Accounts[address] =
        new LedgerAccount(address, 1, new Dictionary<string, long> { [Money.Native] = 0, [Usdc] = stroops });

    public void TellSession(string type, string status, long sequence, string session = Session, string? recoveredFrom = null, string price = "10") =>
        Run.Tell($"payment_session.{type}", session, Merchant, new
        {
            @object = new
            {
                id = session, status, merchant_id = Merchant, currency = "USD", amount_decimal = price, assets = Array.Empty<object>(),
                pay_to = Address, created_at = "then", expires_at = "later", amount_tolerance_bps = 0, recovered_from = recoveredFrom,
            },
            session,
            seq = sequence,
        });

    public void TellRefund(string type, string status, long sequence) => Run.Tell(
        $"refund.{type}", Refund, Merchant, new { @object = new { id = Refund, status }, session = Session, seq = sequence });

    public void Allocate(string session, long settled, long released, long fee) => Run.Tell("merchant.allocated", Merchant, null, new
    {
        session, asset = Usdc, settled = Decimal(settled), released = Decimal(released), fee = Decimal(fee),
    });

    public void Number(string type, string about, long sequence) => Events.Add(new MerchantEventRow(
        Merchant, Events.Count + 1, $"evt_of_{Events.Count + 1}", type, about, sequence));

    public void Call(string id, string type, string about, long sequence, string digest = "d", bool isSigned = true) =>
        Calls.Add(new ReceivedCall(id, type, about, sequence, digest, isSigned));

    /// <summary>An owner's balance in the journal, against what is on the ledger.</summary>
    public void Post(string owner, string account, long stroops)
    {
        Journal.Add(new JournalBalance(owner, account, new Money(Usdc, stroops)));
        var at = Journal.FindIndex(row => row.Owner == owner && row.Account == "ledger");
        var before = at < 0 ? 0 : Journal[at].Balance.Stroops;
        if (at >= 0)
        {
            Journal.RemoveAt(at);
        }

        Journal.Add(new JournalBalance(owner, "ledger", new Money(Usdc, before - stroops)));
    }

    private static string Decimal(long stroops) => $"0.{stroops:0000000}";
}

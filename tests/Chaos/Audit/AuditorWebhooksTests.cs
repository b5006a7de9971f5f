using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Tests.Audit;

/// <summary>What merchants' servers were told, and what the books say.</summary>
public sealed class AuditorWebhooksTests
{
    private const long Number = 4;
    private const string Event = "evt_of_4";

    private readonly FabricatedShop _shop = new();

    [Fact]
    public void A_number_that_is_missing_is_found()
    {
        _shop.Events.RemoveAt(2);

        _shop.Findings().ShouldContain($"webhook {FabricatedShop.Merchant}");
    }

    [Fact]
    public void An_event_that_got_no_number_is_found()
    {
        _shop.Events.RemoveAt(5);

        _shop.Findings().ShouldContain($"webhook {FabricatedShop.Merchant}");
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void An_event_that_was_not_delivered_waits_or_failed_where_it_can_be_seen(bool isRetried, bool isBeyond, bool found)
    {
        _shop.Tries.RemoveAll(row => row.Number >= Number);
        _shop.Calls.RemoveAll(call => string.CompareOrdinal(call.EventId, Event) >= 0 && call.EventId != "evt_test");
        if (isRetried)
        {
            _shop.Retries.UnionWith([(FabricatedShop.Endpoint, 4), (FabricatedShop.Endpoint, 5), (FabricatedShop.Endpoint, 6)]);
        }

        if (isBeyond)
        {
            _shop.Cursor = _shop.Cursor with { Number = Number - 1, Rests = true };
        }

        _shop.Findings().Contains($"webhook {Event}").ShouldBe(found);
    }

    [Fact]
    public void An_endpoint_that_nobody_serves_is_found()
    {
        _shop.Cursor = _shop.Cursor with { Number = Number };

        _shop.Findings().ShouldBe([$"webhook {FabricatedShop.Endpoint}"]);
    }

    [Fact]
    public void A_delivery_that_its_server_never_saw_is_found()
    {
        _shop.Calls.RemoveAll(call => call.EventId == Event);

        _shop.Findings().ShouldBe([$"webhook {Event}"]);
    }

    [Fact]
    public void A_call_that_nobody_wrote_down_is_found_unless_it_waits_to_be_made_again()
    {
        _shop.Tries.RemoveAll(row => row.Number == Number);
        _shop.Findings().ShouldBe([$"webhook {Event}"]);

        _shop.Retries.Add((FabricatedShop.Endpoint, Number));
        _shop.Findings().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Event, "refund.created", FabricatedShop.Session, 3, "d", true, false)]
    [InlineData(Event, "refund.created", FabricatedShop.Session, 3, "d", false, true)]
    [InlineData(Event, "refund.created", FabricatedShop.Session, 3, "other", true, true)]
    [InlineData("evt_made_up", "refund.created", FabricatedShop.Session, 3, "d", true, true)]
    public void A_call_that_comes_again_is_the_same_and_signed(
        string id, string type, string about, long sequence, string digest, bool isSigned, bool found)
    {
        _shop.Call(id, type, about, sequence, digest, isSigned);

        _shop.Findings().Contains($"webhook {id}").ShouldBe(found);
    }

    [Theory]
    [InlineData("refund.failed", FabricatedShop.Session, 3)]
    [InlineData("refund.created", "pay_2", 3)]
    [InlineData("refund.created", FabricatedShop.Session, 2)]
    public void A_call_that_tells_something_else_is_found(string type, string about, long sequence)
    {
        _shop.Calls.RemoveAll(call => call.EventId == Event);
        _shop.Call(Event, type, about, sequence);

        _shop.Findings().ShouldBe([$"webhook {Event}"]);
    }

    [Theory]
    [InlineData(13, 7)]
    [InlineData(12, 7)]
    [InlineData(13, 6)]
    public void A_merchant_who_is_shown_another_balance_is_found(long onLedger, long available)
    {
        _shop.Shown = _shop.Shown with { OnLedger = onLedger, Available = available };

        _shop.Findings().ShouldBe([$"merchant account {FabricatedShop.Merchant}"]);
    }

    [Fact]
    public void A_merchant_whose_parts_are_others_in_the_journal_is_found()
    {
        _shop.Shown = _shop.Shown with { Available = 5, Pending = 1 };

        _shop.Findings().ShouldBe([$"merchant account {FabricatedShop.Merchant}"]);
    }

    [Fact]
    public void A_journal_that_sums_to_something_is_found()
    {
        _shop.Journal.Add(new JournalBalance("wal_ada", "suspense", new Money(FabricatedRun.Usdc, 1)));

        _shop.Findings().ShouldBe(["journal wal_ada"]);
    }

    [Theory]
    [InlineData("wal_ada", "wallet", 1, "wal_ada")]
    [InlineData("GCUST", "platform", 1, "GCUST")]
    public void A_journal_that_says_otherwise_than_the_ledger_is_found(string owner, string account, long stroops, string found)
    {
        _shop.Post(owner, account, stroops);

        _shop.Findings().ShouldBe([$"journal {found}"]);
    }

    [Fact]
    public void An_asset_of_which_the_journal_does_not_know_is_found()
    {
        _shop.Run.Accounts["GADA"] = _shop.Run.Accounts["GADA"] with
        {
            Balances = new Dictionary<string, long> { [Money.Native] = 5, [FabricatedRun.Usdc] = 96 },
        };

        _shop.Findings().ShouldContain("journal wal_ada");
    }

    [Fact]
    public void What_could_not_be_posted_is_found()
    {
        _shop.Post("wal_ada", "unposted", 1);
        _shop.Post("wal_ada", "wallet", -1);

        _shop.Findings().ShouldBe(["journal wal_ada"]);
    }

    [Fact]
    public void What_the_journal_or_an_owner_says_of_itself_is_found()
    {
        _shop.JournalProblems.Add("evt_9 no template: gift");
        _shop.Untold.Add("mer_1 was not told by pay_1");

        _shop.Findings().ShouldBe(["journal evt_9", "journal mer_1"]);
    }
}

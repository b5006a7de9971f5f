using StellarPay.Chaos.Audit.Evidence;
using StellarPay.Chaos.Clients;

namespace StellarPay.Chaos.Tests.Audit;

/// <summary>Payment sessions and refunds, against the ledger and what was told of them.</summary>
public sealed class AuditorShopTests
{
    private const string Session = $"session {FabricatedShop.Session}";
    private const string Refund = $"refund {FabricatedShop.Refund}";

    private readonly FabricatedShop _shop = new();

    [Fact]
    public void Nothing_is_found_where_a_merchant_was_paid_and_gave_back() => _shop.Findings().ShouldBeEmpty();

    [Fact]
    public void A_payment_that_its_session_does_not_have_is_found()
    {
        _shop.Sessions[0] = _shop.Sessions[0] with { Payments = [] };

        _shop.Findings().ShouldContain(Session);
    }

    [Fact]
    public void A_payment_that_is_in_two_sessions_is_found()
    {
        _shop.Sessions.Add(_shop.Sessions[0] with { Id = "pay_2" });
        _shop.TellSession("created", "created", 1, "pay_2");
        _shop.TellSession("paid", "paid", 2, "pay_2");
        _shop.Allocate("pay_2", 10, 0, 0);

        _shop.Findings().ShouldContain(Session);
    }

    [Fact]
    public void A_payment_that_is_both_in_a_session_and_a_receipt_is_found()
    {
        _shop.Receipts.Add(_shop.Receipts[0] with { Id = "rcp_20", Operation = "20-0", Hash = "ab20", Amount = new Money("USDC", 10) });

        _shop.Findings().ShouldContain(Session);
    }

    [Fact]
    public void A_payment_without_a_name_that_nobody_has_is_found()
    {
        _shop.Receipts.Clear();

        _shop.Findings().ShouldContain($"session {FabricatedShop.Nameless}");
    }

    [Theory]
    [InlineData("pay_1", true)]
    [InlineData(null, false)]
    public void A_receipt_that_was_assigned_is_in_that_session_and_in_no_other(string? session, bool found)
    {
        _shop.Receipts[0] = _shop.Receipts[0] with { Status = "assigned", Session = session ?? "pay_2" };
        _shop.Sessions.Add(Created("pay_2") with { Payments = [FabricatedShop.PaymentOf(FabricatedShop.Nameless, 5, 5, 0, "counted")] });
        _shop.TellSession("created", "created", 1, "pay_2");

        _shop.Findings().Contains(Session).ShouldBe(found);
        _shop.Findings().ShouldNotContain("session pay_2");
    }

    [Theory]
    [InlineData("20-0", "ab20", FabricatedShop.Customer, 11)]
    [InlineData("20-0", "ab99", FabricatedShop.Customer, 10)]
    [InlineData("20-0", "ab20", "GADA", 10)]
    [InlineData("99-0", "ab20", FabricatedShop.Customer, 10)]
    public void A_payment_that_is_not_what_the_ledger_says_is_found(string operation, string hash, string from, long stroops)
    {
        _shop.Sessions[0] = _shop.Sessions[0] with
        {
            Payments = [new(operation, hash, from, new Money("USDC", stroops), 10, 3, "counted")],
        };

        _shop.Findings().ShouldContain(Session);
    }

    [Fact]
    public void A_session_that_waits_for_a_wallet_of_which_nothing_is_under_way_is_found()
    {
        _shop.Sessions[0] = _shop.Sessions[0] with { IsProcessing = true };

        _shop.Findings().ShouldContain(Session);
    }

    [Fact]
    public void A_session_that_was_told_to_be_paid_twice_is_found()
    {
        _shop.TellSession("paid", "paid", 5);

        _shop.Findings().ShouldContain(Session);
    }

    [Theory]
    [InlineData("paid", 9)]
    [InlineData("created", 10)]
    [InlineData("paid", 11)]
    public void A_session_is_paid_if_and_only_if_its_price_counted(string status, long counted)
    {
        _shop.Sessions[0] = _shop.Sessions[0] with
        {
            Status = status, Payments = [FabricatedShop.PaymentOf(FabricatedShop.Paid, 10, counted, 3, "counted")],
        };

        _shop.Findings().ShouldContain(Session);
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(0, 10)]
    public void A_session_whose_money_was_settled_twice_or_both_settled_and_released_is_found(long settled, long released)
    {
        _shop.Allocate(FabricatedShop.Session, settled, released, 0);

        _shop.Findings().ShouldBe([Session]);
    }

    [Fact]
    public void A_status_that_was_left_after_it_was_final_is_found()
    {
        _shop.TellSession("canceled", "canceled", 5);
        _shop.Sessions[0] = _shop.Sessions[0] with { Status = "canceled" };

        _shop.Findings().ShouldContain(Session);
    }

    [Fact]
    public void Terms_that_changed_are_found()
    {
        _shop.TellSession("overpaid", "paid", 5, price: "11");

        _shop.Findings().ShouldContain(Session);
    }

    [Fact]
    public void A_change_that_was_not_told_is_found()
    {
        _shop.TellSession("overpaid", "paid", 6);

        _shop.Findings().ShouldContain(Session);
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(false, false, false)]
    public void A_session_that_is_open_though_its_time_is_over_is_found(bool isOver, bool byClock, bool found)
    {
        var end = _shop.Run.Now + (isOver ? -TimeSpan.FromMinutes(1) : TimeSpan.FromMinutes(1));
        _shop.Clocks["clock_1"] = new TestClockRow(_shop.Run.Now.AddDays(-1), "ready");
        _shop.Sessions.Add(Created("pay_2") with { ExpiresAt = end, TestClock = byClock ? "clock_1" : null });
        _shop.TellSession("created", "created", 1, "pay_2");

        _shop.Findings().Contains("session pay_2").ShouldBe(found);
    }

    [Fact]
    public void A_session_whose_test_clock_has_passed_its_end_is_not_open()
    {
        _shop.Clocks["clock_1"] = new TestClockRow(_shop.Run.Now.AddDays(3), "ready");
        _shop.Sessions.Add(Created("pay_2") with { ExpiresAt = _shop.Run.Now.AddDays(2), TestClock = "clock_1" });
        _shop.TellSession("created", "created", 1, "pay_2");

        _shop.Findings().ShouldContain("session pay_2");
    }

    [Theory]
    [InlineData("pay_2", FabricatedShop.Session, false)]
    [InlineData(null, FabricatedShop.Session, true)]
    [InlineData("pay_2", null, true)]
    public void A_late_payment_that_was_accepted_is_in_both_sessions_which_name_each_other(
        string? acceptedAs, string? recoveredFrom, bool found)
    {
        _shop.Sessions[0] = _shop.Sessions[0] with
        {
            Status = "canceled", AcceptedAs = acceptedAs, Payments = [FabricatedShop.PaymentOf(FabricatedShop.Paid, 10, 0, 3, "late")],
        };
        _shop.Sessions.Add(Created("pay_2") with
        {
            Status = "paid", RecoveredFrom = recoveredFrom, Payments = [FabricatedShop.PaymentOf(FabricatedShop.Paid, 10, 10, 0, "counted")],
        });
        _shop.TellSession("created", "paid", 1, "pay_2", FabricatedShop.Session);
        _shop.TellSession("paid", "paid", 2, "pay_2", FabricatedShop.Session);
        _shop.Allocate("pay_2", 10, 0, 0);
        _shop.Run.Events.RemoveAll(row => row.Subject == FabricatedShop.Session || row.Text("session") == FabricatedShop.Session);
        _shop.TellSession("created", "created", 1);
        _shop.TellSession("canceled", "canceled", 2);
        _shop.TellRefund("created", "pending", 3);
        _shop.TellRefund("updated", "succeeded", 4);

        _shop.Findings().Any(finding => finding.StartsWith("session", StringComparison.Ordinal)).ShouldBe(found);
    }

    [Theory]
    [InlineData("pay_1", "created", 30, true)]
    [InlineData("pay_1", "canceled", 10, true)]
    [InlineData("pay_lost", "created", 10, true)]
    [InlineData("pay_1", "created", 10, false)]
    [InlineData("re_1", "failed", 10, true)]
    public void What_a_merchant_was_told_is_never_contradicted(string id, string status, long at, bool found)
    {
        Told("pay_1", "paid", 20, null);
        Told(id, status, at, null);

        _shop.Findings().Contains($"session {id}").ShouldBe(found);
    }

    [Fact]
    public void One_key_for_two_objects_is_found()
    {
        Told("pay_1", "paid", 20, "key");
        Told("re_1", "succeeded", 20, "key");

        _shop.Findings().ShouldBe(["session key"]);
    }

    [Fact]
    public void A_refund_that_the_ledger_does_not_have_is_found()
    {
        _shop.Run.Operations.RemoveAll(operation => operation.Id == FabricatedShop.GivenBack);

        _shop.Findings().ShouldContain(Refund);
    }

    [Fact]
    public void A_refund_that_was_paid_twice_is_found()
    {
        _shop.Move("23", "ab21", FabricatedShop.Address, FabricatedShop.Customer, 3, null);

        _shop.Findings().ShouldContain("refund ab21");
    }

    [Fact]
    public void A_refund_that_failed_and_was_paid_is_found()
    {
        _shop.Refunds[0] = _shop.Refunds[0] with { Legs = [FabricatedShop.Leg(FabricatedShop.Paid, FabricatedShop.Customer, 3, "failed", "ab21")] };

        _shop.Findings().ShouldContain("refund ab21");
    }

    [Theory]
    [InlineData("GADA", 3, "ab21")]
    [InlineData(FabricatedShop.Customer, 4, "ab21")]
    [InlineData(FabricatedShop.Customer, 3, "ab99")]
    public void A_refund_that_went_elsewhere_or_moved_another_amount_is_found(string to, long stroops, string hash)
    {
        _shop.Refunds[0] = _shop.Refunds[0] with { Legs = [FabricatedShop.Leg(FabricatedShop.Paid, to, stroops, "succeeded", hash)] };

        _shop.Findings().ShouldContain(Refund);
    }

    [Fact]
    public void More_that_goes_back_than_came_is_found()
    {
        _shop.Move("23", "ab23", FabricatedShop.Address, FabricatedShop.Customer, 8, null);
        _shop.Refunds[0] = _shop.Refunds[0] with
        {
            Legs = [.. _shop.Refunds[0].Legs, FabricatedShop.Leg(FabricatedShop.Paid, FabricatedShop.Customer, 8, "succeeded", "ab23")],
        };
        _shop.Sessions[0] = _shop.Sessions[0] with { Payments = [FabricatedShop.PaymentOf(FabricatedShop.Paid, 10, 10, 11, "counted")] };

        _shop.Findings().ShouldContain($"refund {FabricatedShop.Session}");
    }

    [Fact]
    public void A_refund_that_its_session_does_not_show_is_found()
    {
        _shop.Sessions[0] = _shop.Sessions[0] with { Payments = [FabricatedShop.PaymentOf(FabricatedShop.Paid, 10, 10, 0, "counted")] };

        _shop.Findings().ShouldBe([$"refund {FabricatedShop.Session}"]);
    }

    [Theory]
    [InlineData("processing", true)]
    [InlineData("insufficient_funds", false)]
    public void A_refund_that_waits_for_anything_but_money_is_found(string reason, bool found)
    {
        _shop.Run.Events.RemoveAll(row => row.Type == "refund.updated");
        _shop.Refunds[0] = _shop.Refunds[0] with
        {
            Status = "pending", PendingReason = reason,
            Legs = [FabricatedShop.Leg(FabricatedShop.Paid, FabricatedShop.Customer, 3, "pending", null)],
        };

        _shop.Findings().Contains(Refund).ShouldBe(found);
    }

    [Fact]
    public void A_refund_that_was_made_twice_is_found()
    {
        _shop.TellRefund("created", "succeeded", 5);

        _shop.Findings().ShouldContain(Refund);
    }

    [Fact]
    public void A_refund_that_succeeded_and_then_failed_is_found()
    {
        _shop.TellRefund("failed", "failed", 5);
        _shop.Refunds[0] = _shop.Refunds[0] with { Status = "failed" };

        _shop.Findings().ShouldContain(Refund);
    }

    [Theory]
    [InlineData("ab23", false)]
    [InlineData("ab99", true)]
    public void A_receipt_that_went_back_is_on_the_ledger_once(string hash, bool found)
    {
        _shop.Move("23", "ab23", FabricatedShop.Address, FabricatedShop.Customer, 5, null);
        _shop.Receipts[0] = _shop.Receipts[0] with { Status = "refunded", RefundHash = hash };

        _shop.Findings().Contains($"refund {FabricatedShop.Receipt}").ShouldBe(found);
        _shop.Findings().Contains("refund ab23").ShouldBe(found);
    }

    private static ShownSession Created(string id) => new(
        id, "created", new Dictionary<string, long> { ["USDC"] = 10 }, [], DateTimeOffset.MaxValue, null, null, null);

    private void Told(string id, string status, long at, string? key) => _shop.Run.Observations.Add(
        new Observation(10_000, "POST /v1/payment_sessions", false, key, at, at + 5, 200, null, null) { Told = new ToldObject(id, status) });
}

using System.Text.Json;
using StellarPay.Chaos.Audit.Evidence;
using StellarPay.Chaos.Clients.Hub;

namespace StellarPay.Chaos.Tests.Audit;

/// <summary>What there is besides plain payments: balances set aside, schedules, suspended deposits, keys, the hub.</summary>
public sealed class AuditorKindsTests
{
    private const string Paid = FabricatedRun.Paid;

    private readonly FabricatedRun _run = new();

    [Theory]
    [InlineData("open", null, false)]
    [InlineData("claimed", null, true)]
    [InlineData("claimed", "GNEW", false)]
    [InlineData("reclaimed", "GNEW", true)]
    [InlineData("reclaimed", "GADA", false)]
    [InlineData("open", "GADA", true)]
    [InlineData("reclaiming", "GADA", true)]
    public void What_was_set_aside_is_where_its_payment_says(string told, string? claimedBy, bool found)
    {
        _run.SetAside("txn_aside", "b1", told, 9);
        _run.Balance("9", "ee01", LedgerOperation.SetAside, "GADA", null, 3, "b1", "GNEW", "GADA");
        if (claimedBy is null)
        {
            _run.Waiting["b1"] = new WaitingBalance(new Money(FabricatedRun.Usdc, 3), ["GNEW", "GADA"]);
        }
        else
        {
            _run.Balance("10", "ee02", LedgerOperation.Claimed, null, claimedBy, 3, "b1");
        }

        _run.Findings().Contains("claimable txn_aside").ShouldBe(found);
        _run.Findings().ShouldNotContain("payment txn_aside");
        _run.Findings().ShouldNotContain("claimable b1");
    }

    [Fact]
    public void A_balance_that_is_gone_and_nobody_has_is_found()
    {
        _run.Balance("9", "ee01", LedgerOperation.SetAside, "GNEW", null, 3, "b1", "GADA");

        _run.Findings().ShouldContain("claimable b1");
    }

    [Fact]
    public void A_balance_that_a_wallet_did_not_claim_is_found()
    {
        _run.Balance("9", "ee01", LedgerOperation.SetAside, "GNEW", null, 3, "b1", "GBOB");
        _run.Waiting["b1"] = new WaitingBalance(new Money(FabricatedRun.Usdc, 3), ["GBOB"]);

        _run.Findings().ShouldContain("claimable wal_bob");
    }

    [Fact]
    public void A_balance_that_is_claimed_before_it_is_open_is_found()
    {
        _run.SetAside("txn_aside", null, null, 9);
        _run.SetAside("txn_aside", "b1", "claimed", 10);

        _run.Findings().ShouldContain("transition txn_aside");
    }

    [Theory]
    [InlineData(5, 4, true)]
    [InlineData(4, 5, true)]
    [InlineData(4, 4, false)]
    public void A_payment_by_path_moves_what_was_written_down_within_its_bounds(long sent, long received, bool found)
    {
        _run.Event("payment.settled", "txn_path", new
        {
            paymentId = "txn_path", walletId = "wal_ada", status = "succeeded", destination = "GBOB", asset = FabricatedRun.Usdc,
            amount = "0.0000004", transactionHash = "ff09", revision = 8,
            path = new { sourceAsset = Money.Native, sourceMax = "0.0000005", amountMin = "0.0000004", sent = "0.0000004", received = "0.0000004" },
        });
        _run.Operations.Add(new LedgerOperation(
            "9", "ff09", null, true, "path_payment_strict_receive", "GADA", "GBOB", new Money(Money.Native, sent),
            new Money(FabricatedRun.Usdc, received), null, 40));

        _run.Findings().Contains("payment txn_path").ShouldBe(found);
    }

    [Fact]
    public void An_occurrence_that_was_paid_and_is_said_to_be_missed_is_found()
    {
        _run.Occurrence("sch_1", 1, "missed", Paid);

        _run.Findings().ShouldBe(["schedule sch_1:1"]);
    }

    [Fact]
    public void An_occurrence_that_was_paid_twice_is_found()
    {
        _run.Occurrence("sch_1", 1, "retrying", Paid);
        _run.Payment("txn_again", "pending", 8, 4, null);
        _run.Payment("txn_again", "succeeded", 9, 4, FabricatedRun.Hash, ledger: 40);
        _run.Occurrence("sch_1", 1, "succeeded", "txn_again");

        _run.Findings().ShouldContain("schedule sch_1:1");
    }

    [Fact]
    public void An_occurrence_that_is_said_to_be_paid_and_was_not_is_found()
    {
        _run.Occurrence("sch_1", 1, "succeeded", FabricatedRun.Cancelled);

        _run.Findings().ShouldBe(["schedule sch_1:1"]);
    }

    [Fact]
    public void An_occurrence_that_was_left_out_is_found()
    {
        _run.Occurrence("sch_1", 2, "succeeded", Paid);

        _run.Findings().ShouldBe(["schedule sch_1"]);
    }

    [Fact]
    public void A_schedule_that_is_due_and_that_nobody_pays_is_found()
    {
        _run.Schedules.Add(new StoredSchedule("sch_1", IsActive: true, _run.Now.AddSeconds(-1), null, null));
        _run.Schedules.Add(new StoredSchedule("sch_2", IsActive: true, _run.Now.AddSeconds(1), null, null));
        _run.Schedules.Add(new StoredSchedule("sch_3", IsActive: false, _run.Now.AddSeconds(-1), null, null));

        _run.Findings().ShouldBe(["schedule sch_1"]);
    }

    [Fact]
    public void An_occurrence_that_is_being_paid_for_ever_is_found_and_one_that_waits_for_its_next_attempt_is_not()
    {
        _run.Schedules.Add(new StoredSchedule("sch_1", IsActive: true, null, 1, _run.Now.AddSeconds(5)));
        _run.Schedules.Add(new StoredSchedule("sch_2", IsActive: true, null, 1, _run.Now.AddMinutes(4)));

        _run.Findings().ShouldBe(["schedule sch_1:1"]);
    }

    [Fact]
    public void A_request_that_made_two_schedules_is_found()
    {
        _run.Event("schedule.created", "sch_1", new { memo = "sched 7" });
        _run.Event("schedule.created", "sch_2", new { memo = "sched 7" });

        _run.Findings().ShouldBe(["schedule sch_1"]);
    }

    [Theory]
    [InlineData("open", null, null, false)]
    [InlineData("sending", null, null, true)]
    [InlineData("assigned", "aa09", "GBOB", false)]
    [InlineData("assigned", "aa09", "GADA", true)]
    [InlineData("returned", "aa09", null, true)]
    [InlineData("kept", "aa09", null, true)]
    public void A_suspended_deposit_is_where_its_row_says(string status, string? hash, string? destination, bool found)
    {
        Deposit();
        _run.Suspense.Add(new SuspenseRow("sus_9", 9, "GFEES", new Money(Money.Native, 4), "GNEW", status, hash, destination));
        if (hash is not null)
        {
            _run.Move("12", "aa09", "payment", "GFEES", "GBOB", Money.Native, 4);
        }

        _run.Findings().Contains("suspense sus_9").ShouldBe(found);
        _run.Findings().ShouldNotContain("suspense 9");
    }

    [Fact]
    public void A_deposit_to_the_platform_that_was_lost_is_found()
    {
        Deposit();

        _run.Findings().ShouldContain("suspense 9");
    }

    [Fact]
    public void A_deposit_to_the_platform_that_no_ledger_has_is_found()
    {
        _run.Suspense.Add(new SuspenseRow("sus_9", 9, "GFEES", new Money(Money.Native, 4), "GNEW", "open", null, null));

        _run.Findings().ShouldBe(["suspense sus_9"]);
    }

    [Theory]
    [InlineData("GADA", 1, "GOLD", 0, false)]
    [InlineData("GADA", 1, "GOLD", 1, true)]
    [InlineData("GADA", 0, "GOLD", 1, true)]
    public void Nobody_but_the_stored_key_signs(string key, int weight, string other, int otherWeight, bool found)
    {
        _run.Accounts["GADA"] = _run.Accounts["GADA"] with { Signers = new Dictionary<string, int> { [key] = weight, [other] = otherWeight } };

        _run.Findings().Contains("key wal_ada").ShouldBe(found);
    }

    [Fact]
    public void A_key_that_was_replaced_without_a_trace_is_found()
    {
        _run.Event("wallet.key_rotated", "wal_ada", new { walletId = "wal_ada", revision = 7 });

        _run.Findings().ShouldBe(["key wal_ada"]);
    }

    [Theory]
    [InlineData("0.0000096", "succeeded", true, false)]
    [InlineData("0.0000095", "succeeded", true, true)]
    [InlineData("0.0000096", "processing", true, true)]
    [InlineData("0.0000096", "succeeded", false, true)]
    public void What_the_hub_pushed_last_is_what_is_shown(string balance, string status, bool live, bool found)
    {
        var wallet = JsonSerializer.SerializeToElement(new
        {
            balances = new[] { new { asset = "USDC", issuer = "GISSUER", balance, reserved = "0.0000000", spendable = balance } },
        });
        _run.Hub[1] = new HubPicture(
            1, live, 7, wallet, new Dictionary<string, HubPayment> { [Paid] = new(status, null) }, []);

        _run.Findings().Contains("hub wal_ada").ShouldBe(found);
    }

    [Fact]
    public void A_change_that_the_hub_never_pushed_is_found()
    {
        var wallet = JsonSerializer.SerializeToElement(new { balances = Array.Empty<object>() });
        _run.Hub[1] = new HubPicture(1, true, 6, wallet, new Dictionary<string, HubPayment>(), []);

        _run.Findings().ShouldBe(["hub wal_ada"]);
    }

    [Fact]
    public void What_could_not_be_taken_in_is_found()
    {
        _run.Parked.Add("wal_ada 9: too strange");

        _run.Findings().ShouldBe(["parked wal_ada"]);
    }

    private void Deposit() => _run.Operations.Add(new LedgerOperation(
        "9", "ee09", null, true, "payment", "GNEW", "GFEES", new Money(Money.Native, 4), new Money(Money.Native, 4), "lost", 40));
}

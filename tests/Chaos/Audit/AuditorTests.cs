using StellarPay.Chaos.Audit.Checks;
using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Tests.Audit;

/// <summary>An auditor that finds nothing is worth something only if it finds what is there.</summary>
public sealed class AuditorTests
{
    private readonly FabricatedRun _run = new();

    [Fact]
    public void Nothing_is_found_where_all_went_well() => _run.Findings().ShouldBeEmpty();

    [Fact]
    public void A_payment_that_the_ledger_holds_twice_is_found()
    {
        _run.Move("5", FabricatedRun.Hash, "payment", "GADA", "GBOB", FabricatedRun.Usdc, 4);

        _run.Findings().ShouldContain($"payment {FabricatedRun.Hash}");
    }

    [Fact]
    public void A_payment_that_was_made_again_in_another_transaction_is_found()
    {
        _run.Move("5", "bb02", "payment", "GADA", "GBOB", FabricatedRun.Usdc, 4);

        _run.Findings().ShouldContain("payment bb02");
    }

    [Fact]
    public void A_payment_that_succeeded_and_is_not_on_the_ledger_is_found()
    {
        _run.Operations.RemoveAll(operation => operation.TransactionHash == FabricatedRun.Hash);

        _run.Findings().ShouldContain($"payment {FabricatedRun.Paid}");
    }

    [Theory]
    [InlineData("GCAROL", 4)]
    [InlineData("GBOB", 5)]
    public void A_payment_that_went_elsewhere_or_moved_another_amount_is_found(string to, long stroops)
    {
        _run.Operations.RemoveAll(operation => operation.TransactionHash == FabricatedRun.Hash);
        _run.Move("4", FabricatedRun.Hash, "payment", "GADA", to, FabricatedRun.Usdc, stroops);

        _run.Findings().ShouldContain($"payment {FabricatedRun.Paid}");
        _run.Findings().ShouldContain($"payment {FabricatedRun.Hash}");
    }

    [Fact]
    public void Two_payments_in_one_transaction_need_two_operations()
    {
        _run.Payment("txn_second", "pending", 8, 4, null);
        _run.Payment("txn_second", "processing", 9, 4, FabricatedRun.Hash);
        _run.Payment("txn_second", "succeeded", 10, 4, FabricatedRun.Hash, ledger: 40);

        _run.Findings().ShouldContain("payment txn_second");
        _run.Findings().ShouldNotContain($"payment {FabricatedRun.Paid}");
    }

    [Fact]
    public void A_payment_that_is_said_to_have_failed_and_is_on_the_ledger_is_found()
    {
        _run.Events.RemoveAll(e => e.Type == "payment.succeeded");
        _run.Payment(FabricatedRun.Paid, "failed", 7, 4, FabricatedRun.Hash, failure: "tx_too_late");

        _run.Findings().ShouldContain($"payment {FabricatedRun.Paid}");
        _run.Findings().ShouldContain($"payment {FabricatedRun.Hash}");
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public void A_failed_payment_that_a_ledger_may_still_take_is_found(long usedSequence, bool found)
    {
        _run.Operations.RemoveAll(operation => operation.TransactionHash == FabricatedRun.Hash);
        _run.Events.RemoveAll(e => e.Type == "payment.succeeded");
        _run.Payment(FabricatedRun.Paid, "failed", 7, 4, FabricatedRun.Hash, failure: "tx_internal_error");
        _run.Accounts["GADA"] = _run.Accounts["GADA"] with { Sequence = usedSequence };

        _run.Findings().Contains($"payment {FabricatedRun.Paid}").ShouldBe(found);
    }

    [Fact]
    public void A_payment_that_never_ended_is_found()
    {
        _run.Events.RemoveAll(e => e.Type is "payment.succeeded");

        _run.Findings().ShouldContain($"payment {FabricatedRun.Paid}");
    }

    [Fact]
    public void A_wrong_balance_is_found()
    {
        _run.Users[0] = _run.Users[0] with
        {
            Balances = new Dictionary<string, ShownBalance> { [FabricatedRun.Usdc] = new(95, 0, 95), [Money.Native] = new(0, 0, 0) },
        };

        _run.Findings().ShouldBe(["balance wal_ada"]);
    }

    [Fact]
    public void A_reservation_that_nobody_took_back_is_found()
    {
        _run.Users[0] = _run.Users[0] with
        {
            Balances = new Dictionary<string, ShownBalance> { [FabricatedRun.Usdc] = new(96, 4, 92), [Money.Native] = new(0, 0, 0) },
        };

        _run.Findings().ShouldBe(["balance wal_ada"]);
    }

    [Fact]
    public void Money_that_came_from_nowhere_is_found()
    {
        _run.Accounts["GBOB"] = new LedgerAccount("GBOB", 1, new Dictionary<string, long> { [Money.Native] = 0, [FabricatedRun.Usdc] = 5 });

        _run.Findings().ShouldContain($"total {FabricatedRun.Usdc}");
    }

    [Fact]
    public void Lumens_that_are_gone_are_found()
    {
        _run.FeePool = 23;

        _run.Findings().ShouldBe(["total native"]);
    }

    [Fact]
    public void A_credit_that_was_lost_is_found()
    {
        _run.Events.RemoveAll(e => e.Type == "wallet.credited" && e.Owner == "usr_bob");

        _run.Findings().ShouldContain("credit wal_bob");
    }

    [Fact]
    public void A_credit_that_was_written_down_twice_is_found()
    {
        _run.Credit("bob", 3, "4", "GADA", 4);

        _run.Findings().ShouldContain("credit wal_bob");
    }

    /// <summary>Bob is given 2, 3 and 5 stroops more, and one line is written of them.</summary>
    [Theory]
    [InlineData("7", 10, 3, true)]
    [InlineData("7", 9, 3, false)]
    [InlineData("7", 10, 2, false)]
    [InlineData("7", 10, null, false)]
    [InlineData("6", 5, 2, false)]
    [InlineData("8", 10, 3, false)]
    public void Of_dust_the_sum_is_written_down(string operation, long stroops, int? credits, bool right)
    {
        _run.Move("5", "ff05", "payment", "GISSUER", "GBOB", FabricatedRun.Usdc, 2);
        _run.Move("6", "ff06", "payment", "GISSUER", "GBOB", FabricatedRun.Usdc, 3);
        _run.Move("7", "ff07", "payment", "GISSUER", "GBOB", FabricatedRun.Usdc, 5);
        _run.Credit("bob", 3, operation, null, stroops, credits: credits);

        _run.Findings().Contains("credit wal_bob").ShouldBe(!right);
    }

    [Fact]
    public void What_is_no_dust_has_a_line_of_its_own()
    {
        _run.Move("5", "ff05", "payment", "GISSUER", "GBOB", FabricatedRun.Usdc, CreditsCheck.DustStroops);
        _run.Move("6", "ff06", "payment", "GISSUER", "GBOB", FabricatedRun.Usdc, 3);
        _run.Credit("bob", 3, "6", null, CreditsCheck.DustStroops + 3, credits: 2);

        _run.Findings().ShouldContain("credit wal_bob");
    }

    [Fact]
    public void A_gap_in_the_revisions_is_found()
    {
        _run.Events.RemoveAll(e => e.Type == "payment.signed");

        _run.Findings().ShouldContain("revision wal_ada");
    }

    [Fact]
    public void A_revision_that_comes_twice_is_found()
    {
        _run.Wallet("bob", 1, 4, 0);

        _run.Findings().ShouldContain("revision wal_bob");
    }

    [Fact]
    public void A_step_that_the_table_does_not_know_is_found()
    {
        _run.Payment(Cancelled, "processing", 8, 2, "cc03");

        _run.Findings().ShouldContain($"transition {Cancelled}");
    }

    [Fact]
    public void A_payment_may_go_into_another_transaction_when_the_first_was_refused()
    {
        _run.Payment("txn_second", "pending", 8, 4, null);
        _run.Payment("txn_second", "processing", 9, 4, "dd04");
        _run.Payment("txn_second", "queued", 10, 4, null);
        _run.Payment("txn_second", "processing", 11, 4, "dd05");
        _run.Payment("txn_second", "failed", 12, 4, "dd05", ledger: 41, failure: "op_line_full");
        _run.Move("5", "dd05", "payment", "GADA", "GBOB", FabricatedRun.Usdc, 4, successful: false);

        _run.Findings().ShouldNotContain("transition txn_second");
        _run.Findings().ShouldNotContain("payment txn_second");
    }

    [Fact]
    public void A_payment_that_was_signed_again_while_the_ledger_took_the_first_is_found()
    {
        _run.Payment("txn_second", "pending", 8, 4, null);
        _run.Payment("txn_second", "processing", 9, 4, "dd04");
        _run.Payment("txn_second", "queued", 10, 4, null);
        _run.Payment("txn_second", "processing", 11, 4, "dd05");
        _run.Payment("txn_second", "succeeded", 12, 4, "dd05", ledger: 41);
        _run.Move("5", "dd04", "payment", "GADA", "GBOB", FabricatedRun.Usdc, 4);
        _run.Move("6", "dd05", "payment", "GADA", "GBOB", FabricatedRun.Usdc, 4);

        _run.Findings().ShouldContain("payment dd05");
    }

    [Fact]
    public void Terms_that_changed_on_the_way_are_found()
    {
        _run.Payment(FabricatedRun.Paid, "succeeded", 8, 4, FabricatedRun.Hash, to: "GCAROL");

        _run.Findings().ShouldContain($"transition {FabricatedRun.Paid}");
    }

    private const string Cancelled = FabricatedRun.Cancelled;
}

using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Tests.Audit;

/// <summary>What users are told and shown, and what is stored, against the events.</summary>
public sealed class AuditorViewsTests
{
    private readonly FabricatedRun _run = new();

    [Theory]
    [InlineData("0.0000003")]
    [InlineData("0.0000005")]
    public void A_limit_that_was_exceeded_for_a_moment_is_found(string limit)
    {
        var units = decimal.Parse(limit, System.Globalization.CultureInfo.InvariantCulture);
        _run.Limits = _run.Limits with { Daily = units };

        _run.Findings().ShouldContain($"limit {(limit == "0.0000003" ? FabricatedRun.Paid : FabricatedRun.Cancelled)}");
    }

    [Fact]
    public void An_answer_that_was_taken_back_is_found()
    {
        _run.Observe(1, "GET /v1/payments/" + FabricatedRun.Paid, null, FabricatedRun.Paid, "processing", 30);

        _run.Findings().ShouldBe([$"answer {FabricatedRun.Paid}"]);
    }

    [Fact]
    public void An_answer_that_was_under_way_with_another_binds_nobody()
    {
        _run.Observe(1, "GET /v1/payments/" + FabricatedRun.Paid, null, FabricatedRun.Paid, "processing", 21);

        _run.Findings().ShouldBeEmpty();
    }

    [Fact]
    public void A_success_that_was_told_and_did_not_come_is_found()
    {
        _run.Observe(1, "POST /v1/payments", "other", FabricatedRun.Cancelled, "succeeded", 40);

        _run.Findings().ShouldContain($"answer {FabricatedRun.Cancelled}");
    }

    [Theory]
    [InlineData(503, "some_code", false)]
    [InlineData(500, "some_code", true)]
    [InlineData(504, "outcome_unknown", false)]
    [InlineData(504, "some_code", true)]
    [InlineData(500, "outcome_unknown", true)]
    public void A_failure_that_does_not_ask_to_come_back_is_found(int status, string code, bool found)
    {
        _run.Observations.Add(new(1, "GET /v1/wallet", false, null, 40, 41, status, code, null));

        _run.Findings().Contains("answer user 1").ShouldBe(found);
    }

    [Fact]
    public void One_key_for_two_payments_is_found()
    {
        _run.Observe(1, "POST /v1/payments", "key", FabricatedRun.Cancelled, "pending", 40);

        _run.Findings().ShouldBe(["answer key"]);
    }

    [Fact]
    public void A_payment_that_was_told_and_lost_is_found()
    {
        _run.Observe(1, "POST /v1/payments", "lost", "txn_lost", "pending", 40);

        _run.Findings().ShouldBe(["answer txn_lost"]);
    }

    [Fact]
    public void A_payment_that_its_owner_is_not_shown_is_found()
    {
        _run.Users[0] = _run.Users[0] with { Payments = new Dictionary<string, ShownPayment>() };

        _run.Findings().ShouldBe([$"answer {FabricatedRun.Paid}", $"answer {FabricatedRun.Cancelled}"]);
    }

    [Fact]
    public void A_payment_that_was_shown_to_a_stranger_is_found()
    {
        _run.Observe(2, "GET /v1/payments/" + FabricatedRun.Paid, null, FabricatedRun.Paid, "succeeded", 40);

        _run.Findings().ShouldBe([$"ownership {FabricatedRun.Paid}"]);
    }

    [Fact]
    public void A_strangers_line_in_the_history_is_found()
    {
        _run.Users[1] = _run.Users[1] with { History = [.. _run.Users[1].History, new("op_3", "in", "succeeded", 100)] };

        _run.Findings().ShouldBe(["ownership op_3"]);
    }

    [Fact]
    public void A_payment_that_nobody_confirmed_is_found()
    {
        _run.Observations.RemoveAll(seen => seen.Confirms);

        _run.Findings().ShouldBe([$"ownership {FabricatedRun.Paid}"]);
    }

    [Fact]
    public void A_stored_state_that_says_otherwise_than_its_events_is_found()
    {
        _run.StoredState = payload => payload.Replace("Succeeded", "Submitted", StringComparison.Ordinal);

        _run.Findings().ShouldBe([$"state {FabricatedRun.Paid}"]);
    }

    [Fact]
    public void A_stored_balance_that_no_event_told_is_found()
    {
        _run.StoredState = payload => payload.Replace("\"stroops\":96", "\"stroops\":97", StringComparison.Ordinal);

        _run.Findings().ShouldBe(["state wal_ada"]);
    }

    [Fact]
    public void A_stored_revision_without_its_event_is_found()
    {
        _run.StoredState = payload => payload.Replace("\"revision\":7", "\"revision\":8", StringComparison.Ordinal);

        _run.Findings().ShouldBe(["state wal_ada"]);
    }

    [Fact]
    public void A_read_table_that_differs_from_the_events_is_found()
    {
        _run.ReadTable = rows => [.. rows.Where(row => row.PaymentId != FabricatedRun.Paid)];

        _run.Findings().ShouldBe([$"read table {FabricatedRun.Paid}"]);
    }

    [Fact]
    public void A_broken_audit_chain_is_found()
    {
        _run.BrokenChains["keys"] = 3;

        _run.Findings().ShouldBe(["audit chain keys"]);
    }
}

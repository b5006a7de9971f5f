using StellarPay.Grains.Accounts;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.Wallets;

/// <summary>What becomes of each payment of a batch when the network has decided.</summary>
public sealed class SubmissionBookTests
{
    private static readonly string Own = FakeNetwork.NewAddress();
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly WalletState _state = new() { Owner = "usr_1", Address = Own };
    private readonly WalletBook _book;

    public SubmissionBookTests() =>
        _book = new WalletBook(_state, new WalletEvents("wal_1", _state, [], new TestClock()));

    [Fact]
    public void The_oldest_waiting_payment_takes_all_with_its_memo_along_and_at_most_a_hundred()
    {
        var first = Queued("a");
        var other = Queued("b");
        var rest = Enumerable.Range(0, 120).Select(_ => Queued("a")).ToList();

        _book.Payments.NextBatch().ShouldBe([first, .. rest.Take(99)]);

        Sign(_book.Payments.NextBatch());
        Land();
        _book.Payments.NextBatch().ShouldBe([other]);
        Sign(_book.Payments.NextBatch());
        Land();
        _book.Payments.NextBatch().ShouldBe(rest.Skip(99));
    }

    [Fact]
    public void A_second_transaction_is_never_signed_while_one_is_out()
    {
        var (one, two) = (Queued(), Queued());
        Sign([one]);

        Should.Throw<InvalidOperationException>(() => Sign([two]));

        two.Status.ShouldBe(PaymentStatus.Queued);
    }

    [Fact]
    public void All_of_a_transaction_succeed_together_and_each_is_settled_by_its_own_operation()
    {
        WalletBalances.Add(_state, "native", 100);
        var payments = new[] { Queued(stroops: 10), Queued(stroops: 20), Queued(stroops: 30) };
        Sign(payments);

        _book.Apply(Operation(index: 0, 10), Noon);

        payments.ShouldAllBe(p => p.Status == PaymentStatus.Succeeded && p.Ledger == 9 && p.TransactionHash == "outer-1");
        payments.Select(p => p.Settled).ShouldBe([true, false, false]);
        _state.Submission.ShouldBeNull();
        (WalletBalances.Balance(_state, "native"), WalletBalances.Reserved(_state, "native")).ShouldBe((90, 50));

        _book.Apply(Operation(index: 1, 20), Noon);
        _book.Apply(Operation(index: 2, 30), Noon);

        payments.ShouldAllBe(p => p.Settled);
        (WalletBalances.Balance(_state, "native"), WalletBalances.Reserved(_state, "native")).ShouldBe((40, 0));
    }

    [Fact]
    public void Whose_operation_failed_fails_with_its_own_code_and_the_others_wait_again()
    {
        var payments = new[] { Queued(), Queued(), Queued() };
        Sign(payments);
        var limit = _state.MonthUsage.Sum(u => u.Units);

        _book.Submissions.Refuse(Failed("op_success", "op_no_trust", "op_success"), Noon);

        payments.Select(p => p.Status).ShouldBe([PaymentStatus.Queued, PaymentStatus.Failed, PaymentStatus.Queued]);
        payments.Select(p => p.FailureCode).ShouldBe([null, "op_no_trust", null]);
        payments.Select(p => p.TransactionHash).ShouldBe([null, "outer", null]);
        _state.MonthUsage.Sum(u => u.Units).ShouldBe(limit - payments[1].LimitUnits);
        WalletBalances.Reserved(_state, "native").ShouldBe(payments[0].Stroops + payments[2].Stroops);
        (_state.Submission, _state.SequenceNumber).ShouldBe((null, 7));
    }

    [Fact]
    public void What_nobody_paid_the_fee_of_does_not_count_against_its_payments()
    {
        var payments = new[] { Queued(), Queued() };
        for (var i = 0; i < 5; i++)
        {
            Sign(payments);
            _state.Submission!.Unpaid = true;
            _book.Submissions.Refuse(new SubmissionReport(SubmissionOutcome.Terminal, "tx_too_late"), Noon);
        }

        Sign(payments);
        _book.Submissions.Refuse(new SubmissionReport(SubmissionOutcome.Terminal, "tx_too_late"), Noon);

        payments.ShouldAllBe(p => p.Status == PaymentStatus.Queued);
    }

    [Theory]
    [InlineData("tx_too_late")]
    [InlineData("tx_bad_seq")]
    public void A_batch_that_failed_as_a_whole_is_tried_three_times_and_then_fails(string code)
    {
        var payments = new[] { Queued(), Queued() };
        for (var i = 0; i < 2; i++)
        {
            Sign(payments);
            _book.Submissions.Refuse(new SubmissionReport(SubmissionOutcome.Terminal, code), Noon);
            payments.ShouldAllBe(p => p.Status == PaymentStatus.Queued);
            _state.SequenceNumber.ShouldBeNull();
        }

        Sign(payments);
        _book.Submissions.Refuse(new SubmissionReport(SubmissionOutcome.Terminal, code), Noon);

        payments.ShouldAllBe(p => p.Status == PaymentStatus.Failed && p.FailureCode == code);
        WalletBalances.Reserved(_state, "native").ShouldBe(0);
        _state.MonthUsage.Sum(u => u.Units).ShouldBe(0);
    }

    [Fact]
    public void A_payment_alone_in_its_transaction_fails_at_once()
    {
        var payment = Queued();
        Sign([payment]);

        _book.Submissions.Refuse(new SubmissionReport(SubmissionOutcome.Terminal, "tx_too_late"), Noon);

        (payment.Status, payment.FailureCode).ShouldBe((PaymentStatus.Failed, "tx_too_late"));
    }

    // The bug kept away: three tries together, and then the innocent fail with the one whose entry is frozen.
    [Fact]
    public void Of_a_batch_that_touches_a_frozen_entry_each_is_tried_by_itself_once()
    {
        var payments = new[] { Queued(), Queued(), Queued() };
        var late = Queued();
        Sign(payments);

        _book.Submissions.Refuse(Frozen, Noon);

        payments.ShouldAllBe(p => p.Status == PaymentStatus.Queued);
        _book.Payments.NextBatch().ShouldBe([payments[0]]);
        Sign(_book.Payments.NextBatch());
        _book.Submissions.Refuse(Frozen, Noon);
        (payments[0].Status, payments[0].FailureCode).ShouldBe((PaymentStatus.Failed, "tx_frozen_key_accessed"));

        foreach (var innocent in payments.Skip(1))
        {
            _book.Payments.NextBatch().ShouldBe([innocent]);
            Sign(_book.Payments.NextBatch());
            Land();
            innocent.Status.ShouldBe(PaymentStatus.Succeeded);
        }

        _book.Payments.NextBatch().ShouldBe([late]);
    }

    [Fact]
    public void Claims_that_touch_a_frozen_entry_are_tried_by_themselves_and_the_frozen_one_is_given_up()
    {
        var claims = new WalletBook(_state, new WalletEvents("wal_1", _state, [], new TestClock()), ClaimRules.Of([], "0.0000001"));
        claims.Claims.Incoming.Offer("aa", "native", 5, lookAt: null, Noon);
        claims.Claims.Incoming.Offer("bb", "native", 5, lookAt: null, Noon);
        SignClaims();
        claims.Submissions.Refuse(Frozen, Noon);

        claims.Claims.Next().Select(c => c.BalanceId).ShouldBe(["aa"]);
        SignClaims();
        claims.Submissions.Refuse(Frozen, Noon);

        claims.Claims.Incoming.Find("aa").ShouldBeNull();
        claims.Claims.Next().Select(c => c.BalanceId).ShouldBe(["bb"]);
        SignClaims();
        claims.Submissions.Refuse(Failed("op_trustline_frozen"), Noon);

        claims.Claims.Next().ShouldBeEmpty();
        _state.Claims.ShouldBeNull();

        void SignClaims() => claims.Submissions.Sign(new Submission
        {
            InnerHash = "inner", Hashes = ["outer"], SequenceNumber = 7,
            Operations = [.. claims.Claims.Next().Select(c => new SubmittedOperation(c.Subject))],
        });
    }

    [Fact]
    public void Balances_of_next_year_do_not_keep_one_of_today_from_being_remembered()
    {
        var book = new WalletBook(_state, new WalletEvents("wal_1", _state, [], new TestClock()), ClaimRules.Of([], "0.0000001"));
        for (var i = 0; i < IncomingClaims.Most; i++)
        {
            book.Claims.Incoming.Offer($"later-{i}", "native", 5, Noon.AddDays(300 + i), Noon).ShouldBe(ClaimOffer.Remembered);
        }

        book.Claims.Incoming.Offer("even-later", "native", 5, Noon.AddDays(400), Noon).ShouldBe(ClaimOffer.Full);
        book.Claims.Incoming.Offer("today", "native", 5, lookAt: null, Noon).ShouldBe(ClaimOffer.Displaced);

        book.Claims.Next().Select(c => c.BalanceId).ShouldBe(["today"]);
        book.Claims.Incoming.Find($"later-{IncomingClaims.Most - 1}").ShouldBeNull();
        _state.Claims!.Count.ShouldBe(IncomingClaims.Most);
    }

    [Fact]
    public void Codes_of_another_number_of_operations_blame_nobody()
    {
        var payments = new[] { Queued(), Queued() };
        Sign(payments);

        _book.Submissions.Refuse(Failed("op_no_trust"), Noon);

        payments.ShouldAllBe(p => p.Status == PaymentStatus.Queued);
    }

    [Fact]
    public void A_fee_bump_that_was_replaced_may_still_be_the_one_that_the_ledger_took()
    {
        var payment = Queued();
        Sign([payment]);
        _book.Submissions.Bump("envelope-2", "outer-2", 5000, Noon);
        payment.TransactionHash.ShouldBe("outer-2");

        _book.Apply(Operation(index: 0, payment.Stroops) with { TransactionHash = "outer", InnerTransactionHash = "inner" }, Noon);

        (payment.Status, payment.Settled, payment.TransactionHash).ShouldBe((PaymentStatus.Succeeded, true, "outer"));
    }

    [Fact]
    public void Of_many_answers_the_first_and_the_latest_are_kept()
    {
        var submission = new Submission();
        for (var i = 0; i < 50; i++)
        {
            submission.Note(new SubmissionAttempt(Noon.AddSeconds(i), Bid: 0, SubmissionOutcome.Pending, null));
        }

        submission.Attempts.Select(a => (a.At - Noon).TotalSeconds).ShouldBe([0, 1, 2, 3, 4, 45, 46, 47, 48, 49]);
    }

    private PaymentRecord Queued(string? memo = null, long stroops = 5)
    {
        var payment = new PaymentRecord
        {
            Id = PaymentId.New(TimeProvider.System).Value, Asset = "native", Stroops = stroops, LimitUnits = stroops, Memo = memo,
            CreatedAt = Noon,
        };
        _book.Payments.Add(payment);
        _book.Payments.Queue(payment);
        return payment;
    }

    private void Sign(IReadOnlyList<PaymentRecord> payments) => _book.Submissions.Sign(new Submission
    {
        InnerHash = "inner",
        Hashes = ["outer"],
        SequenceNumber = 7,
        Operations = [.. payments.Select(p => new SubmittedOperation(p.Id))],
    });

    private static SubmissionReport Frozen => new(SubmissionOutcome.Terminal, "tx_frozen_key_accessed");

    private void Land() => _book.Submissions.Land(9, "outer", Noon);

    private static SubmissionReport Failed(params string[] codes) =>
        new(SubmissionOutcome.Terminal, codes.First(c => c != "op_success"), 9, OperationCodes: codes);

    private static LedgerOperation Operation(int index, long stroops) => new(
        (9L << 32) | (1 << 12) | (uint)(index + 1), "outer-1", "inner", true, "payment", Own, FakeNetwork.NewAddress(),
        new Amount(Asset.Native, stroops), null, 9, Noon);
}

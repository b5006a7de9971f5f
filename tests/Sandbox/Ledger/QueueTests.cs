using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

public sealed class QueueTests
{
    private readonly TestLedger _ledger = new TestLedger().Create("alice", "bob", "carol");

    [Fact]
    public void An_account_has_one_transaction_waiting()
    {
        var first = Payment("alice", 1);
        var second = _ledger.Signed(first.Transaction with { Sequence = first.Sequence + 1 }, "alice");

        _ledger.Submit(first).Status.ShouldBe(SubmissionStatus.Pending);
        _ledger.Submit(first).Status.ShouldBe(SubmissionStatus.Duplicate);
        _ledger.Submit(second).Status.ShouldBe(SubmissionStatus.TryAgainLater);
        _ledger.Close();
        _ledger.Submit(second).Status.ShouldBe(SubmissionStatus.Pending);
    }

    [Fact]
    public void What_was_applied_is_refused_for_ten_ledgers_and_then_its_sequence_number_is_bad()
    {
        var frame = Payment("alice", 1);
        _ledger.Apply(frame);

        for (var i = 0; i < BanList.Ledgers - 1; i++)
        {
            _ledger.Submit(frame).Status.ShouldBe(SubmissionStatus.TryAgainLater, $"after {i} ledgers");
            _ledger.Close();
        }

        _ledger.Refused(frame).Code.ShouldBe(TransactionResultCode.BadSeq);
    }

    [Fact]
    public void A_fee_bump_replaces_a_waiting_transaction_for_ten_times_its_fee_rate()
    {
        var frame = Payment("alice", 1);
        _ledger.Submit(frame);

        // Two operations count for a fee bump of one, so ten times 100 an operation is 2000.
        _ledger.Refused(_ledger.Bumped(frame, "bob", 1999))
            .ShouldBe(new TransactionResult(2000, TransactionResultCode.InsufficientFee));
        _ledger.Submit(_ledger.Bumped(frame, "bob", 2000)).Status.ShouldBe(SubmissionStatus.Pending);
        _ledger.Submit(frame).Status.ShouldBe(SubmissionStatus.Duplicate);

        var applied = _ledger.Close().Transactions.ShouldHaveSingleItem();
        applied.Frame.IsFeeBump.ShouldBeTrue();
        applied.Result.FeeCharged.ShouldBe(200);
    }

    [Fact]
    public void A_fee_bump_behind_the_waiting_sequence_number_is_bad()
    {
        var frame = Payment("alice", 1);
        var behind = _ledger.Signed(frame.Transaction with { Sequence = frame.Sequence - 1 }, "alice");
        _ledger.Submit(frame);

        _ledger.Refused(_ledger.Bumped(behind, "bob", 2000))
            .ShouldBe(new TransactionResult(0, TransactionResultCode.BadSeq));
    }

    [Fact]
    public void A_fee_bump_must_not_pay_less_than_its_inner_transaction_bids()
    {
        var payment = Payment("alice", 1).Transaction with { Fee = 1000 };

        _ledger.Refused(_ledger.Bumped(_ledger.Signed(payment, "alice"), "bob", 1999))
            .ShouldBe(new TransactionResult(2000, TransactionResultCode.InsufficientFee));
    }

    [Fact]
    public void Fees_of_all_that_waits_must_be_affordable_to_whoever_pays_them()
    {
        var spendable = _ledger.Account("carol").Balance - (2 * _ledger.State.Header.BaseReserve);
        var whole = _ledger.Bumped(Payment("alice", 1), "carol", spendable);
        var more = _ledger.Bumped(Payment("bob", 1), "carol", 200);

        _ledger.Submit(whole).Status.ShouldBe(SubmissionStatus.Pending);
        _ledger.Refused(more).Code.ShouldBe(TransactionResultCode.InsufficientBalance);
    }

    [Fact]
    public void What_waits_for_four_ledgers_is_dropped_and_banned()
    {
        var ledger = new TestLedger(maxTxSetSize: 1).Create("alice", "bob");
        var patient = ledger.Signed(
            ledger.Transaction("alice", new PaymentOperation(ledger.Id("root"), Asset.Native, 1)), "alice");
        ledger.Submit(patient);
        for (var i = 0; i < TransactionQueue.MaximumAge; i++)
        {
            ledger.Queue.IsWaiting(ledger.Id("alice")).ShouldBeTrue();
            var better = ledger.Transaction("bob", new PaymentOperation(ledger.Id("root"), Asset.Native, 1));
            ledger.Submit(ledger.Signed(better with { Fee = 1000 }, "bob")).Status.ShouldBe(SubmissionStatus.Pending);
            ledger.Close().Transactions.ShouldHaveSingleItem().Frame.Source.ShouldBe(ledger.Id("bob"));
        }

        ledger.Queue.IsWaiting(ledger.Id("alice")).ShouldBeFalse();
        ledger.Submit(patient).Status.ShouldBe(SubmissionStatus.TryAgainLater);
    }

    [Fact]
    public void A_full_queue_makes_room_for_whoever_pays_more_and_names_the_price_to_others()
    {
        var ledger = new TestLedger(maxTxSetSize: 1).Create("alice", "bob", "carol", "dave");
        PaymentOperation payment = new(ledger.Id("root"), Asset.Native, 1);
        TransactionFrame Bid(string name, uint fee) =>
            ledger.Signed(ledger.Transaction(name, payment) with { Fee = fee }, name);
        ledger.Submit(Bid("alice", 100));
        ledger.Submit(Bid("bob", 300));

        ledger.Refused(Bid("carol", 100)).ShouldBe(new TransactionResult(101, TransactionResultCode.InsufficientFee));
        ledger.Submit(Bid("dave", 200)).Status.ShouldBe(SubmissionStatus.Pending);

        ledger.Queue.IsWaiting(ledger.Id("alice")).ShouldBeFalse();
        ledger.Refused(Bid("carol", 150)).FeeCharged.ShouldBe(201);
    }

    [Fact]
    public void A_nearly_full_ledger_charges_all_the_lowest_bid_that_got_in()
    {
        var ledger = new TestLedger(maxTxSetSize: 2).Create("alice", "bob", "carol");
        foreach (var (name, fee) in new[] { ("alice", 500u), ("bob", 900u), ("carol", 700u) })
        {
            var payment = ledger.Transaction(name, new PaymentOperation(ledger.Id("root"), Asset.Native, 1));
            ledger.Submit(ledger.Signed(payment with { Fee = fee }, name));
        }

        var closed = ledger.Close();

        closed.BaseFee.ShouldBe(700);
        closed.Transactions.Select(applied => applied.Frame.Source)
            .ShouldBe([ledger.Id("bob"), ledger.Id("carol")], ignoreOrder: true);
        closed.Transactions.ShouldAllBe(applied => applied.Result.FeeCharged == 700);
    }

    [Fact]
    public void What_expires_before_the_ledger_closes_is_not_taken()
    {
        var closeTime = _ledger.State.Header.CloseTime;
        var transaction = Payment("alice", 1).Transaction with
        {
            Preconditions = Preconditions.Time(new TimeBounds(0, closeTime + 20)),
        };
        _ledger.Submit(_ledger.Signed(transaction, "alice")).Status.ShouldBe(SubmissionStatus.Pending);

        _ledger.Queue.ChooseFor(closeTime + 21).Transactions.ShouldBeEmpty();

        _ledger.Queue.Count.ShouldBe(0);
    }

    [Fact]
    public void What_would_expire_within_two_intervals_is_too_late_already()
    {
        var transaction = Payment("alice", 1).Transaction;
        TransactionFrame Until(ulong time) => _ledger.Signed(
            transaction with { Preconditions = Preconditions.Time(new TimeBounds(0, time)) }, "alice");
        var horizon = _ledger.State.Header.CloseTime + (2 * TestLedger.Interval);

        _ledger.Refused(Until(horizon - 1)).Code.ShouldBe(TransactionResultCode.TooLate);
        _ledger.Submit(Until(horizon)).Status.ShouldBe(SubmissionStatus.Pending);
    }

    private TransactionFrame Payment(string from, long amount) => _ledger.Signed(
        _ledger.Transaction(from, new PaymentOperation(_ledger.Id("root"), Asset.Native, amount)), from);
}

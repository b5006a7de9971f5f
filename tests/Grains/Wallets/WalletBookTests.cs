using StellarPay.Grains.Accounts;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.Wallets;

public sealed class WalletBookTests
{
    private static readonly string Own = FakeNetwork.NewAddress();
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly WalletState _state = new() { Owner = "usr_1", Address = Own };
    private readonly WalletBook _book;

    public WalletBookTests() => _book = new WalletBook(_state, new WalletEvents("wal_1", _state, [], new TestClock()));

    [Theory]
    [InlineData(PaymentStatus.Succeeded)]
    [InlineData(PaymentStatus.Failed)]
    [InlineData(PaymentStatus.Expired)]
    [InlineData(PaymentStatus.Cancelled)]
    public void A_payment_that_has_ended_never_changes_again(PaymentStatus ended)
    {
        var payment = New(100, ended);

        Action[] changes =
        [
            () => _book.Payments.Queue(payment),
            () => _book.Submissions.Sign(SubmissionOf(payment)),
            () => Flying(payment).Submissions.Land(1, "h", Noon),
            () => Flying(payment).Submissions.Refuse(new SubmissionReport(SubmissionOutcome.Terminal, "tx_failed", 1), Noon),
            () => _book.Payments.Expire(payment, Noon),
            () => _book.Payments.Cancel(payment, Noon),
        ];

        foreach (var change in changes)
        {
            Should.Throw<InvalidOperationException>(change);
            payment.Status.ShouldBe(ended);
            payment.FailureCode.ShouldBeNull();
            _state.Submission = null;
        }
    }

    [Fact]
    public void An_operation_that_was_taken_before_is_passed_over()
    {
        _book.Apply(Credit(token: 5, 100), Noon);

        WalletBalances.Balance(_state, "native").ShouldBe(100);
    }

    [Fact]
    public void A_credit_says_by_which_muxed_address_it_came()
    {
        // The fact kept: what is given back to an exchange goes to its customer's M… address, and old events never get one.
        var events = new WalletEvents("wal_1", _state, [], new TestClock());

        new WalletBook(_state, events).Apply(Credit(token: 6, 5_000) with { FromMuxed = "M-payer" }, Noon);
        events.Flush();

        _state.Outbox.ShouldHaveSingleItem().Data.GetProperty("fromMuxed").GetString().ShouldBe("M-payer");
    }

    [Fact]
    public void Two_credits_by_one_call_of_a_contract_are_two()
    {
        var events = new WalletEvents("wal_1", _state, [], new TestClock());
        var book = new WalletBook(_state, events);
        var credit = Credit(token: 5, 5_000);

        book.Apply(new LedgerEntry(new LedgerPlace(5, 0), Movement: credit), Noon);
        book.Apply(new LedgerEntry(new LedgerPlace(5, 1), Movement: credit), Noon);
        events.Flush();

        _state.Outbox.Select(e => e.Data.GetProperty("operationId").GetString()).ShouldBe(["5", "5-2"]);
    }

    [Fact]
    public void An_operation_of_a_failed_transaction_moves_nothing()
    {

        WalletBalances.Balance(_state, "native").ShouldBe(0);
    }

    [Theory]
    [InlineData("outer", "inner")]
    [InlineData("inner", null)]
    public void A_payment_is_known_by_the_hash_of_its_fee_bump_or_of_what_is_inside(string hash, string? inner)
    {
        _book.Apply(Credit(token: 1, 100), Noon);
        var payment = New(40, PaymentStatus.Signed);
        Flying(payment);

        _book.Apply(Debit(token: Token(2), 40) with { TransactionHash = hash, InnerTransactionHash = inner }, Noon);

        (payment.Status, payment.Settled, payment.Ledger).ShouldBe((PaymentStatus.Succeeded, true, 9));
        WalletBalances.Spendable(_state, "native").ShouldBe(60);
        WalletBalances.Reserved(_state, "native").ShouldBe(0);
    }

    [Fact]
    public void What_the_owner_moved_by_other_means_lowers_the_balance_and_ends_no_payment()
    {
        _book.Apply(Credit(token: 1, 100), Noon);
        var payment = New(40, PaymentStatus.Signed);
        Flying(payment);

        _book.Apply(Debit(token: Token(2), 40) with { TransactionHash = "another" }, Noon);

        payment.Status.ShouldBe(PaymentStatus.Signed);
        WalletBalances.Spendable(_state, "native").ShouldBe(20);
    }

    [Fact]
    public void A_path_payment_takes_what_was_sent_and_gives_what_arrived()
    {
        _book.Apply(Credit(token: 1, 100), Noon);
        var usdc = Asset.Parse($"USDC:{FakeNetwork.NewAddress()}");

        _book.Apply(
            Debit(token: 2, 40) with { To = Own, Amount = new Amount(usdc, 7), SourceAmount = new Amount(Asset.Native, 40) }, Noon);

        WalletBalances.Balance(_state, "native").ShouldBe(60);
        WalletBalances.Balance(_state, usdc.Canonical).ShouldBe(7);
    }

    [Fact]
    public void A_balance_to_be_claimed_is_paid_by_its_creator_and_credited_to_who_claims_it()
    {
        _book.Apply(Credit(token: 1, 100), Noon);

        _book.Apply(Debit(token: 2, 40) with { Type = "create_claimable_balance", To = null, Claimants = [Own] }, Noon);
        WalletBalances.Balance(_state, "native").ShouldBe(60);

        _book.Apply(Credit(token: 3, 40) with { Type = "claim_claimable_balance", From = null, Creator = Own }, Noon);
        WalletBalances.Balance(_state, "native").ShouldBe(100);
    }

    [Fact]
    public void All_transfers_of_one_contract_call_count_and_count_once()
    {
        var ten = new Amount(Asset.Native, 10);
        var call = Credit(token: 2, 1) with
        {
            From = null, To = null, Amount = null, Type = "invoke_host_function",
            Transfers =
            [
                new LedgerTransfer(FakeNetwork.NewAddress(), Own, ten, ten),
                new LedgerTransfer(null, Own, ten, ten),
                new LedgerTransfer(Own, FakeNetwork.NewAddress(), ten with { Stroops = 3 }, ten with { Stroops = 3 }),
            ],
        };

        _book.Apply(call, Noon);

        WalletBalances.Balance(_state, "native").ShouldBe(17);
    }

    [Fact]
    public void An_operation_that_moves_nothing_settles_no_payment_of_its_transaction()
    {
        var payment = New(40, PaymentStatus.Signed);
        payment.TransactionHash = "hash";

        _book.Apply(Debit(token: 2, 40) with { Type = "begin_sponsoring_future_reserves", To = null, Amount = null }, Noon);

        payment.Settled.ShouldBeFalse();
    }

    [Fact]
    public void Balances_beyond_64_bits_are_an_error_and_no_wrap_around()
    {
        _book.Apply(Credit(token: 1, long.MaxValue), Noon);

        Should.Throw<OverflowException>(() => _book.Apply(Credit(token: 2, 1), Noon));
    }

    [Fact]
    public void A_failure_on_the_ledger_uses_the_sequence_number_and_any_other_does_not()
    {
        Flying(New(1, PaymentStatus.Signed)).Submissions.Refuse(
            new SubmissionReport(SubmissionOutcome.Terminal, "op_no_trust", 9, OperationCodes: ["op_no_trust"]), Noon);
        _state.SequenceNumber.ShouldBe(7);

        Flying(New(1, PaymentStatus.Signed)).Submissions.Refuse(new SubmissionReport(SubmissionOutcome.Terminal, "tx_too_late"), Noon);
        _state.SequenceNumber.ShouldBeNull();
    }

    // Each such try is charged on the ledger, and whoever pays himself can spoil it as often as he likes.
    [Fact]
    public void What_others_spoil_for_the_third_time_is_tried_by_itself()
    {
        var spoiled = New(1, PaymentStatus.Queued);
        for (var tried = 1; tried <= 3; tried++)
        {
            spoiled.Alone.ShouldBeFalse();
            var spoiler = New(1, PaymentStatus.Queued);
            _book.Payments.NextBatch().ShouldBe([spoiled, spoiler]);
            (spoiled.Status, spoiler.Status, spoiled.Signings) = (PaymentStatus.Signed, PaymentStatus.Signed, tried);
            Flying(spoiled, spoiler).Submissions.Refuse(
                new SubmissionReport(SubmissionOutcome.Terminal, "op_no_trust", tried, OperationCodes: ["op_success", "op_no_trust"]), Noon);
            (spoiled.Status, spoiler.Status).ShouldBe((PaymentStatus.Queued, PaymentStatus.Failed));
        }

        New(1, PaymentStatus.Queued);
        _book.Payments.NextBatch().ShouldBe([spoiled]);
    }

    [Fact]
    public void A_succeeded_payment_that_the_balance_does_not_show_yet_is_never_forgotten()
    {
        var unsettled = New(1, PaymentStatus.Succeeded);
        for (var i = 0; i < 50; i++)
        {
            New(1, PaymentStatus.Cancelled);
        }

        _book.Prune(Noon);

        _state.Payments.ShouldContain(unsettled);
        _state.Payments.Count.ShouldBe(4);
    }

    private static Submission SubmissionOf(params PaymentRecord[] payments) => new()
    {
        InnerHash = "inner",
        Hashes = ["outer"],
        SequenceNumber = 7,
        Operations = [.. payments.Select(p => new SubmittedOperation(p.Id))],
    };

    // As it is while a transaction with these payments is out.
    private WalletBook Flying(params PaymentRecord[] payments)
    {
        _state.Submission = SubmissionOf(payments);
        _state.SequenceNumber = 7;
        for (var i = 0; i < payments.Length; i++)
        {
            (payments[i].TransactionHash, payments[i].InnerHash, payments[i].OperationIndex) = ("outer", "inner", i);
        }

        return _book;
    }

    // The paging token of the first operation of a ledger's first transaction.
    private static long Token(long ledger) => (ledger << 32) | (1 << 12) | 1;

    private PaymentRecord New(long stroops, PaymentStatus status)
    {
        var payment = new PaymentRecord
        {
            Id = PaymentId.New(TimeProvider.System).Value, Asset = "native", Stroops = stroops, CreatedAt = Noon, Status = status,
        };
        _state.Payments.Add(payment);
        return payment;
    }

    private static LedgerOperation Credit(long token, long stroops) => new(
        token, "hash", null, true, "payment", FakeNetwork.NewAddress(), Own, new Amount(Asset.Native, stroops), null, 9, Noon);

    private static LedgerOperation Debit(long token, long stroops) => new(
        token, "hash", null, true, "payment", Own, FakeNetwork.NewAddress(), new Amount(Asset.Native, stroops), null, 9, Noon);
}

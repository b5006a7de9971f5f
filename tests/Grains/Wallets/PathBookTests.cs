using StellarPay.Grains.Accounts;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.Wallets;

/// <summary>What a path payment does to the balances, the reservation and the limits of its payer's and its payee's books.</summary>
public sealed class PathBookTests
{
    private static readonly string Own = FakeNetwork.NewAddress();
    private static readonly string Usdc = $"USDC:{FakeNetwork.NewAddress()}";
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly WalletState _state = new() { Owner = "usr_1", Address = Own };
    private readonly WalletBook _book;

    public PathBookTests()
    {
        _book = new WalletBook(_state, new WalletEvents("wal_1", _state, [Usdc], new TestClock()));
        WalletBalances.Add(_state, "native", 10_000);
    }

    [Fact]
    public void The_most_that_may_leave_is_reserved_until_the_ledger_says_what_did()
    {
        var payment = Flying(most: 1_010)[0];
        _book.Submissions.Land(9, "outer", Noon);
        State().ShouldBe((10_000, 1_010, 101));

        _book.Apply(Sent(index: 0, stroops: 1_004, received: 250), Noon);

        (payment.Settled, payment.Path!.SentStroops, payment.Path.ReceivedStroops, payment.LimitUnits).ShouldBe((true, 1_004, 250, 101));
        State().ShouldBe((8_996, 0, 101));
        WalletBalances.Balance(_state, Usdc).ShouldBe(0);
    }

    [Fact]
    public void Each_path_payment_of_a_transaction_is_settled_by_its_own_operation_and_by_no_other()
    {
        var payments = Flying(most: 1_000, count: 3);

        _book.Apply(Sent(index: 1, stroops: 500, received: 9), Noon);
        payments.Select(p => (p.Status, p.Path!.SentStroops)).ShouldBe(
            [(PaymentStatus.Succeeded, null), (PaymentStatus.Succeeded, 500), (PaymentStatus.Succeeded, null)]);
        State().ShouldBe((9_500, 2_000, 250));

        // Twice the same, and an older one, move nothing.
        _book.Apply(Sent(index: 2, stroops: 1_000, received: 9), Noon);
        State().ShouldBe((8_500, 1_000, 250));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(999, 100)]
    [InlineData(1_000, 100)]
    public void What_left_counts_against_the_limits_rounded_up(long sent, long units)
    {
        Flying(most: 1_000);

        _book.Apply(Sent(index: 0, sent, received: 9), Noon);

        State().Units.ShouldBe(units);
    }

    [Fact]
    public void A_payment_that_settles_long_after_its_quote_does_not_come_back_to_the_limits()
    {
        Flying(most: 1_000);
        var later = Noon.AddDays(31);
        _book.Prune(later);
        State().Units.ShouldBe(0);

        _book.Apply(Sent(index: 0, 500, received: 9), later);

        LimitLedger.Used(_state.DayUsage, LimitWindow.Day, later).ShouldBe(0);
        LimitLedger.Used(_state.MonthUsage, LimitWindow.Month, later).ShouldBe(0);
    }

    [Fact]
    public void One_that_failed_gives_all_of_it_back()
    {
        var payment = Flying(most: 1_000)[0];

        _book.Submissions.Refuse(new SubmissionReport(SubmissionOutcome.Terminal, "op_over_source_max", 9), Noon);

        (payment.FailureCode, payment.Path!.SentStroops).ShouldBe(("op_over_source_max", null));
        State().ShouldBe((10_000, 0, 0));
    }

    [Fact]
    public void What_comes_in_by_a_path_is_credited_with_what_arrived_and_not_with_what_was_sent()
    {
        var incoming = Sent(index: 0, stroops: 1_000, received: 250) with { From = FakeNetwork.NewAddress(), To = Own };

        _book.Apply(incoming, Noon);

        WalletBalances.Balance(_state, Usdc).ShouldBe(250);
        WalletBalances.Balance(_state, "native").ShouldBe(10_000);
    }

    private (long Balance, long Reserved, long Units) State() => (
        WalletBalances.Balance(_state, "native"), WalletBalances.Reserved(_state, "native"), _state.DayUsage.Sum(u => u.Units));

    private List<PaymentRecord> Flying(long most, int count = 1)
    {
        var payments = Enumerable.Range(0, count).Select(_ => new PaymentRecord
        {
            Id = PaymentId.New(TimeProvider.System).Value, Method = PaymentMethod.PathStrictReceive, Asset = Usdc, Stroops = 250,
            LimitUnits = most / 10, CreatedAt = Noon,
            Path = new PathRecord { SourceAsset = "native", SourceStroops = most, SourceMaxStroops = most, MinStroops = 250 },
        }).ToList();
        foreach (var payment in payments)
        {
            _book.Payments.Add(payment);
            _book.Payments.Queue(payment);
        }

        _book.Submissions.Sign(new Submission
        {
            InnerHash = "inner", Hashes = ["outer"], SequenceNumber = 7,
            Operations = [.. payments.Select(p => new SubmittedOperation(p.Id))],
        });
        return payments;
    }

    private static LedgerOperation Sent(int index, long stroops, long received) => new(
        (9L << 32) | (1 << 12) | (uint)(index + 1), "outer", "inner", true, "path_payment_strict_receive", Own,
        FakeNetwork.NewAddress(), new Amount(Asset.Parse(Usdc), received), null, 9, Noon,
        SourceAmount: new Amount(Asset.Native, stroops));
}

using StellarPay.Grains.Accounts;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Refunds;

/// <summary>What goes into one transaction, which has one memo: who shares an address with others is nobody without his own.</summary>
public sealed class RefundBatchTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly MerchantState _state = new();

    [Fact]
    public void What_has_different_memos_shares_no_transaction_and_none_is_left_behind()
    {
        RefundMemo?[] memos =
        [
            null, new("id", "7"), new("text", "7"), null, new("id", "7"), new("id", "8"), null, new("hash", Convert.ToBase64String(new byte[32])),
        ];
        for (var at = 0; at < memos.Length; at++)
        {
            _state.RefundOrders.Add(new RefundOrderRecord { Refund = $"re_{at}", To = "G", IsReserved = true, At = Noon, Memo = memos[at] });
        }

        var orders = new RefundOrders(_state, null!, null!, new RefundOptions());
        var batches = new List<string>();
        while (orders.NextBatch(Noon) is { Count: > 0 } batch)
        {
            batch.Select(order => order.Memo).Distinct().Count().ShouldBe(1);
            batches.Add(string.Join(' ', batch.Select(order => order.Refund)));
            batch.ToList().ForEach(order => _state.RefundOrders.Remove(order));
        }

        batches.ShouldBe(["re_0 re_3 re_6", "re_1 re_4", "re_2", "re_5", "re_7"]);
    }

    // What a ledger may hold by now is not set free; and what it does not hold goes into no other transaction.
    [Fact]
    public void What_is_given_up_in_a_transaction_ends_with_that()
    {
        var refund = RefundId.Of(PaymentSessionId.New(TimeProvider.System), 1).Value;
        var book = new MerchantBook("mer_1", _state, TimeProvider.System);
        _state.Books["native"] = new AssetBook { Available = 100 };
        var orders = new RefundOrders(_state, book, null!, new RefundOptions());
        _state.RefundOrders.Add(new RefundOrderRecord { Refund = refund, To = "G", Asset = "native", Stroops = 60, At = Noon });
        orders.Reserve().ShouldBe(1);
        var submission = _state.Submission = new Submission
        {
            Operations = [new SubmittedOperation(_state.RefundOrders[0].Subject())], Hashes = ["hash"], SignedAt = Noon,
        };
        orders.Signed(submission);

        orders.GiveUp(new RefundGivenUp(refund, 0, RefundReasons.AddressWithdrawn));

        _state.RefundOrders.Count.ShouldBe(1);
        (_state.Books["native"].Refunds, _state.Books["native"].Available).ShouldBe((60, 40));
        orders.Refused(submission, new Refusal("tx_too_late", null, new SubmissionReport(SubmissionOutcome.Terminal, "tx_too_late"), Noon));
        _state.RefundOrders.ShouldBeEmpty();
        (_state.Books["native"].Refunds, _state.Books["native"].Available).ShouldBe((0, 100));
        ((IInboxState)_state).Marks().Sent.Select(row => RefundNews.Of(row.Content)).ShouldHaveSingleItem()
            .ShouldBe(new RefundNews(refund, 0, RefundStatus.Failed, null, RefundReasons.AddressWithdrawn));
    }

    // It took places and money from those whom he owes something.
    [Fact]
    public void What_goes_where_a_suspended_merchant_decided_ends_set_aside_or_not_and_nothing_more_is_taken()
    {
        var refund = RefundId.Of(PaymentSessionId.New(TimeProvider.System), 1).Value;
        _state.Books["native"] = new AssetBook { Available = 100 };
        var orders = new RefundOrders(_state, new MerchantBook("mer_1", _state, TimeProvider.System), null!, new RefundOptions());
        var order = new RefundOrder(
            refund, "native", IsHeld: false,
            [new("G1", 60, 0, IsDecided: true), new("G2", 30, 0), new("G3", 20, 0, IsDecided: true)], Noon);
        orders.Take(order, Noon);
        orders.Reserve().ShouldBe(3);
        _state.RefundOrders.Select(each => each.IsReserved).ShouldBe([true, true, false]);
        orders.GiveUp(Noon).ShouldBeFalse();
        _state.Suspended = true;
        orders.NextBatch(Noon).ShouldHaveSingleItem().To.ShouldBe("G2");
        orders.DueAt(Noon, TimeSpan.FromSeconds(1)).ShouldBe(Noon.AddSeconds(1));

        orders.GiveUp(Noon).ShouldBeTrue();
        orders.Take(order, Noon);

        _state.RefundOrders.Select(each => each.To).ShouldBe(["G2", "G2"]);
        (_state.Books["native"].Refunds, _state.Books["native"].Available).ShouldBe((30, 70));
        ((IInboxState)_state).Marks().Sent.Select(row => RefundNews.Of(row.Content))
            .Where(news => news.Status == RefundStatus.Failed).Select(news => (news.Leg, news.Failure))
            .ShouldBe([(0, "merchant_suspended"), (2, "merchant_suspended"), (0, "merchant_suspended"), (2, "merchant_suspended")]);
        orders.GiveUp(Noon).ShouldBeFalse();
    }

    // What a ledger may hold by now is looked for, and is in no other transaction.
    [Fact]
    public void What_goes_there_in_a_transaction_ends_with_that()
    {
        var refund = RefundId.Of(PaymentSessionId.New(TimeProvider.System), 1).Value;
        _state.Books["native"] = new AssetBook { Available = 100 };
        var orders = new RefundOrders(_state, new MerchantBook("mer_1", _state, TimeProvider.System), null!, new RefundOptions());
        orders.Take(new RefundOrder(refund, "native", IsHeld: false, [new("G1", 60, 0, IsDecided: true)], Noon), Noon);
        orders.Reserve().ShouldBe(1);
        var submission = _state.Submission = new Submission
        {
            Operations = [new SubmittedOperation(_state.RefundOrders[0].Subject())], Hashes = ["hash"], SignedAt = Noon,
        };
        orders.Signed(submission);
        _state.Suspended = true;

        orders.GiveUp(Noon).ShouldBeTrue();
        orders.GiveUp(Noon).ShouldBeFalse();
        _state.RefundOrders.ShouldHaveSingleItem().GivenUp.ShouldBe("merchant_suspended");
        orders.DueAt(Noon, TimeSpan.FromSeconds(1)).ShouldBeNull();
        orders.Refused(submission, new Refusal("tx_too_late", null, new SubmissionReport(SubmissionOutcome.Terminal, "tx_too_late"), Noon));

        _state.RefundOrders.ShouldBeEmpty();
        (_state.Books["native"].Refunds, _state.Books["native"].Available).ShouldBe((0, 100));
        ((IInboxState)_state).Marks().Sent.Select(row => RefundNews.Of(row.Content)).ShouldHaveSingleItem()
            .ShouldBe(new RefundNews(refund, 0, RefundStatus.Failed, null, "merchant_suspended"));
    }

    // Two sessions may both have been told that one is left.
    [Fact]
    public void So_much_is_taken_a_day_of_what_payers_claim_and_nothing_else_counts_for_it()
    {
        _state.Books["native"] = new AssetBook { Available = 100, Held = 100 };
        var options = new RefundOptions { MostClaimedADay = 2, MostAutomaticADay = 1 };
        var orders = new RefundOrders(_state, new MerchantBook("mer_1", _state, TimeProvider.System), null!, options);
        var days = new RefundDays(_state, options);

        (bool, bool)[] all = [(true, false), (false, true), (false, false), (true, false), (true, false), (false, false)];
        foreach (var (isClaimed, isAutomatic) in all)
        {
            orders.Take(OrderOf(isClaimed, isAutomatic), Noon);
        }

        _state.RefundOrders.Count.ShouldBe(5);
        ((IInboxState)_state).Marks().Sent.Select(row => RefundNews.Of(row.Content)).ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                news => news.Status.ShouldBe(RefundStatus.Failed), news => news.Failure.ShouldBe("claimed_refunds_exceeded"));
        days.ClaimsLeft(Noon).ShouldBe(0);
        days.ClaimsLeft(Noon.AddDays(1)).ShouldBe(2);
        orders.Take(OrderOf(isClaimed: true, isAutomatic: false), Noon.AddDays(1));
        _state.RefundOrders.Count.ShouldBe(6);

        static RefundOrder OrderOf(bool isClaimed, bool isAutomatic) => new(
            RefundId.Of(PaymentSessionId.New(TimeProvider.System), 1).Value, "native", IsHeld: true, [new("G1", 1, 0)], Noon, isAutomatic,
            IsOfExcess: true, IsClaimed: isClaimed);
    }

    [Fact]
    public void What_waits_of_the_merchants_own_keeps_no_payer_from_what_is_held_for_him_and_little_has_half_of_the_day()
    {
        _state.Books["native"] = new AssetBook { Available = 0, Held = 1_000 };
        var options = new RefundOptions { MostWaiting = 1, MostClaimedADay = 4 };
        var orders = new RefundOrders(_state, new MerchantBook("mer_1", _state, TimeProvider.System), null!, options);
        var days = new RefundDays(_state, options);
        for (var count = 0; count <= RefundOrders.MostAtOnce; count++)
        {
            orders.Take(OrderOf(isClaimed: false), Noon);
        }

        (days.Waiting(isClaimed: false), days.Waiting(isClaimed: true)).ShouldBe((1 + RefundOrders.MostAtOnce, 0));
        orders.Take(OrderOf(isClaimed: false), Noon);
        Failures().ShouldBe(["merchant_refunds_too_many"]);

        for (var count = 0; count < 3; count++)
        {
            orders.Take(OrderOf(isClaimed: true, isLittle: true), Noon);
        }

        Failures().ShouldBe(["merchant_refunds_too_many", "claimed_refunds_exceeded"]);
        (days.ClaimsLeft(Noon), days.ClaimsLeft(Noon, isLittle: true)).ShouldBe((2, 0));
        (days.Facts(isClaimed: true, Noon).MayBeClaimed, days.Facts(isClaimed: true, Noon).MayLittleBeClaimed).ShouldBe((true, false));
        orders.Take(OrderOf(isClaimed: true), Noon);
        orders.Take(OrderOf(isClaimed: true), Noon);
        orders.Take(OrderOf(isClaimed: true), Noon);
        Failures().Length.ShouldBe(3);
        (days.Waiting(isClaimed: false), days.Waiting(isClaimed: true)).ShouldBe((1 + RefundOrders.MostAtOnce, 4));

        string?[] Failures() => [.. ((IInboxState)_state).Marks().Sent.Select(row => RefundNews.Of(row.Content)!.Failure)];

        static RefundOrder OrderOf(bool isClaimed, bool isLittle = false) => new(
            RefundId.Of(PaymentSessionId.New(TimeProvider.System), 1).Value, "native", IsHeld: isClaimed, [new("G1", 1, 0)], Noon,
            IsOfExcess: true, IsClaimed: isClaimed, IsLittle: isLittle);
    }

    [Fact]
    public void A_memo_is_on_the_ledger_what_it_is_called()
    {
        RefundMemos.OnLedger(null).ShouldBe(Memo.None);
        RefundMemos.OnLedger(new RefundMemo("text", "Ada")).ShouldBeOfType<MemoText>();
        RefundMemos.OnLedger(new RefundMemo("id", "18446744073709551615")).ShouldBeOfType<MemoId>().Id.ShouldBe(ulong.MaxValue);
        RefundMemos.OnLedger(new RefundMemo("hash", Convert.ToBase64String(new byte[32]))).ShouldBeOfType<MemoHash>();
        Should.Throw<InvalidOperationException>(() => RefundMemos.OnLedger(new RefundMemo("id", "Ada")));
    }
}

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

    [Fact]
    public void What_goes_where_a_suspended_merchant_decided_is_neither_set_aside_nor_signed_and_nobody_wakes_for_it()
    {
        var refund = RefundId.Of(PaymentSessionId.New(TimeProvider.System), 1).Value;
        _state.Books["native"] = new AssetBook { Available = 100 };
        var orders = new RefundOrders(_state, new MerchantBook("mer_1", _state, TimeProvider.System), null!, new RefundOptions());
        orders.Take(
            new RefundOrder(refund, "native", IsHeld: false, [new("G1", 60, 0, IsDecided: true), new("G2", 30, 0)], Noon), Noon);
        _state.Suspended = true;

        orders.Reserve().ShouldBe(1);
        orders.NextBatch(Noon).ShouldHaveSingleItem().To.ShouldBe("G2");
        _state.Suspended = false;
        orders.Reserve().ShouldBe(1);
        orders.NextBatch(Noon).Select(order => order.To).ShouldBe(["G1", "G2"]);
        _state.Suspended = true;
        orders.NextBatch(Noon).ShouldHaveSingleItem().To.ShouldBe("G2", "nor what was set aside before");
        _state.RefundOrders.RemoveAt(1);
        (orders.Waits(Noon), orders.DueAt(Noon, TimeSpan.FromSeconds(1))).ShouldBe((false, null));
        _state.Suspended = false;
        (orders.Waits(Noon), orders.DueAt(Noon, TimeSpan.FromSeconds(1))).ShouldBe((true, Noon.AddSeconds(1)));
    }

    [Fact]
    public void What_stands_as_long_as_its_merchant_is_suspended_waits_no_longer_than_what_has_too_little_money()
    {
        var refund = RefundId.Of(PaymentSessionId.New(TimeProvider.System), 1).Value;
        var orders = new RefundOrders(_state, null!, null!, new RefundOptions { WaitDays = 30 });
        orders.Take(new RefundOrder(refund, "native", IsHeld: false, [new("G1", 60, 0, IsDecided: true)], Noon), Noon);
        _state.Suspended = true;
        orders.DueAt(Noon, TimeSpan.FromSeconds(1)).ShouldBe(Noon.AddDays(30));

        orders.GiveUp(Noon.AddDays(30)).ShouldBeTrue();

        ((IInboxState)_state).Marks().Sent.Select(row => RefundNews.Of(row.Content)).ShouldHaveSingleItem()
            .ShouldBe(new RefundNews(refund, 0, RefundStatus.Failed, null, "merchant_suspended"));
    }

    // An operator puts back an order that was set aside: what its session gave up meanwhile is paid to nobody.
    [Fact]
    public void What_was_given_up_before_its_order_was_known_is_paid_to_nobody()
    {
        var refund = RefundId.Of(PaymentSessionId.New(TimeProvider.System), 1).Value;
        var orders = new RefundOrders(_state, null!, null!, new RefundOptions());

        orders.GiveUp(new RefundGivenUp(refund, 1, RefundReasons.AddressWithdrawn));
        orders.GiveUp(new RefundGivenUp(refund, 1, RefundReasons.AddressWithdrawn));
        orders.Take(new RefundOrder(refund, "native", IsHeld: false, [new("G1", 60, 0), new("G2", 30, 0)], Noon), Noon);

        _state.RefundOrders.ShouldHaveSingleItem().To.ShouldBe("G1");
        _state.Overtaken.ShouldBeEmpty();
        ((IInboxState)_state).Marks().Sent.Select(row => RefundNews.Of(row.Content)).ShouldHaveSingleItem()
            .ShouldBe(new RefundNews(refund, 1, RefundStatus.Failed, null, RefundReasons.AddressWithdrawn));
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

using StellarPay.Grains.Merchants;
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

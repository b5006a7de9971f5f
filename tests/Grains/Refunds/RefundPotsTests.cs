using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Grains.Tests.Refunds;

/// <summary>What the platform gives back of its fee.</summary>
public sealed class RefundPotsTests
{
    private const long Unit = 10_000_000;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    // A merchant would have his sales for nothing by giving them back to himself.
    [Fact]
    public void No_fee_is_given_back_with_what_goes_where_the_merchant_said()
    {
        var state = new PaymentSessionState
        {
            Status = PaymentSessionStatus.Paid, Merchant = "mer_1", Currency = "USD", Amount = 20 * Unit, Asset = "native", Fee = 2 * Unit,
            Locks = [new SessionLock("native", 20 * Unit, 1, "fixed", Noon, 1)],
            Counted = new Dictionary<string, long> { ["native"] = 20 * Unit },
            Payments = [PaymentOf(1, 15), PaymentOf(2, 5)],
        };
        var pots = new RefundPots(state);
        var all = new NewRefund(null, null, null, null, null, "");
        pots.Make(all, feeIsReturned: true, Noon, new HashSet<RefundPayee>()).Value!.Legs.Select(leg => leg.FeeStroops)
            .ShouldBe([Unit / 2, 3 * Unit / 2]);

        state.RefundAddresses.Add(new RefundAddress(new LedgerPlace(1, 0), "GELSEWHERE", null, "usr_1", Noon, Noon, IsInEffect: true));

        var made = pots.Make(all, feeIsReturned: true, Noon, new HashSet<RefundPayee>()).Value!;
        made.Legs.Select(leg => (leg.To, leg.FeeStroops)).ShouldBe([("GPAYER2", Unit / 2), ("GELSEWHERE", 0)]);
    }

    // What is sent back to where an exchange pays from is nobody's without its customer's memo.
    [Fact]
    public void Who_paid_at_a_sessions_own_address_is_not_named_until_it_is_decided_where_it_goes()
    {
        var state = new PaymentSessionState
        {
            Status = PaymentSessionStatus.Paid, Merchant = "mer_1", Currency = "USD", Amount = 20 * Unit, Asset = "native",
            Locks = [new SessionLock("native", 20 * Unit, 1, "fixed", Noon, 1)],
            Counted = new Dictionary<string, long> { ["native"] = 20 * Unit },
            Payments = [PaymentOf(1, 15), PaymentOf(2, 5) with { AtOwnAddress = true }],
        };
        var pots = new RefundPots(state);

        Payees().ShouldBe([new RefundPayee("GPAYER2", IsUnnamed: true), new RefundPayee("GPAYER1")]);
        Payees(new RefundPayee("GPAYER2", IsUnnamed: true)).ShouldBe([new RefundPayee("GPAYER1")]);
        Payees(new RefundPayee("GPAYER2")).Length.ShouldBe(2, "that is said of who is named, and paid from there");
        var memo = new RefundMemo("id", "77");
        state.RefundAddresses.Add(new RefundAddress(new LedgerPlace(2, 0), "GPAYER2", memo, "usr_1", Noon, Noon));
        Payees().ShouldBe([new RefundPayee("GPAYER1")], "it waits");
        state.RefundAddresses[0] = state.RefundAddresses[0] with { IsInEffect = true };
        Payees(new RefundPayee("GPAYER2", IsUnnamed: true)).ShouldBe([new RefundPayee("GPAYER2", memo), new RefundPayee("GPAYER1")]);
        // Also of what was too little to be kept by itself.
        state.Payments[1] = state.Payments[1] with { From = null };
        Payees().ShouldBe([new RefundPayee("GPAYER2", memo), new RefundPayee("GPAYER1")]);
        state.RefundAddresses.Clear();
        Payees().ShouldBe([new RefundPayee("GPAYER1")]);

        RefundPayee[] Payees(params RefundPayee[] unpayable) =>
        [
            .. pots.Make(new NewRefund(null, null, null, null, null, ""), feeIsReturned: false, Noon, unpayable.ToHashSet())
                .Value!.Legs.Select(pots.PayeeOf),
        ];
    }

    // Nothing can be paid to a contract: what it paid is refused with a reason, and what others paid is not kept for that.
    [Fact]
    public void What_a_contract_paid_is_refused_and_what_others_paid_is_refunded()
    {
        const string contract = "CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA";
        var state = new PaymentSessionState
        {
            Status = PaymentSessionStatus.Paid, Merchant = "mer_1", Currency = "USD", Amount = 20 * Unit, Asset = "native",
            Locks = [new SessionLock("native", 20 * Unit, 1, "fixed", Noon, 1)],
            Counted = new Dictionary<string, long> { ["native"] = 20 * Unit },
            Payments =
            [
                PaymentOf(1, 15), PaymentOf(2, 5) with { From = contract },
                PaymentOf(3, 4) with { From = contract, CountedStroops = 0, Verdict = SessionPaymentVerdict.Overpaid },
            ],
        };
        var pots = new RefundPots(state);

        RefundPots.PayerOf(state.Payments[1]).ShouldBeNull();
        var excess = pots.Make(OrderOf(new LedgerPlace(3, 0), null), feeIsReturned: false, Noon, new HashSet<RefundPayee>());
        (excess.Error!.Code, excess.Error.Kind).ShouldBe(("refund_payer_unknown", ErrorKind.Refused));
        var all = pots.Make(OrderOf(null, null), feeIsReturned: false, Noon, new HashSet<RefundPayee>()).Value!;
        all.Legs.Select(leg => (leg.To, leg.Stroops)).ShouldBe([("GPAYER1", 15 * Unit)]);
        pots.Make(OrderOf(null, 16 * Unit), feeIsReturned: false, Noon, new HashSet<RefundPayee>()).Error!.Code.ShouldBe("refund_payers_unknown");
        // Where it is said where it goes it can be.
        state.RefundAddresses.Add(new RefundAddress(new LedgerPlace(3, 0), "GELSEWHERE", null, "usr_1", Noon, Noon, IsInEffect: true));
        pots.Make(OrderOf(new LedgerPlace(3, 0), null), feeIsReturned: false, Noon, new HashSet<RefundPayee>()).Value!.Legs
            .Select(leg => (leg.To, leg.Stroops)).ShouldBe([("GELSEWHERE", 4 * Unit)]);

        static NewRefund OrderOf(LedgerPlace? payment, long? amount) => new(payment, amount, null, null, null, "");
    }

    private static SessionPayment PaymentOf(long token, long units) => new(
        token, 0, "hash", 1, Noon, $"GPAYER{token}", null, "native", units * Unit, units * Unit, SessionPaymentVerdict.Counted);
}

using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;

namespace StellarPay.Grains.Tests.Refunds;

/// <summary>What a payer may claim of what a session has stored.</summary>
public sealed class RefundClaimRulesTests
{
    private const long Unit = 10_000_000;
    private const string Usdc = "USDC:GISSUER";
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly PaymentSessionState _state = new()
    {
        Status = PaymentSessionStatus.Expired, Merchant = "mer_1", Currency = "USD", Amount = 10 * Unit,
        Locks = [new SessionLock(Usdc, 10 * Unit, 1, "fixed", Noon, 1)],
    };

    private RefundClaims Claims => new(_state, new RefundPots(_state));

    [Fact]
    public void What_its_merchant_cannot_accept_yet_no_payer_claims_before_him()
    {
        Came("GPAYER", 10 * Unit);
        _state.Status = PaymentSessionStatus.Created;
        Refusal(1).ShouldBe("payment_being_decided");
        Claims.IsHeldFor.ShouldBeFalse("it can be paid still");

        _state.Status = PaymentSessionStatus.Expired;
        _state.Parked = 1;
        Refusal(1).ShouldBe("payment_being_decided");
        _state.Parked = 0;
        Refusal(1).ShouldBeNull();
        Claims.IsHeldFor.ShouldBeTrue();
    }

    [Fact]
    public void What_others_claim_or_what_failed_uses_up_nothing_of_a_payers_own()
    {
        for (var count = 0; count < 12; count++)
        {
            Claimed(Came("GSTRANGER", Unit), count < 5 ? RefundStatus.Succeeded : RefundStatus.Failed);
        }

        Refusal(Came("GSTRANGER", Unit)).ShouldBe("claimed_refunds_exceeded", "of less than half of the price five");
        Refusal(Came("GSTRANGER", 5 * Unit)).ShouldBeNull("half is kept for more");
        Refusal(Came("GPAYER", Unit)).ShouldBeNull();
        // Each that failed has taken one of the session's numbers: some are its merchant's, and some kept for who paid half of it.
        while (_state.RefundCount < 33)
        {
            Claimed(Came($"GSTRANGER{_state.RefundCount}", Unit), RefundStatus.Failed);
        }

        Refusal(Came("GPAYER", Unit)).ShouldBe("claimed_refunds_exceeded");
        Refusal(Came("GPAYER", 10 * Unit)).ShouldBeNull();
    }

    [Fact]
    public void Nothing_is_claimed_that_is_worth_no_transaction()
    {
        Refusal(Came("GPAYER", Unit / 20)).ShouldBe("claim_too_small", "five cents");
        Refusal(Came("GPAYER", Unit / 10)).ShouldBeNull();
        // Of which the session has no rate.
        Refusal(Came("GPAYER", Unit - 1, "native")).ShouldBe("claim_too_small");
        Claims.IsHeldFor.ShouldBeTrue();
        _state.Payments.RemoveAll(payment => payment.Asset == Usdc && payment.Stroops == Unit / 10);
        Claims.IsHeldFor.ShouldBeFalse("nobody is promised what is refused");
        Refusal(Came("GPAYER", Unit, "native")).ShouldBeNull();
        Claims.IsLarge(Excesses.PlaceOf(_state.Payments[^1])).ShouldBeFalse();
    }

    [Fact]
    public void Once_all_is_given_back_that_is_known()
    {
        var place = Came("GPAYER", 10 * Unit);
        Claims.IsGivenBack.ShouldBeFalse();

        Claimed(place, RefundStatus.Pending);

        (Claims.IsGivenBack, Claims.IsHeldFor).ShouldBe((true, false));
    }

    private long Came(string payer, long stroops, string asset = Usdc)
    {
        var token = ++_state.PaymentCount;
        _state.Payments.Add(new SessionPayment(
            token, 0, "hash", 1, Noon, payer, null, asset, stroops, 0,
            asset == Usdc ? SessionPaymentVerdict.Late : SessionPaymentVerdict.WrongAsset, IsHeld: true));
        return token;
    }

    private void Claimed(long token, RefundStatus status)
    {
        var payment = _state.Payments.Find(each => each.Token == token)!;
        _state.Refunds.Add(new RefundRecord
        {
            Number = ++_state.RefundCount, Payment = Excesses.PlaceOf(payment), Status = status, IsClaimed = true, Asset = payment.Asset,
            Currency = payment.Asset, Amount = payment.Stroops,
            Legs = [new RefundLeg(Excesses.PlaceOf(payment), payment.From!, payment.Stroops, Status: status)],
        });
    }

    private string? Refusal(long token) => Claims.RefusalOf(new LedgerPlace(token, 0))?.Code;
}

using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Sessions;

/// <summary>How somebody might turn a refund address against a customer, and what keeps him from it.</summary>
public abstract partial class RefundAddressTests
{
    // What is given back to a payer is owed to him; what goes where a business said is its own decision, as a payout is.
    [Fact]
    public async Task While_the_merchant_is_suspended_nothing_goes_where_it_said_and_payers_get_theirs()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        await PaidAsync(shop, 10_000);
        var (payer, elsewhere) = (shop.World.Network.NewOutsider(), shop.World.Network.NewOutsider());
        var session = await PaidAsync(shop, 1_000, payer);
        (await DecideAsync(shop, session, elsewhere)).Error.ShouldBeNull();
        shop.Pass(Day);
        var before = (await shop.RefundAsync(session.Id, 2 * Unit)).Value!;
        before.Legs[0].To.ShouldBe(elsewhere);
        await shop.UntilRefundAsync(before.Id, RefundStatus.Succeeded);
        (await shop.Control.SetTermsAsync(1, suspended: true)).Error.ShouldBeNull();

        (await shop.RefundAsync(session.Id)).Error!.Code.ShouldBe("merchant_suspended");

        (await WithdrawAsync(shop, session)).Error.ShouldBeNull();
        var back = (await shop.RefundAsync(session.Id)).Value!;
        (back.Legs.ShouldHaveSingleItem().To, back.Stroops).ShouldBe((payer, 8 * Unit));
        await shop.UntilRefundAsync(back.Id, RefundStatus.Succeeded);
    }

    // He who is wronged has it withdrawn: nothing is to go there for weeks because there was no money for it when it was asked for.
    [Fact]
    public async Task What_waits_for_money_still_does_not_go_where_it_was_to_once_that_is_withdrawn()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var (payer, elsewhere) = (shop.World.Network.NewOutsider(), shop.World.Network.NewOutsider());
        var session = await PaidAsync(shop, 1_000, payer);
        (await DecideAsync(shop, session, elsewhere)).Error.ShouldBeNull();
        shop.Pass(Day);
        var waits = (await shop.RefundAsync(session.Id)).Value!;
        waits.Legs[0].To.ShouldBe(elsewhere);
        await shop.UntilAsync(session.Id, view => view.Refunds[0].PendingReason is not null, "it waits: the fee is the platform's");

        (await WithdrawAsync(shop, session)).Error.ShouldBeNull();

        (await shop.UntilRefundAsync(waits.Id, RefundStatus.Failed)).FailureReason.ShouldBe("refund_address_withdrawn");
        await PaidAsync(shop, 1_000);
        var back = (await shop.RefundAsync(session.Id)).Value!;
        back.Legs.ShouldHaveSingleItem().To.ShouldBe(payer);
        await shop.UntilRefundAsync(back.Id, RefundStatus.Succeeded);
        shop.BalanceOf(payer).ShouldBe(10 * Unit);
        SentTo(shop, elsewhere).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_set_aside_and_not_signed_does_not_go_there_either_once_it_is_withdrawn()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        await PaidAsync(shop, 10_000);
        var (payer, elsewhere) = (shop.World.Network.NewOutsider(), shop.World.Network.NewOutsider());
        var session = await PaidAsync(shop, 1_000, payer);
        (await DecideAsync(shop, session, elsewhere)).Error.ShouldBeNull();
        shop.Pass(Day);
        shop.World.DenyList.Down = true;
        var waits = (await shop.RefundAsync(session.Id)).Value!;
        await shop.UntilBookAsync(book => book.Refunds == 10 * Unit, "it is set aside, and cannot be signed");

        (await WithdrawAsync(shop, session)).Error.ShouldBeNull();

        (await shop.UntilRefundAsync(waits.Id, RefundStatus.Failed)).FailureReason.ShouldBe("refund_address_withdrawn");
        (await shop.BookAsync()).Refunds.ShouldBe(0);
        shop.World.DenyList.Down = false;
        var back = (await shop.RefundAsync(session.Id)).Value!;
        await shop.UntilRefundAsync(back.Id, RefundStatus.Succeeded);
        shop.BalanceOf(payer).ShouldBe(10 * Unit);
        SentTo(shop, elsewhere).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_suspended_merchant_decides_nothing_whoever_asks()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await PaidAsync(shop, 1_000);
        (await shop.Control.SetTermsAsync(1, suspended: true)).Error.ShouldBeNull();

        (await DecideAsync(shop, session, shop.World.Network.NewOutsider())).Error!.Code.ShouldBe("merchant_suspended");
    }

    // By the merchant's setting it would be given back to who paid: it is held as long as it waits, and goes there then.
    [Fact]
    public async Task What_was_to_go_back_by_itself_waits_with_the_address_and_goes_to_the_payer_where_that_is_withdrawn()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        (await shop.Control.SetTermsAsync(1, suspended: false, excess: new ExcessChoices(OverPayments.Refund, LatePayments.Hold)))
            .Error.ShouldBeNull();
        var own = await shop.World.NewUserAsync("100");
        var payer = shop.World.Network.NewOutsider();
        var session = await shop.NewSessionAsync(1_000);
        // Nobody can be asked whether the payer can be paid; of a wallet of ours nobody has to be.
        shop.World.Network.Down = true;
        shop.Pay(12 * Unit, session.Id.Value, from: payer);
        var paid = await shop.UntilPaidAsync(session.Id);
        (await DecideAsync(shop, paid, await own.AddressAsync())).Error.ShouldBeNull();
        shop.World.Network.Down = false;
        var held = await shop.UntilAsync(session.Id, view => view.Payments is [{ HeldReason: not null }], "it is held");
        held.Payments[0].HeldReason.ShouldBe("refund_address_waiting");

        (await WithdrawAsync(shop, held)).Error.ShouldBeNull();

        await shop.UntilAsync(session.Id, view => view.Refunds is [{ Status: RefundStatus.Succeeded }], "it has gone back");
        shop.BalanceOf(payer).ShouldBe(2 * Unit);
    }

    // The session that would be made of it knows nothing of the address.
    [Fact]
    public async Task A_late_payment_with_a_refund_address_is_not_accepted()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionAsync(1_000);
        (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
        shop.Pay(10 * Unit, session.Id.Value);
        var late = await shop.UntilAsync(session.Id, view => view.Payments.Length == 1, "it came late");
        await shop.UntilBookAsync(book => book is { Unallocated: 0 }, "it is booked");
        (await DecideAsync(shop, late, shop.World.Network.NewOutsider())).Error.ShouldBeNull();

        (await shop.AcceptAsync(session.Id, late.Payments[0])).Error!.Code.ShouldBe("payment_has_refund_address");

        (await WithdrawAsync(shop, late)).Error.ShouldBeNull();
        (await shop.AcceptAsync(session.Id, late.Payments[0])).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Of_a_session_so_much_is_decided_a_day_and_of_what_was_given_back_nothing()
    {
        var (shop, exchange, session) = await PaidByExchangeAsync();
        for (var at = 0; at < 20; at++)
        {
            (await DecideAsync(shop, session, exchange, new RefundMemo("id", $"{at}"))).Error.ShouldBeNull();
        }

        (await DecideAsync(shop, session, exchange, new RefundMemo("id", "20"))).Error!.Code.ShouldBe("refund_addresses_too_many");
        shop.Pass(Day);
        (await DecideAsync(shop, session, exchange, new RefundMemo("id", "21"))).Error.ShouldBeNull();
        shop.Pass(Day);
        var back = (await shop.RefundAsync(session.Id)).Value!;
        back.Legs[0].Memo.ShouldBe(new RefundMemo("id", "21"));
        (await DecideAsync(shop, session, exchange, new RefundMemo("id", "22"))).Error!.Code.ShouldBe("payment_refunded");
    }

    // Of a sale by a payment link nobody knows whose it is.
    [Fact]
    public async Task What_no_customer_can_be_told_waits_for_three_days()
    {
        var (shop, exchange, session) = await PaidByExchangeAsync();

        var decided = (await DecideAsync(shop, session, exchange, new RefundMemo("id", "7"), isTold: false)).Value!.RefundAddresses!.Single();

        (decided.EffectiveAt - decided.DecidedAt).ShouldBe(3 * Day);
        shop.Pass((3 * Day) - TimeSpan.FromMinutes(1));
        (await shop.RefundAsync(session.Id)).Error!.Code.ShouldBe("refund_address_waiting");
        shop.Pass(TimeSpan.FromMinutes(1));
        (await shop.RefundAsync(session.Id)).Value!.Legs[0].Memo.ShouldBe(new RefundMemo("id", "7"));
    }

    [Fact]
    public async Task What_was_decided_by_somebody_who_may_no_more_when_its_day_is_over_does_not_hold()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        await PaidAsync(shop, 10_000);
        var payer = shop.World.Network.NewOutsider();
        var session = await PaidAsync(shop, 1_000, payer);
        var gone = UserId.New(TimeProvider.System);
        (await SetAsync(shop, session, new NewRefundAddress(
            Excesses.PlaceOf(session.Payments[0]), shop.World.Network.NewOutsider(), null, gone, true))).Error.ShouldBeNull();
        shop.World.Deciders.Dismiss(gone.Value);

        shop.Pass(Day);
        (await shop.RefundAsync(session.Id)).Value!.Legs[0].To.ShouldBe(payer);

        (await shop.ViewAsync(session.Id)).RefundAddresses.ShouldBeNull();
        shop.TypesOf(session.Id).ShouldContain("payment_session.refund_address_withdrawn");
        shop.TypesOf(session.Id).ShouldNotContain("payment_session.refund_address_active");
    }
}

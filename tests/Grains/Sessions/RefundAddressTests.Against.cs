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
        await shop.UntilBookAsync(book => book is { Held: 10 * Unit, Unallocated: 0, Pending: 0 }, "it is booked");
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
        // What has not left could be called off.
        await shop.UntilRefundAsync(back.Id, RefundStatus.Succeeded);
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

    // That is no withdrawal: nobody has said that it goes to the payer, who may be an exchange. It went there by itself once, and was lost.
    [Fact]
    public async Task What_was_decided_by_somebody_who_may_no_more_when_its_day_is_over_never_holds_and_nothing_goes_back_by_itself()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        await PaidAsync(shop, 10_000);
        var (payer, elsewhere) = (shop.World.Network.NewOutsider(), shop.World.Network.NewOutsider());
        var session = await PaidAsync(shop, 1_000, payer);
        var gone = UserId.New(TimeProvider.System);
        (await SetAsync(shop, session, new NewRefundAddress(
            Excesses.PlaceOf(session.Payments[0]), elsewhere, null, gone, true))).Error.ShouldBeNull();
        shop.World.Deciders.Dismiss(gone.Value);

        shop.Pass(Day);
        (await shop.RefundAsync(session.Id)).Error!.Code.ShouldBe("refund_address_waiting");
        shop.Pass(Day);
        (await shop.RefundAsync(session.Id)).Error!.Code.ShouldBe("refund_address_waiting", "nor later");

        var lapsed = (await shop.ViewAsync(session.Id)).RefundAddresses.ShouldHaveSingleItem();
        (lapsed.IsInEffect, lapsed.IsLapsed).ShouldBe((false, true));
        shop.TypesOf(session.Id).Where(type => type.StartsWith("payment_session.refund_address", StringComparison.Ordinal))
            .ShouldBe(["payment_session.refund_address_set", "payment_session.refund_address_lapsed"]);
        // Whoever may says it anew, were it the same.
        var again = (await DecideAsync(shop, session, elsewhere)).Value!.RefundAddresses.ShouldHaveSingleItem();
        (again.IsLapsed, again.DecidedBy, again.EffectiveAt - again.DecidedAt).ShouldBe((false, Finance.Value, Day));
        shop.Pass(Day);
        (await shop.RefundAsync(session.Id)).Value!.Legs[0].To.ShouldBe(elsewhere);
    }

    [Fact]
    public async Task What_was_to_go_back_by_itself_stays_held_where_its_address_lapsed_until_somebody_takes_that_back()
    {
        var shop = await RefundingByItselfAsync();
        var own = await shop.World.NewUserAsync("100");
        var (payer, gone) = (shop.World.Network.NewOutsider(), UserId.New(TimeProvider.System));
        var session = await shop.NewSessionAsync(1_000);
        // Nobody can be asked whether the payer can be paid; of a wallet of ours nobody has to be.
        shop.World.Network.Down = true;
        shop.Pay(12 * Unit, session.Id.Value, from: payer);
        var paid = await shop.UntilPaidAsync(session.Id);
        (await SetAsync(shop, paid, new NewRefundAddress(
            Excesses.PlaceOf(paid.Payments[0]), await own.AddressAsync(), null, gone, true))).Error.ShouldBeNull();
        shop.World.Network.Down = false;
        await shop.UntilAsync(session.Id, view => view.Payments is [{ HeldReason: "refund_address_waiting" }], "it is held");
        shop.World.Deciders.Dismiss(gone.Value);

        shop.Pass(Day);
        await shop.World.UntilAfterSweepsAsync(
            async () => (await shop.ViewAsync(session.Id)).RefundAddresses is [{ IsLapsed: true }], "it has lapsed");

        var lapsed = await shop.ViewAsync(session.Id);
        lapsed.Payments[0].HeldReason.ShouldBe("refund_address_waiting");
        lapsed.Refunds.ShouldBeEmpty();
        (await WithdrawAsync(shop, lapsed)).Error.ShouldBeNull();
        await shop.UntilAsync(session.Id, view => view.Refunds is [{ Status: RefundStatus.Succeeded }], "it has gone back");
        shop.BalanceOf(payer).ShouldBe(2 * Unit);
    }

    // Nobody had seen yet that an exchange paid: once it is decided, no part of it goes to the exchange's own account.
    [Fact]
    public async Task What_was_asked_for_before_it_was_decided_and_waits_for_money_does_not_go_to_who_paid()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var (payer, elsewhere) = (shop.World.Network.NewOutsider(), shop.World.Network.NewOutsider());
        var session = await PaidAsync(shop, 1_000, payer);
        var waits = (await shop.RefundAsync(session.Id)).Value!;
        waits.Legs[0].To.ShouldBe(payer);
        await shop.UntilAsync(session.Id, view => view.Refunds[0].PendingReason is not null, "it waits: the fee is the platform's");

        (await DecideAsync(shop, session, elsewhere)).Error.ShouldBeNull("it is the whole, and none of it has left");

        (await shop.UntilRefundAsync(waits.Id, RefundStatus.Failed)).FailureReason.ShouldBe("refund_address_waiting");
        await PaidAsync(shop, 1_000);
        shop.Pass(Day);
        var back = (await shop.RefundAsync(session.Id)).Value!;
        back.Legs.ShouldHaveSingleItem().To.ShouldBe(elsewhere);
        await shop.UntilRefundAsync(back.Id, RefundStatus.Succeeded);
        shop.BalanceOf(elsewhere).ShouldBe(10 * Unit);
        SentTo(shop, payer).ShouldBeEmpty();
    }

    // Nobody asks for it again.
    [Fact]
    public async Task What_goes_back_by_itself_and_is_called_off_is_decided_once_more()
    {
        var shop = await RefundingByItselfAsync();
        var exchange = shop.World.Network.NewOutsider(account => account.MemoRequired = true);
        var session = await shop.NewSessionAsync(1_000);
        shop.Pay(12 * Unit, session.Id.Value, from: exchange);
        var held = await shop.UntilAsync(session.Id, view => view.Payments is [{ HeldReason: "refund_address_required" }], "it is held");
        (await DecideAsync(shop, held, exchange, new RefundMemo("id", "1"))).Error.ShouldBeNull();
        shop.World.DenyList.Down = true;
        shop.Pass(Day);
        await shop.World.UntilAfterSweepsAsync(
            async () => (await shop.ViewAsync(session.Id)).Refunds is [{ Status: RefundStatus.Pending }], "it is made, and cannot be signed");

        (await WithdrawAsync(shop, held)).Error.ShouldBeNull();

        await shop.UntilAsync(
            session.Id,
            view => view is { Refunds: [{ FailureReason: "refund_address_withdrawn" }], Payments: [{ HeldReason: "refund_address_required" }] },
            "it is held again, for the payer cannot be paid");
        shop.World.DenyList.Down = false;
        (await DecideAsync(shop, held, exchange, new RefundMemo("id", "2"))).Error.ShouldBeNull();
        shop.Pass(Day);
        await shop.World.UntilAfterSweepsAsync(
            async () => (await shop.ViewAsync(session.Id)).Refunds is [_, { Status: RefundStatus.Succeeded }], "it has gone back");
        SentTo(shop, exchange).ShouldHaveSingleItem().ShouldBeOfType<Stellar.Xdr.MemoId>().Id.ShouldBe(2UL);
    }

    // Who asks in the first second for more than he has would else be paid of what buyers pay while he is suspended.
    [Fact]
    public async Task What_was_asked_for_before_the_merchant_was_suspended_ends_and_can_be_asked_for_once_he_is_reinstated()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var (payer, elsewhere, buyer) = (
            shop.World.Network.NewOutsider(), shop.World.Network.NewOutsider(), shop.World.Network.NewOutsider());
        var session = await PaidAsync(shop, 1_000, payer);
        (await DecideAsync(shop, session, elsewhere)).Error.ShouldBeNull();
        shop.Pass(Day);
        var open = await shop.NewSessionAsync(1_000);
        var stands = (await shop.RefundAsync(session.Id)).Value!;
        await shop.UntilAsync(session.Id, view => view.Refunds[0].PendingReason is not null, "it waits: the fee is the platform's");
        (await shop.Control.SetTermsAsync(1, suspended: true)).Error.ShouldBeNull();

        (await shop.UntilRefundAsync(stands.Id, RefundStatus.Failed)).FailureReason.ShouldBe("merchant_suspended");
        shop.Pay(10 * Unit, open.Id.Value, from: buyer);
        await shop.UntilPaidAsync(open.Id);
        await shop.UntilBookAsync(book => book is { Unallocated: 0, Pending: 0 } && book.OnLedger > 10 * Unit, "the merchant has it");

        // What a buyer is owed is paid.
        var owed = (await shop.RefundAsync(open.Id, 2 * Unit)).Value!;
        await shop.UntilRefundAsync(owed.Id, RefundStatus.Succeeded);
        SentTo(shop, elsewhere).ShouldBeEmpty();
        (await shop.RefundAsync(session.Id)).Error!.Code.ShouldBe("merchant_suspended");
        (await shop.Control.SetTermsAsync(2, suspended: false)).Error.ShouldBeNull();
        var again = (await shop.RefundAsync(session.Id)).Value!;
        await shop.UntilRefundAsync(again.Id, RefundStatus.Succeeded);
        shop.BalanceOf(elsewhere).ShouldBe(10 * Unit);
    }

    private async Task<TestMerchant> RefundingByItselfAsync()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        (await shop.Control.SetTermsAsync(1, suspended: false, excess: new ExcessChoices(OverPayments.Refund, LatePayments.Hold)))
            .Error.ShouldBeNull();
        return shop;
    }
}

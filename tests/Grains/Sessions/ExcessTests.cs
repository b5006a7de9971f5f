using Microsoft.Extensions.DependencyInjection;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Sessions;

/// <summary>
/// What a merchant's setting does with what comes beyond a price, or too late. A world of its own: its day's budget is a small one.
/// </summary>
public sealed partial class ExcessTests(ExcessTests.NarrowWorld shared) : IClassFixture<ExcessTests.NarrowWorld>
{
    private const long Unit = TestMerchant.Unit;
    private const int MostOfSession = 3;
    private const int MostADay = 5;

    private static readonly ExcessChoices Refunds = new(OverPayments.Refund, LatePayments.Refund);

    [Fact]
    public async Task What_is_beyond_the_price_is_given_back_once_and_of_nothing_that_the_merchant_may_spend()
    {
        var shop = await OpenAsync(Refunds);
        var payer = shop.World.Network.NewOutsider();
        var session = await shop.NewSessionAsync(1_000);

        shop.Pay(12 * Unit, session.Id.Value, from: payer);

        var refund = await UntilRefundedAsync(shop, session.Id);
        (refund.Stroops, refund.Reason, refund.Legs.ShouldHaveSingleItem().To).ShouldBe((2 * Unit, "automatic", payer));
        shop.BalanceOf(payer).ShouldBe(2 * Unit);
        await shop.UntilBookAsync(
            book => book is { OnLedger: 10 * Unit, Available: 99 * Unit / 10, Fees: Unit / 10, Held: 0, Refunds: 0 }, "the price is sold");
        // What is paid again when it is paid is beyond it, all of it.
        shop.Pay(10 * Unit, session.Id.Value, from: payer);
        await shop.UntilAsync(
            session.Id, view => view.Refunds.Length == 2 && view.Refunds[1].Status == RefundStatus.Succeeded, "the other is given back too");
        shop.BalanceOf(payer).ShouldBe(12 * Unit);
        (await shop.RefundAsync(session.Id, payment: (await shop.ViewAsync(session.Id)).Payments[0])).Error!.Code
            .ShouldBe("refund_exceeds_payment", "it went back already");
    }

    [Fact]
    public async Task What_is_beyond_the_price_is_held_where_the_merchant_says_so_and_a_session_keeps_what_held_when_it_was_made()
    {
        var shop = await OpenAsync(new ExcessChoices(OverPayments.Hold, LatePayments.Hold));
        var payer = shop.World.Network.NewOutsider();
        var session = await shop.NewSessionAsync(1_000);
        await ChooseAsync(shop, new ExcessChoices(OverPayments.Keep, LatePayments.Hold), 2);
        shop.Pay(12 * Unit, session.Id.Value, from: payer);
        var kept = await shop.NewSessionAsync(1_000);
        shop.Pay(12 * Unit, kept.Id.Value, from: payer);

        await shop.UntilBookAsync(
            book => book is { Held: 2 * Unit, Available: 218 * Unit / 10, Fees: 2 * Unit / 10, Unallocated: 0, Pending: 0 },
            "of one it is held, of the other kept");
        var refund = (await shop.RefundAsync(session.Id, payment: (await shop.ViewAsync(session.Id)).Payments[0])).Value!;
        await shop.UntilRefundAsync(refund.Id, RefundStatus.Succeeded);
        await shop.UntilBookAsync(book => book is { Held: 0, Available: 218 * Unit / 10, Refunds: 0 }, "it came of what was held");
        (await shop.RefundAsync(kept.Id, payment: (await shop.ViewAsync(kept.Id)).Payments[0])).IsSuccess.ShouldBeTrue();
        await shop.UntilBookAsync(book => book is { Available: 198 * Unit / 10, OnLedger: 20 * Unit }, "it came of what was kept");
    }

    [Fact]
    public async Task What_comes_too_late_is_accepted_by_the_rules_and_what_they_refuse_stays_held_and_says_why()
    {
        var shop = await OpenAsync(new ExcessChoices(OverPayments.Refund, LatePayments.Accept));
        var payer = shop.World.Network.NewOutsider();
        var session = await ExpiredAsync(shop);
        shop.Pay(9 * Unit, session.Id.Value);
        (await UntilHeldAsync(shop, session.Id, 0)).ShouldBe("payment_below_price");
        shop.Pay(12 * Unit, session.Id.Value, from: payer);

        var old = await shop.UntilAsync(session.Id, view => view.AcceptedAs is not null, "it is accepted");
        await TestWorld.UntilAsync(
            async () => (await shop.GrainOf(old.AcceptedAs!.Value).GetAsync(shop.Id)).IsSuccess, "the session of it is there");
        var born = await shop.UntilPaidAsync(old.AcceptedAs!.Value);
        (born.ReceivedStroops, born.RecoveredFrom, born.PaidBy).ShouldBe((10 * Unit, session.Id, old.Payments[1].TransactionHash));
        (await UntilRefundedAsync(shop, born.Id)).Stroops.ShouldBe(2 * Unit, "what is beyond its price is given back, as of any sale");
        shop.BalanceOf(payer).ShouldBe(2 * Unit);
        await shop.UntilBookAsync(
            book => book is { Held: 9 * Unit, Available: 99 * Unit / 10, Fees: Unit / 10, Refunds: 0, OnLedger: 19 * Unit }, "it is sold, with its fee");
        shop.Pay(10 * Unit, session.Id.Value);
        (await UntilHeldAsync(shop, session.Id, 2)).ShouldBe("payment_session_accepted");
        shop.TypesOf(session.Id).Count(type => type == "payment_session.held").ShouldBe(2);

        // Of what there is only so much it may be somebody else's by now.
        var piece = await EndedAsync(shop, shop.Order(1_000) with { IsPiece = true });
        shop.Pay(10 * Unit, piece.Id.Value);
        (await UntilHeldAsync(shop, piece.Id, 0)).ShouldBe("payment_link_stock");
        (await shop.ViewAsync(piece.Id)).AcceptedAs.ShouldBeNull();
        // What its merchant cancelled is not for sale, and after a while a price is an option.
        var canceled = await EndedAsync(shop, shop.Order(1_000));
        shop.Pay(10 * Unit, canceled.Id.Value);
        (await UntilHeldAsync(shop, canceled.Id, 0)).ShouldBe("payment_session_canceled");
        var tooLate = await ExpiredAsync(shop);
        shop.Pass(TimeSpan.FromMinutes(15));
        shop.Pay(10 * Unit, tooLate.Id.Value);
        (await UntilHeldAsync(shop, tooLate.Id, 0)).ShouldBe("payment_too_late");
        // Who is suspended makes no sessions.
        var suspended = await ExpiredAsync(shop);
        (await shop.Control.SetTermsAsync(2, suspended: true)).Error.ShouldBeNull();
        shop.Pay(10 * Unit, suspended.Id.Value);
        (await UntilHeldAsync(shop, suspended.Id, 0)).ShouldBe("merchant_suspended");
    }

    [Fact]
    public async Task Who_cannot_be_paid_back_by_his_address_is_not_and_neither_is_dust()
    {
        var shop = await OpenAsync(Refunds);
        var session = await EndedAsync(shop, shop.Order(1_000));
        shop.Pay(10 * Unit, session.Id.Value, from: shop.World.Network.NewOutsider(account => account.MemoRequired = true));
        (await UntilHeldAsync(shop, session.Id, 0)).ShouldBe("refund_address_required");
        var gone = shop.World.Network.NewOutsider(account => account.Trustlines.Clear());
        shop.Pay(11 * Unit, session.Id.Value, from: gone);
        (await UntilHeldAsync(shop, session.Id, 1)).ShouldBe("refund_destination_unusable");

        var paid = await shop.NewSessionAsync(1_000);
        shop.Pay((10 * Unit) + 999, paid.Id.Value);
        (await UntilHeldAsync(shop, paid.Id, 0)).ShouldBe("refund_too_small");
        shop.Pay(999, paid.Id.Value);
        await shop.UntilBookAsync(book => book.Held == (21 * Unit) + 1_998 && book.Refunds == 0, "all of that is held");
        (await shop.ViewAsync(session.Id)).Refunds.ShouldBeEmpty();
        (await shop.ViewAsync(paid.Id)).Refunds.ShouldBeEmpty();
        shop.TypesOf(paid.Id).ShouldBe(["payment_session.created", "payment_session.paid", "payment_session.overpaid"]);
    }

    [Fact]
    public async Task Fifty_little_late_payments_that_wait_to_be_decided_hide_nobodys_money()
    {
        var shop = await OpenAsync(Refunds);
        var session = await EndedAsync(shop, shop.Order(1_000));
        var answered = new TaskCompletionSource();
        shop.World.Network.BeforeAccount = _ => answered.Task;
        shop.Pay(Unit / 5, session.Id.Value, operations: 50);
        await shop.UntilAsync(session.Id, view => view.PaymentCount == 50, "they came");
        shop.Pay(10 * Unit, session.Id.Value);
        var all = await shop.UntilAsync(session.Id, view => view.PaymentCount == 51, "what was meant for it came");
        shop.World.Network.BeforeAccount = null;
        answered.SetResult();

        all.Payments.Length.ShouldBe(50);
        all.Payments.Max(payment => payment.Stroops).ShouldBe(10 * Unit);
    }

    [Fact]
    public async Task A_stranger_makes_the_platform_pay_for_so_many_transactions_and_no_more()
    {
        var shop = await OpenAsync(Refunds);
        var (one, other) = (await EndedAsync(shop, shop.Order(1_000)), await EndedAsync(shop, shop.Order(1_000)));
        shop.Pay(Unit / 5, one.Id.Value, operations: 10);
        var first = await shop.UntilAsync(
            one.Id,
            view => view.Refunds.Count(refund => refund.Status == RefundStatus.Succeeded) == MostOfSession
                && view.Payments.Count(payment => payment.HeldReason == "automatic_refunds_exceeded") == 7,
            "so many of the session");
        first.Refunds.Length.ShouldBe(MostOfSession);

        shop.Pay(Unit / 5, other.Id.Value, operations: 3);
        var second = await shop.UntilAsync(
            other.Id, view => view.Refunds.Length == 3 && view.Refunds.All(refund => refund.Status != RefundStatus.Pending), "so many of a day");
        second.Refunds.Count(refund => refund.Status == RefundStatus.Succeeded).ShouldBe(MostADay - MostOfSession);
        second.Refunds.Single(refund => refund.Status == RefundStatus.Failed).FailureReason.ShouldBe("automatic_refunds_exceeded");
        await shop.UntilBookAsync(book => book is { Held: 8 * Unit / 5, Refunds: 0 }, "the rest is held");

        shop.Pass(TimeSpan.FromDays(1));
        var third = await EndedAsync(shop, shop.Order(1_000));
        shop.Pay(Unit, third.Id.Value);
        await UntilRefundedAsync(shop, third.Id);
    }

    [Fact]
    public async Task What_strangers_pay_too_much_uses_up_nothing_of_what_its_payer_gets_back()
    {
        var shop = await OpenAsync(Refunds);
        var payer = shop.World.Network.NewOutsider();
        var session = await shop.NewSessionAsync(1_000);
        shop.Pay(10 * Unit, session.Id.Value, from: payer);
        await shop.UntilPaidAsync(session.Id);
        // Less than a hundredth of the price, each, and many.
        shop.Pay((Unit / 10) - 1, session.Id.Value, operations: 10);
        var little = await shop.UntilAsync(session.Id, view => view.PaymentCount == 11, "it came");
        little.Payments.Skip(1).ShouldAllBe(payment => payment.HeldReason == "excess_too_small" && payment.IsHeld);

        shop.Pay(2 * Unit, session.Id.Value, from: payer);
        await UntilRefundedAsync(shop, session.Id);

        shop.Pay(Unit / 5, session.Id.Value, operations: MostOfSession + 1);
        await shop.UntilAsync(
            session.Id, view => view.Payments.Count(payment => payment.HeldReason == "automatic_refunds_exceeded") == 1, "strangers have theirs");
        shop.Pass(TimeSpan.FromDays(1));
        shop.Pay(3 * Unit, session.Id.Value, from: payer);
        await shop.UntilAsync(
            session.Id,
            view => view.Refunds.Length == MostOfSession + 2 && view.Refunds.All(refund => refund.Status == RefundStatus.Succeeded),
            "and its payer has his");
        shop.BalanceOf(payer).ShouldBe(5 * Unit);

        // Of a price of two dollars a hundredth is two cents, for which nobody pays a transaction.
        var cheap = await shop.NewSessionAsync(200);
        shop.Pay((2 * Unit) + (Unit / 20), cheap.Id.Value, from: payer);
        (await UntilHeldAsync(shop, cheap.Id, 0)).ShouldBe("excess_too_small");
        (await shop.RefundAsync(cheap.Id, payment: (await shop.ViewAsync(cheap.Id)).Payments[0])).IsSuccess.ShouldBeTrue("who asks for it gets it");
    }

    [Theory]
    [InlineData("payment_session", Failing.BeforeTheWrite, 1)]
    [InlineData("payment_session", Failing.AfterTheWriteTookEffect, 1)]
    [InlineData("payment_session", Failing.AfterTheWriteTookEffect, 2)]
    [InlineData("payment_session", Failing.AfterTheWriteTookEffect, 3)]
    [InlineData("merchant", Failing.BeforeTheWrite, 2)]
    [InlineData("merchant", Failing.AfterTheWriteTookEffect, 3)]
    public async Task Whatever_write_fails_it_goes_back_once(string state, Failing how, int times)
    {
        var shop = await OpenAsync(Refunds);
        var payer = shop.World.Network.NewOutsider();
        var session = await shop.NewSessionAsync(1_000);
        for (var time = 0; time < times; time++)
        {
            shop.World.Storage.FailNextWrite(state, how, json => json.Contains(shop.Address, StringComparison.Ordinal));
        }

        shop.Pay(12 * Unit, session.Id.Value, from: payer);

        await shop.World.UntilAfterSweepsAsync(
            async () => (await shop.ViewAsync(session.Id)).Refunds is [{ Status: RefundStatus.Succeeded }], "it went back");
        await shop.UntilBookAsync(book => book is { OnLedger: 10 * Unit, Held: 0, Refunds: 0 }, "and nothing else");
        shop.BalanceOf(payer).ShouldBe(2 * Unit);
        shop.TypesOf(session.Id).Count(type => type == "refund.created").ShouldBe(1);
    }

    [Fact]
    public async Task While_the_network_does_not_say_whether_he_can_be_paid_nobody_is_and_then_he_is()
    {
        var shop = await OpenAsync(Refunds);
        var session = await shop.NewSessionAsync(1_000);
        shop.World.Network.Down = true;
        shop.Pay(12 * Unit, session.Id.Value);
        await shop.UntilPaidAsync(session.Id);
        (await shop.ViewAsync(session.Id)).Refunds.ShouldBeEmpty();

        shop.World.Network.Down = false;

        await UntilRefundedAsync(shop, session.Id);
        (await shop.ViewAsync(session.Id)).Payments[0].HeldReason.ShouldBeNull();
    }

    private async Task<TestMerchant> OpenAsync(ExcessChoices choices)
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        await ChooseAsync(shop, choices, 1);
        return shop;
    }

    private static async Task ChooseAsync(TestMerchant shop, ExcessChoices choices, long decision) =>
        (await shop.Control.SetTermsAsync(decision, suspended: false, excess: choices)).Error.ShouldBeNull();

    private static async Task<PaymentSessionView> EndedAsync(TestMerchant shop, NewPaymentSession order)
    {
        var session = await shop.NewSessionAsync(order);
        (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
        return session;
    }

    private static async Task<PaymentSessionView> ExpiredAsync(TestMerchant shop)
    {
        var session = await shop.NewSessionAsync(1_000);
        // Both have the same time again: sweeps that were waited for before were the business's alone.
        shop.World.Network.Look(ledger => ledger.ClockOffset = shop.World.Business.GetUtcNow() - TimeProvider.System.GetUtcNow());
        shop.Pass(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(2));
        await TestWorld.UntilAsync(
            async () =>
            {
                await shop.World.SweepAsync();
                return (await shop.ViewAsync(session.Id)).Status == PaymentSessionStatus.Expired;
            },
            "its time is over");
        return session;
    }

    private static async Task<RefundView> UntilRefundedAsync(TestMerchant shop, PaymentSessionId session) =>
        (await shop.UntilAsync(session, view => view.Refunds is [{ Status: RefundStatus.Succeeded }], "it is given back")).Refunds[0];

    private static async Task<string?> UntilHeldAsync(TestMerchant shop, PaymentSessionId session, int payment) =>
        (await shop.UntilAsync(
            session, view => view.Payments.ElementAtOrDefault(payment)?.HeldReason is not null, "it stays held")).Payments[payment].HeldReason;

    /// <summary>Little is given back by settings alone.</summary>
    public sealed class NarrowWorld : SharedPostgresWorld
    {
        protected override void Configure(IServiceCollection services) => services.Configure<RefundOptions>(options =>
            (options.MostAutomaticOfSession, options.MostAutomaticADay) = (MostOfSession, MostADay));
    }
}

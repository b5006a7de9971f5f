using Microsoft.Extensions.DependencyInjection;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Sessions;

/// <summary>
/// What is held for a payer he claims himself, and gets it whence it came. A world of its own: little may be claimed in it.
/// </summary>
public sealed class RefundClaimTests(RefundClaimTests.NarrowWorld shared) : IClassFixture<RefundClaimTests.NarrowWorld>
{
    private const long Unit = TestMerchant.Unit;
    // Of what is less than half of the price.
    private const int MostOfSession = 5;
    private const int MostADay = 10;

    private static readonly ExcessChoices Held = new(OverPayments.Hold, LatePayments.Hold);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_held_goes_back_to_who_paid_once_however_often_it_is_claimed_and_his_merchant_sees_it()
    {
        var shop = await OpenAsync(Held);
        var payer = shop.World.Network.NewOutsider();
        var muxed = new MuxedAccount(AccountId.Parse(payer), 77).ToString();
        var session = await shop.NewSessionAsync(1_000);
        (await HeldAsync(shop, session.Id)).ShouldBe((false, false));
        shop.Pay(12 * Unit, session.Id.Value, from: payer, fromMuxed: muxed);
        await shop.UntilPaidAsync(session.Id);
        (await HeldAsync(shop, session.Id)).ShouldBe((true, true));

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ClaimAsync(shop, session.Id)));

        var made = all.Select(each => each.Value!.Id).Distinct().ShouldHaveSingleItem();
        var paid = await shop.UntilRefundAsync(made, RefundStatus.Succeeded);
        (paid.Stroops, paid.Reason, paid.IsClaimed, paid.Legs.ShouldHaveSingleItem().To).ShouldBe((2 * Unit, "requested_by_customer", true, muxed));
        shop.BalanceOf(payer).ShouldBe(2 * Unit);
        (await ClaimAsync(shop, session.Id)).Value!.Id.ShouldBe(made, "also when it has ended");
        (await HeldAsync(shop, session.Id)).ShouldBe((true, false));
        await shop.UntilBookAsync(
            book => book is { OnLedger: 10 * Unit, Available: 99 * Unit / 10, Held: 0, Refunds: 0 }, "nothing that the merchant may spend went");
        shop.TypesOf(session.Id).Count(type => type == "refund.created").ShouldBe(1);
        var place = await PlaceAsync(shop, session.Id);
        (await shop.GrainOf(session.Id).ClaimAsync(MerchantId.New(TimeProvider.System), place, true, Cancelled))
            .Error!.Code.ShouldBe("payment_session_not_found");
    }

    [Fact]
    public async Task What_the_merchant_keeps_or_what_counts_is_nobodys_to_claim()
    {
        var shop = await OpenAsync(new ExcessChoices(OverPayments.Keep, LatePayments.Hold));
        var session = await shop.NewSessionAsync(1_000);
        shop.Pay(12 * Unit, session.Id.Value);
        await shop.UntilPaidAsync(session.Id);

        (await ClaimAsync(shop, session.Id)).Error!.Code.ShouldBe("payment_not_held");
        (await shop.ViewAsync(session.Id)).HasClaims.ShouldBeFalse();
        (await shop.GrainOf(session.Id).ClaimAsync(shop.Id, new LedgerPlace(1, 0), true, Cancelled)).Error!.Code.ShouldBe("payment_not_found");
        // What counts as long as it can be paid is its payer's once it has ended unpaid.
        var open = await shop.NewSessionAsync(1_000);
        shop.Pay(4 * Unit, open.Id.Value);
        await shop.UntilAsync(open.Id, view => view.PaymentCount == 1, "a part came");
        (await ClaimAsync(shop, open.Id)).Error!.Code.ShouldBe("refund_exceeds_payment");
        (await shop.GrainOf(open.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
        var part = (await ClaimAsync(shop, open.Id)).Value!;
        (await shop.UntilRefundAsync(part.Id, RefundStatus.Succeeded)).Stroops.ShouldBe(4 * Unit);
    }

    [Fact]
    public async Task Of_a_merchant_who_accepts_and_a_payer_who_claims_at_once_one_wins_and_the_other_is_told()
    {
        var shop = await OpenAsync(Held);
        for (var round = 0; round < 2; round++)
        {
            var session = await LateAsync(shop);
            var payment = (await shop.ViewAsync(session.Id)).Payments[0];
            var claiming = ClaimAsync(shop, session.Id);
            var accepting = shop.GrainOf(session.Id).AcceptAsync(shop.Id, Excesses.PlaceOf(payment), Cancelled);
            var (claimed, accepted) = (await claiming, await accepting);

            if (claimed.IsSuccess)
            {
                accepted.Error!.Code.ShouldBe("payment_refunded");
                await shop.UntilRefundAsync(claimed.Value!.Id, RefundStatus.Succeeded);
            }
            else
            {
                claimed.Error!.Code.ShouldBe("payment_accepted");
                accepted.IsSuccess.ShouldBeTrue();
            }

            (await shop.ViewAsync(session.Id)).ShouldSatisfyAllConditions(
                view => view.Refunds.Length.ShouldBe(claimed.IsSuccess ? 1 : 0),
                view => (view.AcceptedAs is not null).ShouldBe(accepted.IsSuccess),
                view => view.IsHeldFor.ShouldBeFalse());
        }

        // Beyond the price it is the merchant's once he took it.
        var over = await shop.NewSessionAsync(1_000);
        shop.Pay(12 * Unit, over.Id.Value);
        await shop.UntilPaidAsync(over.Id);
        (await shop.GrainOf(over.Id).AcceptAsync(shop.Id, await PlaceAsync(shop, over.Id), Cancelled)).Error.ShouldBeNull();
        (await ClaimAsync(shop, over.Id)).Error!.Code.ShouldBe("payment_not_held");
    }

    [Fact]
    public async Task What_merchant_and_payer_give_back_at_once_goes_back_once_and_the_payer_finds_it()
    {
        var shop = await OpenAsync(Held);
        var payer = shop.World.Network.NewOutsider();
        var session = await LateAsync(shop, payer);
        var payment = (await shop.ViewAsync(session.Id)).Payments[0];

        var (refunding, claiming) = (shop.RefundAsync(session.Id, payment: payment), ClaimAsync(shop, session.Id));
        var (refunded, claimed) = (await refunding, await claiming);

        claimed.Error.ShouldBeNull();
        (refunded.IsSuccess ? refunded.Value!.Id : claimed.Value!.Id).ShouldBe(claimed.Value!.Id);
        (refunded.Error?.Code ?? "refund_exceeds_payment").ShouldBe("refund_exceeds_payment");
        await shop.UntilRefundAsync(claimed.Value!.Id, RefundStatus.Succeeded);
        shop.BalanceOf(payer).ShouldBe(10 * Unit);
        (await shop.ViewAsync(session.Id)).Refunds.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Nobody_is_sent_what_would_be_lost_and_what_is_decided_or_too_little_is_refused()
    {
        var shop = await OpenAsync(Held);
        var shared = await LateAsync(shop, shop.World.Network.NewOutsider(account => account.MemoRequired = true));
        (await ClaimAsync(shop, shared.Id)).Error!.Code.ShouldBe("refund_address_required");
        var gone = await LateAsync(shop, shop.World.Network.NewOutsider(account => account.Trustlines.Clear()));
        (await ClaimAsync(shop, gone.Id)).Error!.Code.ShouldBe("refund_destination_unusable");
        var little = await shop.NewSessionAsync(1_000);
        shop.Pay((10 * Unit) + (Unit / 20), little.Id.Value);
        await shop.UntilPaidAsync(little.Id);
        (await ClaimAsync(shop, little.Id)).Error!.Code.ShouldBe("claim_too_small", "five cents");
        var elsewhere = await LateAsync(shop);
        (await shop.GrainOf(elsewhere.Id).SetRefundAddressAsync(
            shop.Id,
            new NewRefundAddress(
                await PlaceAsync(shop, elsewhere.Id), shop.World.Network.NewOutsider(), null, UserId.New(TimeProvider.System), true),
            Cancelled)).Error.ShouldBeNull();
        (await ClaimAsync(shop, elsewhere.Id)).Error!.Code.ShouldBe("refund_address_waiting");
        foreach (var session in new[] { shared, gone, little, elsewhere })
        {
            (await shop.ViewAsync(session.Id)).Refunds.ShouldBeEmpty();
        }

        // Whoever is suspended owes it still.
        var owed = await LateAsync(shop);
        (await shop.Control.SetTermsAsync(2, suspended: true)).Error.ShouldBeNull();
        await shop.UntilRefundAsync((await ClaimAsync(shop, owed.Id)).Value!.Id, RefundStatus.Succeeded);
    }

    [Fact]
    public async Task While_the_merchants_setting_decides_nobody_claims_and_then_it_is_found()
    {
        var shop = await OpenAsync(new ExcessChoices(OverPayments.Refund, LatePayments.Hold));
        var session = await shop.NewSessionAsync(1_000);
        shop.World.Network.Down = true;
        shop.Pay(12 * Unit, session.Id.Value);
        await shop.UntilPaidAsync(session.Id);
        (await ClaimAsync(shop, session.Id)).Error!.Code.ShouldBe("payment_being_decided");

        shop.World.Network.Down = false;
        await shop.UntilAsync(session.Id, view => view.Refunds.Length == 1, "it goes back by itself");

        var found = (await ClaimAsync(shop, session.Id)).Value!;
        (found.Reason, found.IsClaimed).ShouldBe(("automatic", false));
        (await shop.ViewAsync(session.Id)).Refunds.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_could_not_be_paid_is_held_as_before_and_claimed_anew()
    {
        var shop = await OpenAsync(Held);
        var payer = shop.World.Network.NewOutsider();
        var session = await LateAsync(shop, payer);
        shop.World.Network.HoldFeed(true);
        var first = (await ClaimAsync(shop, session.Id)).Value!;
        // His trustline is gone between the asking and the paying.
        shop.World.Network.Look(ledger => ledger.Accounts[payer].Trustlines.Remove(shop.World.Network.Usdc));
        shop.World.Network.HoldFeed(false);
        (await shop.UntilRefundAsync(first.Id, RefundStatus.Failed)).FailureReason.ShouldBe("op_no_trust");
        shop.World.Network.Look(ledger => ledger.Accounts[payer].Trustlines[shop.World.Network.Usdc] = new FakeTrustline());

        var second = (await ClaimAsync(shop, session.Id)).Value!;

        second.Id.ShouldNotBe(first.Id);
        await shop.UntilRefundAsync(second.Id, RefundStatus.Succeeded);
        shop.BalanceOf(payer).ShouldBe(10 * Unit);
    }

    [Fact]
    public async Task So_many_are_claimed_of_a_session_and_of_a_merchants_day_and_his_own_refunds_go_on()
    {
        var shop = await OpenAsync(Held);
        var session = await EndedAsync(shop);
        var payer = shop.World.Network.NewOutsider();
        for (var count = 1; count <= MostOfSession + 1; count++)
        {
            shop.Pay(Unit, session.Id.Value, from: payer);
            await shop.UntilAsync(session.Id, view => view.PaymentCount == count, "it came");
        }

        for (var at = 0; at < MostOfSession; at++)
        {
            (await ClaimAsync(shop, session.Id, at)).Error.ShouldBeNull();
        }

        (await ClaimAsync(shop, session.Id, MostOfSession)).Error!.Code.ShouldBe("claimed_refunds_exceeded");
        (await shop.ViewAsync(session.Id)).IsHeldFor.ShouldBeFalse("the page offers what the turn does");
        var last = (await shop.ViewAsync(session.Id)).Payments[MostOfSession];
        await shop.UntilRefundAsync((await shop.RefundAsync(session.Id, payment: last)).Value!.Id, RefundStatus.Succeeded);
        (await ClaimAsync(shop, session.Id)).Error.ShouldBeNull("what was claimed is found for ever");

        for (var count = MostOfSession; count < MostADay; count++)
        {
            var other = await LateAsync(shop);
            await shop.UntilRefundAsync((await ClaimAsync(shop, other.Id)).Value!.Id, RefundStatus.Succeeded);
        }

        foreach (var refund in (await shop.ViewAsync(session.Id)).Refunds)
        {
            await shop.UntilRefundAsync(refund.Id, RefundStatus.Succeeded);
        }

        var tooMany = await LateAsync(shop);
        (await ClaimAsync(shop, tooMany.Id)).Error!.Code.ShouldBe("claimed_refunds_exceeded");
        (await shop.ViewAsync(tooMany.Id)).Refunds.ShouldBeEmpty("nothing is made of it");
        shop.Pass(TimeSpan.FromDays(1));
        (await ClaimAsync(shop, tooMany.Id)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Who_claims_again_and_again_is_told_to_wait()
    {
        var shop = await OpenAsync(Held);
        var payer = shop.World.Network.NewOutsider(account => account.Trustlines.Clear());
        var session = await LateAsync(shop, payer);

        await TestWorld.UntilAsync(
            async () => (await ClaimAsync(shop, session.Id)).Error!.Code == "too_many_claims", "what he asks for is not asked of the network");

        (await ClaimAsync(shop, (await LateAsync(shop)).Id)).Error.ShouldBeNull("others notice nothing");
    }

    [Fact]
    public async Task Of_who_has_not_said_that_the_account_is_his_own_nothing_is_sent_there_and_no_network_is_asked()
    {
        var shop = await OpenAsync(Held);
        var payer = shop.World.Network.NewOutsider();
        var session = await LateAsync(shop, payer);

        (await ClaimAsync(shop, session.Id, isOwnAccount: false)).Error!.Code.ShouldBe("refund_account_unconfirmed");

        (await shop.ViewAsync(session.Id)).Refunds.ShouldBeEmpty();
        shop.World.Network.AccountsAsked.ShouldNotContain(payer);
        await shop.UntilRefundAsync((await ClaimAsync(shop, session.Id)).Value!.Id, RefundStatus.Succeeded);
        // A muxed account says who of many paid.
        var many = shop.World.Network.NewOutsider();
        var other = await EndedAsync(shop);
        shop.Pay(10 * Unit, other.Id.Value, from: many, fromMuxed: new MuxedAccount(AccountId.Parse(many), 7).ToString());
        await shop.UntilAsync(other.Id, view => view.PaymentCount == 1, "it came too late");
        (await ClaimAsync(shop, other.Id, isOwnAccount: false)).Error.ShouldBeNull();
    }

    private async Task<TestMerchant> OpenAsync(ExcessChoices choices)
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        (await shop.Control.SetTermsAsync(1, suspended: false, excess: choices)).Error.ShouldBeNull();
        return shop;
    }

    private static async Task<PaymentSessionView> EndedAsync(TestMerchant shop)
    {
        var session = await shop.NewSessionAsync(1_000);
        (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
        return session;
    }

    private static async Task<PaymentSessionView> LateAsync(TestMerchant shop, string? payer = null)
    {
        var session = await EndedAsync(shop);
        shop.Pay(10 * Unit, session.Id.Value, from: payer);
        return await shop.UntilAsync(session.Id, view => view.PaymentCount == 1, "it came too late");
    }

    private static async Task<(bool HasClaims, bool IsHeldFor)> HeldAsync(TestMerchant shop, PaymentSessionId session)
    {
        var view = await shop.ViewAsync(session);
        return (view.HasClaims, view.IsHeldFor);
    }

    private static async Task<LedgerPlace> PlaceAsync(TestMerchant shop, PaymentSessionId session, int at = 0) =>
        Excesses.PlaceOf((await shop.ViewAsync(session)).Payments[at]);

    private static async Task<Result<RefundView>> ClaimAsync(
        TestMerchant shop, PaymentSessionId session, int at = 0, bool isOwnAccount = true) =>
        await shop.GrainOf(session).ClaimAsync(shop.Id, await PlaceAsync(shop, session, at), isOwnAccount, Cancelled);

    /// <summary>Little may be claimed.</summary>
    public sealed class NarrowWorld : SharedPostgresWorld
    {
        protected override void Configure(IServiceCollection services) => services.Configure<RefundOptions>(options =>
            options.MostClaimedADay = MostADay);
    }
}

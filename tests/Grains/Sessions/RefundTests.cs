using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Sessions;

public abstract class RefundTests(SharedWorld shared)
{
    private const long Unit = TestMerchant.Unit;
    private const long Cent = Unit / 100;

    [Fact]
    public async Task What_was_paid_goes_back_to_the_payer_and_the_books_follow_the_ledger()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var payer = shop.World.Network.NewOutsider();
        var session = await PaidAsync(shop, 1_000, payer);

        var made = (await shop.RefundAsync(session.Id)).Value!;

        (made.Status, made.Amount, made.Stroops, made.Currency).ShouldBe((RefundStatus.Pending, 10 * Unit, 10 * Unit, "USD"));
        made.Legs.ShouldHaveSingleItem().To.ShouldBe(payer);
        (await shop.BookAsync()).Available.ShouldBe(99 * Unit / 10, "the fee is the platform's: the merchant has too little by it");
        var waiting = await shop.UntilAsync(session.Id, view => view.Refunds[0].PendingReason is not null, "it waits for money");
        waiting.Refunds[0].PendingReason.ShouldBe("insufficient_funds");

        // Another sale brings what is missing.
        await PaidAsync(shop, 1_000);

        var paid = await shop.UntilRefundAsync(made.Id, RefundStatus.Succeeded);
        paid.Legs[0].TransactionHash.ShouldNotBeNull();
        shop.BalanceOf(payer).ShouldBe(10 * Unit);
        await shop.UntilBookAsync(
            book => book is { OnLedger: 10 * Unit, Refunds: 0, Fees: Unit / 5, Available: 98 * Unit / 10 }, "it has left");
        shop.TypesOf(session.Id)[^4..].ShouldBe(
            ["refund.created", "refund.updated", "refund.updated", "refund.updated"], "it waited, waited no more, and was paid");
        (await shop.RefundAsync(session.Id, 1)).Error!.Code.ShouldBe("refund_exceeds_payment");
    }

    [Fact]
    public async Task Ten_at_once_of_three_tenths_are_three_and_the_rest_is_one_more_and_no_other()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var payer = shop.World.Network.NewOutsider();
        await PaidAsync(shop, 10_000);
        var session = await PaidAsync(shop, 10_000, payer);

        var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(at => shop.RefundAsync(session.Id, 3_000 * Cent, key: $"key {at}")));

        var made = all.Where(each => each.IsSuccess).Select(each => each.Value!.Id).ToList();
        made.Count.ShouldBe(3);
        all.Where(each => !each.IsSuccess).Select(each => each.Error!.Code).Distinct()
            .ShouldBe(["refund_exceeds_payment"]);
        var rest = (await shop.RefundAsync(session.Id)).Value!;
        rest.Amount.ShouldBe(1_000 * Cent);
        (await shop.RefundAsync(session.Id, 1)).Error!.Code.ShouldBe("refund_exceeds_payment");
        foreach (var refund in made.Append(rest.Id))
        {
            await shop.UntilRefundAsync(refund, RefundStatus.Succeeded);
        }

        shop.BalanceOf(payer).ShouldBe(100 * Unit);
    }

    [Fact]
    public async Task Payers_get_theirs_back_newest_first_and_shares_that_do_not_divide_add_up_to_the_stroop()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        await PaidAsync(shop, 100_000);
        var (ada, bob) = (shop.World.Network.NewOutsider(), shop.World.Network.NewOutsider());
        var session = await shop.NewSessionAsync(1_000);
        shop.Pay(6 * Unit, session.Id.Value, from: ada);
        await shop.UntilAsync(session.Id, view => view.PaymentCount == 1, "Ada has paid");
        shop.Pay(5 * Unit, session.Id.Value, from: bob);
        await shop.UntilPaidAsync(session.Id);

        var first = (await shop.RefundAsync(session.Id, 500 * Cent)).Value!;
        var second = (await shop.RefundAsync(session.Id, 333 * Cent)).Value!;
        var third = (await shop.RefundAsync(session.Id)).Value!;

        first.Legs.Select(leg => (leg.To, leg.Stroops)).ShouldBe([(bob, 4 * Unit), (ada, 1 * Unit)]);
        second.Legs.Select(leg => (leg.To, leg.Stroops)).ShouldBe([(ada, 333 * Unit / 100)]);
        third.Legs.Select(leg => (leg.To, leg.Stroops)).ShouldBe([(ada, 167 * Unit / 100)]);
        foreach (var refund in new[] { first, second, third })
        {
            await shop.UntilRefundAsync(refund.Id, RefundStatus.Succeeded);
        }


        // What Bob paid beyond the price is another pot, and his alone.
        var over = (await shop.ViewAsync(session.Id)).Payments[1];
        var excess = (await shop.RefundAsync(session.Id, payment: over)).Value!;
        (excess.Stroops, excess.Legs[0].To, excess.Currency).ShouldBe((Unit, bob, shop.World.Network.Usdc));
        await shop.UntilRefundAsync(excess.Id, RefundStatus.Succeeded);
        (await shop.RefundAsync(session.Id, payment: over)).Error!.Code.ShouldBe("refund_exceeds_payment");
        (shop.BalanceOf(ada), shop.BalanceOf(bob)).ShouldBe((6 * Unit, 5 * Unit));
    }

    [Fact]
    public async Task What_came_for_a_session_that_ended_unpaid_or_in_a_wrong_asset_goes_back_by_its_payment()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var payer = shop.World.Network.NewOutsider();
        var session = await shop.NewSessionAsync(shop.Order(1_000, shop.World.Network.Usdc));
        shop.Pay(4 * Unit, session.Id.Value, from: payer);
        shop.Pay(2 * Unit, session.Id.Value, from: payer, asset: "native");
        var open = await shop.UntilAsync(session.Id, view => view.PaymentCount == 2, "both came");
        (await shop.RefundAsync(session.Id, payment: open.Payments[0])).Error!.Code
            .ShouldBe("refund_exceeds_payment", "it counts as long as the session can be paid");
        (await shop.RefundAsync(session.Id)).Error!.Code.ShouldBe("payment_session_not_paid");
        var wrong = (await shop.RefundAsync(session.Id, payment: open.Payments[1])).Value!;
        await shop.UntilRefundAsync(wrong.Id, RefundStatus.Succeeded);

        (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
        var part = (await shop.RefundAsync(session.Id, payment: open.Payments[0])).Value!;

        await shop.UntilRefundAsync(part.Id, RefundStatus.Succeeded);
        shop.BalanceOf(payer).ShouldBe(4 * Unit);
        await shop.UntilBookAsync(book => book is { OnLedger: 0, Held: 0, Refunds: 0 }, "all of it has left");
        await shop.UntilBookAsync(book => book is { OnLedger: 0, Held: 0, Refunds: 0 }, "the lumens too", "native");
    }

    [Fact]
    public async Task A_muxed_payer_is_paid_by_that_name_and_one_who_asks_for_a_memo_is_not_paid_without()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var exchange = shop.World.Network.NewOutsider(account => account.MemoRequired = true);
        var muxed = new MuxedAccount(AccountId.Parse(exchange), 77).ToString();
        await PaidAsync(shop, 10_000);
        var (named, unnamed) = (await shop.NewSessionAsync(1_000), await shop.NewSessionAsync(1_000));
        shop.Pay(10 * Unit, named.Id.Value, from: exchange, fromMuxed: muxed);
        shop.Pay(10 * Unit, unnamed.Id.Value, from: exchange);
        await shop.UntilPaidAsync(named.Id);
        await shop.UntilPaidAsync(unnamed.Id);

        var refund = (await shop.RefundAsync(named.Id)).Value!;
        refund.Legs[0].To.ShouldBe(muxed);
        await shop.UntilRefundAsync(refund.Id, RefundStatus.Succeeded);
        (await shop.RefundAsync(unnamed.Id)).Error!.Code.ShouldBe("refund_address_required");
        (await shop.ViewAsync(unnamed.Id)).Refunds.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_cannot_be_paid_fails_alone_and_what_he_was_to_get_is_the_merchants_again()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        await PaidAsync(shop, 100_000);
        var (ada, bob) = (shop.World.Network.NewOutsider(), shop.World.Network.NewOutsider());
        var (one, other) = (await PaidAsync(shop, 1_000, ada), await PaidAsync(shop, 1_000, bob));
        var before = await shop.BookAsync();
        // Hers is out and waits for its ledger: his is signed after it.
        shop.World.Network.HoldPending(true);
        shop.World.Network.Next(Answer.PendingThenApplied);
        var toAda = (await shop.RefundAsync(one.Id)).Value!;
        await TestWorld.UntilAsync(() => RefundAddressTests.SentTo(shop, ada).Length > 0, "hers is out");
        var toBob = (await shop.RefundAsync(other.Id)).Value!;
        // His trustline is gone between the asking and the paying.
        shop.World.Network.Look(ledger => ledger.Accounts[bob].Trustlines.Remove(shop.World.Network.Usdc));
        shop.World.Network.HoldPending(false);
        shop.World.Network.CloseLedger();

        await shop.UntilRefundAsync(toAda.Id, RefundStatus.Succeeded);
        var failed = await shop.UntilRefundAsync(toBob.Id, RefundStatus.Failed);

        failed.FailureReason.ShouldBe("op_no_trust");
        (await shop.RefundAsync(other.Id)).Error!.Code.ShouldBe("refund_destination_unusable");
        await shop.UntilBookAsync(
            book => book.OnLedger == before.OnLedger - 10 * Unit && book.Available == before.Available - 10 * Unit && book.Refunds == 0,
            "what Bob was to get is the merchant's");
        shop.TypesOf(other.Id)[^1].ShouldBe("refund.failed");
    }

    // Each call asked the network once a payer, from what is kept for paying, and was refused without a trace: a thousand a minute.
    [Fact]
    public async Task Why_somebody_cannot_be_paid_is_asked_for_once()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var payer = shop.World.Network.NewOutsider();
        var session = await PaidAsync(shop, 1_000, payer);
        shop.World.Network.Look(ledger => ledger.Accounts[payer].MemoRequired = true);
        shop.World.Network.ForgetWhatWasAsked();

        for (var call = 0; call < 20; call++)
        {
            (await shop.RefundAsync(session.Id)).Error!.Code.ShouldBe("refund_address_required");
        }

        shop.World.Network.AccountsAsked.Count(address => address == payer).ShouldBe(1);
    }

    [Fact]
    public async Task A_key_makes_one_refund_and_nobody_but_its_merchant_makes_any()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        await PaidAsync(shop, 10_000);
        var session = await PaidAsync(shop, 1_000);

        var both = await Task.WhenAll(shop.RefundAsync(session.Id, 100 * Cent, key: "k"), shop.RefundAsync(session.Id, 100 * Cent, key: "k"));

        both.Count(each => each.IsSuccess).ShouldBe(1);
        both.Single(each => !each.IsSuccess).Error!.Code.ShouldBe("idempotency_key_in_use");
        (await shop.ViewAsync(session.Id)).Refunds.Length.ShouldBe(1);
        (await shop.GrainOf(session.Id).RefundAsync(
                MerchantId.New(TimeProvider.System), new NewRefund(null, null, null, null, null, "f"), TestContext.Current.CancellationToken))
            .IsSuccess.ShouldBeFalse();
    }

    [Fact]
    public async Task What_waits_for_money_too_long_fails_and_the_pot_has_it_again()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await PaidAsync(shop, 1_000);
        var made = (await shop.RefundAsync(session.Id)).Value!;
        await shop.UntilAsync(session.Id, view => view.Refunds[0].PendingReason is not null, "it waits for money");

        shop.Pass(TimeSpan.FromDays(31));
        await shop.World.UntilAfterSweepsAsync(
            async () => (await shop.ViewAsync(session.Id)).Refunds[0].Status == RefundStatus.Failed, "it has failed");

        (await shop.ViewAsync(session.Id)).Refunds[0].FailureReason.ShouldBe("insufficient_funds");
        (await shop.RefundAsync(session.Id, 100 * Cent)).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task A_stroop_of_a_stranger_keeps_nobody_from_the_whole_refund()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        await PaidAsync(shop, 10_000);
        var payer = shop.World.Network.NewOutsider();
        var session = await shop.NewSessionAsync(1_000);
        shop.Pay(1, session.Id.Value);
        await shop.UntilAsync(session.Id, view => view.ReceivedStroops == 1 || view.Received > 0 || view.Asset is null, "dust came");
        shop.Pay(10 * Unit, session.Id.Value, from: payer);
        await shop.UntilPaidAsync(session.Id);

        var refund = (await shop.RefundAsync(session.Id)).Value!;

        (refund.Amount, refund.Legs.ShouldHaveSingleItem().To).ShouldBe((10 * Unit, payer));
        await shop.UntilRefundAsync(refund.Id, RefundStatus.Succeeded);
        shop.BalanceOf(payer).ShouldBeGreaterThan(10 * Unit - 2);
    }

    [Fact]
    public async Task Who_cannot_be_paid_keeps_nobody_else_from_his_part()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        await PaidAsync(shop, 10_000);
        var (honest, gone) = (shop.World.Network.NewOutsider(), shop.World.Network.NewOutsider());
        var session = await shop.NewSessionAsync(1_000);
        shop.Pay(9 * Unit, session.Id.Value, from: honest);
        await shop.UntilAsync(session.Id, view => view.PaymentCount == 1, "the honest one has paid");
        shop.Pay(1 * Unit, session.Id.Value, from: gone);
        await shop.UntilPaidAsync(session.Id);
        shop.World.Network.Look(ledger => ledger.Accounts.Remove(gone));

        var refund = (await shop.RefundAsync(session.Id)).Value!;

        (refund.Amount, refund.Legs.ShouldHaveSingleItem().To).ShouldBe((9 * Unit, honest));
        await shop.UntilRefundAsync(refund.Id, RefundStatus.Succeeded);
        (await shop.RefundAsync(session.Id)).Error!.Code.ShouldBe("refund_destination_unusable");
    }

    [Fact]
    public async Task Fifty_tiny_payments_after_its_end_hide_nobodys_money()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var payer = shop.World.Network.NewOutsider();
        var session = await shop.NewSessionAsync(1_000);
        (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
        shop.Pay(1_000, session.Id.Value, operations: 60);
        await shop.UntilAsync(session.Id, view => view.PaymentCount == 60, "a stranger sent much for little");

        shop.Pay(10 * Unit, session.Id.Value, from: payer);
        var late = await shop.UntilAsync(session.Id, view => view.PaymentCount == 61, "the payer is late");

        var refund = (await shop.RefundAsync(session.Id, payment: late.Payments.Single(payment => payment.From == payer))).Value!;
        await shop.UntilRefundAsync(refund.Id, RefundStatus.Succeeded);
        shop.BalanceOf(payer).ShouldBe(10 * Unit);
    }

    [Fact]
    public async Task Nobody_is_paid_whom_the_deny_list_names_and_who_moves_up_is_looked_at_too()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        await PaidAsync(shop, 100_000);
        var (one, other, third) = (shop.World.Network.NewOutsider(), shop.World.Network.NewOutsider(), shop.World.Network.NewOutsider());
        PaymentSessionView[] sessions =
            [await PaidAsync(shop, 1_000, one), await PaidAsync(shop, 1_000, other), await PaidAsync(shop, 1_000, third)];
        shop.World.DenyList.Add(one);
        shop.World.DenyList.Add(other);

        var refunds = new List<RefundView>();
        foreach (var session in sessions)
        {
            refunds.Add((await shop.RefundAsync(session.Id)).Value!);
        }

        (await shop.UntilRefundAsync(refunds[0].Id, RefundStatus.Failed)).FailureReason.ShouldBe("destination_denied");
        await shop.UntilRefundAsync(refunds[1].Id, RefundStatus.Failed);
        await shop.UntilRefundAsync(refunds[2].Id, RefundStatus.Succeeded);
        (shop.BalanceOf(one), shop.BalanceOf(other), shop.BalanceOf(third)).ShouldBe((0, 0, 10 * Unit));
    }

    private static async Task<PaymentSessionView> PaidAsync(TestMerchant shop, long cents, string? from = null)
    {
        var fees = (await shop.BookAsync()).Fees;
        var session = await shop.NewSessionAsync(cents);
        shop.Pay(cents * Cent, session.Id.Value, from: from);
        await shop.UntilPaidAsync(session.Id);
        // Before he has heard anything of it nothing is pending either.
        await shop.UntilBookAsync(book => book is { Unallocated: 0, Pending: 0 } && book.Fees > fees, "the merchant has it");
        return session;
    }
}

[Trait("Length", "long")]
public sealed class MemoryRefundTests(SharedWorld shared) : RefundTests(shared), IClassFixture<SharedWorld>;

public sealed class PostgresRefundTests(SharedPostgresWorld shared) : RefundTests(shared), IClassFixture<SharedPostgresWorld>;

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

/// <summary>Where what is given back goes, by a decision of the merchant's that has waited for a day.</summary>
public abstract partial class RefundAddressTests(SharedWorld shared)
{
    private const long Unit = TestMerchant.Unit;
    private static readonly UserId Finance = UserId.New(TimeProvider.System);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_pays_from_an_exchange_gets_his_money_with_his_own_memo_once_the_decision_has_waited_for_a_day()
    {
        var (shop, exchange, session) = await PaidByExchangeAsync();
        (await shop.RefundAsync(session.Id)).Error!.Code.ShouldBe("refund_address_required");

        var decided = (await DecideAsync(shop, session, exchange, new RefundMemo("id", "77"))).Value!;

        var address = decided.RefundAddresses.ShouldHaveSingleItem();
        (address.Address, address.Memo, address.IsInEffect).ShouldBe((exchange, new RefundMemo("id", "77"), false));
        (address.DecidedBy, address.EffectiveAt - address.DecidedAt).ShouldBe((Finance.Value, Day));
        shop.Pass(Day - TimeSpan.FromMinutes(1));
        (await shop.RefundAsync(session.Id)).Error!.Code.ShouldBe("refund_address_waiting", "it waits still");
        shop.Pass(TimeSpan.FromMinutes(1));

        var refund = (await shop.RefundAsync(session.Id)).Value!;

        var leg = refund.Legs.ShouldHaveSingleItem();
        (leg.To, leg.Memo, leg.Stroops).ShouldBe((exchange, new RefundMemo("id", "77"), 10 * Unit));
        await shop.UntilRefundAsync(refund.Id, RefundStatus.Succeeded);
        shop.BalanceOf(exchange).ShouldBe(10 * Unit);
        SentTo(shop, exchange).ShouldHaveSingleItem().ShouldBeOfType<MemoId>().Id.ShouldBe(77UL);
        shop.TypesOf(session.Id).Where(type => type.StartsWith("payment_session.refund_address", StringComparison.Ordinal))
            .ShouldBe(["payment_session.refund_address_set", "payment_session.refund_address_active"]);
    }

    [Fact]
    public async Task It_holds_by_itself_and_what_was_to_go_back_by_the_merchants_setting_goes_there()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        (await shop.Control.SetTermsAsync(1, suspended: false, excess: new ExcessChoices(OverPayments.Refund, LatePayments.Hold)))
            .Error.ShouldBeNull();
        var exchange = shop.World.Network.NewOutsider(account => account.MemoRequired = true);
        var session = await shop.NewSessionAsync(1_000);
        shop.Pay(12 * Unit, session.Id.Value, from: exchange);
        var held = await shop.UntilAsync(session.Id, view => view.Payments is [{ HeldReason: not null }], "it is held");
        held.Payments[0].HeldReason.ShouldBe("refund_address_required");

        (await DecideAsync(shop, held, exchange, new RefundMemo("text", "Ada"))).Error.ShouldBeNull();
        shop.Pass(Day);
        await shop.World.UntilAfterSweepsAsync(
            async () => (await shop.ViewAsync(session.Id)).Refunds is [{ Status: RefundStatus.Succeeded }], "it has gone back");

        var view = await shop.ViewAsync(session.Id);
        (view.Refunds[0].Reason, view.Refunds[0].Legs[0].To, view.Refunds[0].Legs[0].Memo).ShouldBe(
            ("automatic", exchange, new RefundMemo("text", "Ada")));
        (view.Payments[0].HeldReason, view.RefundAddresses![0].IsInEffect).ShouldBe((null, true));
        SentTo(shop, exchange).ShouldHaveSingleItem().ShouldBeOfType<MemoText>();
        shop.BalanceOf(exchange).ShouldBe(2 * Unit);
    }

    [Fact]
    public async Task Until_it_holds_nothing_goes_back_and_once_it_is_withdrawn_it_goes_to_the_payer()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        await PaidAsync(shop, 10_000);
        var (payer, elsewhere) = (shop.World.Network.NewOutsider(), shop.World.Network.NewOutsider());
        var session = await PaidAsync(shop, 1_000, payer);
        (await DecideAsync(shop, session, elsewhere)).Error.ShouldBeNull();

        // It is decided because there the payer is nobody, more often than not: what went there meanwhile would be lost.
        (await shop.RefundAsync(session.Id, 2 * Unit)).Error!.Code.ShouldBe("refund_address_waiting");
        shop.Pass(Day);
        var first = (await shop.RefundAsync(session.Id, 3 * Unit)).Value!;
        first.Legs[0].To.ShouldBe(elsewhere);
        await shop.UntilRefundAsync(first.Id, RefundStatus.Succeeded);
        // Another one waits anew, and the one before holds no more.
        (await DecideAsync(shop, session, shop.World.Network.NewOutsider())).Value!.RefundAddresses!.Single().IsInEffect.ShouldBeFalse();
        (await shop.RefundAsync(session.Id, 1 * Unit)).Error!.Code.ShouldBe("refund_address_waiting");
        (await WithdrawAsync(shop, session)).Value!.RefundAddresses.ShouldBeNull();
        shop.Pass(Day);
        var last = (await shop.RefundAsync(session.Id)).Value!;

        (last.Legs.ShouldHaveSingleItem().To, last.Stroops).ShouldBe((payer, 7 * Unit));
        await shop.UntilRefundAsync(last.Id, RefundStatus.Succeeded);
        await TestWorld.UntilAsync(() => shop.BalanceOf(payer) == 7 * Unit && shop.BalanceOf(elsewhere) == 3 * Unit, "all have what is theirs");
        var told = shop.TypesOf(session.Id).Length;
        (await WithdrawAsync(shop, session)).Error.ShouldBeNull("there is none, and that is what was asked for");
        shop.TypesOf(session.Id).Length.ShouldBe(told);
    }

    [Fact]
    public async Task Who_says_again_what_is_so_does_not_begin_the_day_anew()
    {
        var (shop, exchange, session) = await PaidByExchangeAsync();
        var first = (await DecideAsync(shop, session, exchange, new RefundMemo("id", "77"))).Value!.RefundAddresses!.Single();
        shop.Pass(TimeSpan.FromHours(5));

        (await DecideAsync(shop, session, exchange, new RefundMemo("id", "77"))).Value!.RefundAddresses!.Single().ShouldBe(first);
        var other = (await DecideAsync(shop, session, exchange, new RefundMemo("id", "78"))).Value!.RefundAddresses!.Single();

        (other.Memo, other.EffectiveAt).ShouldBe((new RefundMemo("id", "78"), first.EffectiveAt + TimeSpan.FromHours(5)));
    }

    [Fact]
    public async Task Where_nothing_can_be_given_back_is_no_refund_address_and_nobody_but_the_merchant_has_one()
    {
        var (shop, exchange, session) = await PaidByExchangeAsync();
        var network = shop.World.Network;
        var poor = network.NewOutsider(account => account.Trustlines.Clear());
        var denied = network.NewOutsider();
        shop.World.DenyList.Add(denied);
        var muxed = new MuxedAccount(AccountId.Parse(exchange), 5).ToString();

        await RefusedAsync("refund_address_invalid", "address", exchange[..^1]);
        await RefusedAsync("memo_not_allowed", "memo", muxed, new RefundMemo("id", "5"));
        await RefusedAsync("memo_invalid", "memo", exchange, new RefundMemo("id", "-5"));
        await RefusedAsync("memo_invalid", "memo", exchange, new RefundMemo("text", new string('x', 29)));
        await RefusedAsync("memo_invalid", "memo", exchange, new RefundMemo("text", ""));
        await RefusedAsync("memo_invalid", "memo", exchange, new RefundMemo("colour", "red"));
        await RefusedAsync("memo_required", "memo", exchange);
        await RefusedAsync("refund_address_unusable", "address", FakeNetwork.NewAddress());
        await RefusedAsync("refund_address_unusable", "address", poor);
        await RefusedAsync("refund_address_not_payable", "address", shop.Address);
        await RefusedAsync("refund_address_not_payable", "address", network.Usdc.Split(':')[1]);
        await RefusedAsync("destination_denied", "address", denied);
        (await SetAsync(shop, session, new NewRefundAddress(new LedgerPlace(1, 0), exchange, new RefundMemo("id", "5"), Finance, true)))
            .Error!.Code.ShouldBe("payment_not_found");
        (await shop.GrainOf(session.Id).WithdrawRefundAddressAsync(shop.Id, new LedgerPlace(1, 0))).Error!.Code.ShouldBe("payment_not_found");
        var stranger = MerchantId.New(TimeProvider.System);
        var order = new NewRefundAddress(Excesses.PlaceOf(session.Payments[0]), muxed, null, Finance, true);
        (await shop.GrainOf(session.Id).SetRefundAddressAsync(stranger, order, Cancelled)).Error!.Code.ShouldBe("payment_session_not_found");
        (await shop.GrainOf(session.Id).WithdrawRefundAddressAsync(stranger, order.Payment)).Error!.Code.ShouldBe("payment_session_not_found");
        (await shop.ViewAsync(session.Id)).RefundAddresses.ShouldBeNull();

        (await SetAsync(shop, session, order)).Error.ShouldBeNull("an M… address needs no memo");

        async Task RefusedAsync(string code, string param, string address, RefundMemo? memo = null)
        {
            var error = (await DecideAsync(shop, session, address, memo)).Error.ShouldNotBeNull(code);
            (error.Code, error.Param).ShouldBe((code, param));
        }
    }

    [Fact]
    public async Task An_address_that_can_be_paid_no_more_when_its_day_has_come_is_refused_by_its_name()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var (payer, elsewhere) = (shop.World.Network.NewOutsider(), shop.World.Network.NewOutsider());
        var session = await PaidAsync(shop, 1_000, payer);
        (await DecideAsync(shop, session, elsewhere)).Error.ShouldBeNull();
        shop.Pass(Day);
        shop.World.Network.Look(ledger => ledger.Accounts.Remove(elsewhere));

        var refused = (await shop.RefundAsync(session.Id)).Error!;

        refused.Code.ShouldBe("refund_destination_unusable");
        refused.Message.ShouldContain(elsewhere);
    }

    private async Task<(TestMerchant Shop, string Exchange, PaymentSessionView Session)> PaidByExchangeAsync()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        await PaidAsync(shop, 10_000);
        var exchange = shop.World.Network.NewOutsider(account => account.MemoRequired = true);
        return (shop, exchange, await PaidAsync(shop, 1_000, exchange));
    }

    internal static Task<Result<PaymentSessionView>> DecideAsync(
        TestMerchant shop, PaymentSessionView session, string address, RefundMemo? memo = null, bool isTold = true) =>
        SetAsync(shop, session, new NewRefundAddress(Excesses.PlaceOf(session.Payments[0]), address, memo, Finance, isTold));

    private static Task<Result<PaymentSessionView>> SetAsync(TestMerchant shop, PaymentSessionView session, NewRefundAddress order) =>
        shop.GrainOf(session.Id).SetRefundAddressAsync(shop.Id, order, Cancelled);

    internal static Task<Result<PaymentSessionView>> WithdrawAsync(TestMerchant shop, PaymentSessionView session) =>
        shop.GrainOf(session.Id).WithdrawRefundAddressAsync(shop.Id, Excesses.PlaceOf(session.Payments[0]));

    // The memos of the transactions by which somebody was paid, each of them once however often it was sent.
    internal static Memo[] SentTo(TestMerchant shop, string address) =>
    [
        .. shop.World.Network.Submitted.Select(TransactionEnvelope.FromXdrBase64).OfType<FeeBumpTransactionEnvelope>()
            .Select(envelope => envelope.Transaction.Inner.Transaction)
            .Where(transaction => transaction.Operations.Any(
                operation => operation.Body is PaymentOperation payment && payment.Destination.AccountId.ToString() == address))
            .DistinctBy(transaction => transaction.Sequence).Select(transaction => transaction.Memo),
    ];

    private static async Task<PaymentSessionView> PaidAsync(TestMerchant shop, long cents, string? from = null)
    {
        var fees = (await shop.BookAsync()).Fees;
        var session = await shop.NewSessionAsync(cents);
        shop.Pay(cents * (Unit / 100), session.Id.Value, from: from);
        var paid = await shop.UntilPaidAsync(session.Id);
        // Before he has heard anything of it nothing is pending either.
        await shop.UntilBookAsync(book => book is { Unallocated: 0, Pending: 0 } && book.Fees > fees, "the merchant has it");
        return paid;
    }
}

[Trait("Length", "long")]
public sealed class MemoryRefundAddressTests(SharedWorld shared) : RefundAddressTests(shared), IClassFixture<SharedWorld>;

public sealed class PostgresRefundAddressTests(SharedPostgresWorld shared) : RefundAddressTests(shared), IClassFixture<SharedPostgresWorld>;

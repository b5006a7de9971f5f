using StellarPay.Grains.Faults;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.Sessions;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar.Xdr;
using static StellarPay.Grains.Tests.PaymentAddresses.OwnAddress;

namespace StellarPay.Grains.Tests.PaymentAddresses;

/// <summary>
/// Nothing goes back to where an exchange paid a session's own address from: there it is nobody's. Where its merchant decided that it goes
/// it goes, with its memo.
/// </summary>
public sealed class PaymentAddressRefundTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private const long Unit = TestMerchant.Unit;
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private static readonly RefundMemo Memo = new("id", "77");

    [Fact]
    public async Task Who_paid_from_an_exchange_gets_his_money_with_his_own_memo_by_a_decision_and_never_without()
    {
        var shop = await OpenAsync();
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        var exchange = shop.World.Network.NewOutsider();
        Send(shop, session, 10 * Unit, exchange);
        var paid = await shop.UntilPaidAsync(session.Id);
        await shop.UntilBookAsync(book => book.Available > 19 * Unit, "the merchant has it");
        (await shop.RefundAsync(session.Id)).Error!.Code.ShouldBe("refund_address_required");

        // Back whence it came, without a memo, it is the exchange's, also where somebody decides so.
        (await RefundAddressTests.DecideAsync(shop, paid, exchange)).Error!.Code.ShouldBe("memo_required");
        (await RefundAddressTests.DecideAsync(shop, paid, exchange, Memo)).Error.ShouldBeNull();

        (await shop.RefundAsync(session.Id)).Error!.Code.ShouldBe("refund_address_waiting");
        (await RefundAddressTests.WithdrawAsync(shop, paid)).Error.ShouldBeNull();
        (await shop.RefundAsync(session.Id)).Error!.Code.ShouldBe("refund_address_required", "nobody says any more where it goes");
        (await RefundAddressTests.DecideAsync(shop, paid, exchange, Memo)).Error.ShouldBeNull();
        shop.BalanceOf(exchange).ShouldBe(0);
        await ShouldGoThereAsync(shop, session, exchange);
    }

    [Fact]
    public async Task What_was_too_much_goes_back_by_itself_where_it_was_decided_and_never_elsewhere()
    {
        var shop = await OpenAsync();
        (await shop.Control.SetTermsAsync(1, suspended: false, excess: new ExcessChoices(OverPayments.Refund, LatePayments.Refund)))
            .Error.ShouldBeNull();
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        var exchange = shop.World.Network.NewOutsider();
        Send(shop, session, 13 * Unit, exchange);
        var held = await shop.UntilAsync(session.Id, view => view.Payments is [{ HeldReason: not null }], "it is held");
        held.Payments[0].HeldReason.ShouldBe("refund_address_required");
        held.Refunds.ShouldBeEmpty();

        (await RefundAddressTests.DecideAsync(shop, held, exchange, Memo)).Error.ShouldBeNull();
        shop.Pass(Day);

        await shop.World.UntilAfterSweepsAsync(
            async () => (await shop.ViewAsync(session.Id)).Refunds is [{ Status: RefundStatus.Succeeded }], "it has gone back");
        var refund = (await shop.ViewAsync(session.Id)).Refunds[0];
        (refund.Reason, refund.Legs[0].To, refund.Legs[0].Memo, refund.Stroops).ShouldBe(("automatic", exchange, Memo, 3 * Unit));
        RefundAddressTests.SentTo(shop, exchange).ShouldHaveSingleItem().ShouldBeOfType<MemoId>().Id.ShouldBe(77UL);
    }

    [Fact]
    public async Task What_came_late_and_was_accepted_is_no_more_its_exchanges_than_before()
    {
        var shop = await OpenAsync();
        var session = await shop.NewSessionWithAddressAsync(shop.Order(1_000));
        var exchange = shop.World.Network.NewOutsider();
        // In the moment in which its account is given up.
        shop.World.Faults.Arm(FaultPoint.PaymentSigned, _ =>
        {
            Send(shop, session, 10 * Unit, exchange);
            return Task.CompletedTask;
        });
        (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
        await shop.World.UntilAfterSweepsAsync(async () => (await shop.ViewAsync(session.Id)).PaymentCount == 1, "it came late");
        var late = (await shop.ViewAsync(session.Id)).Payments.ShouldHaveSingleItem();
        (late.Verdict, late.AtOwnAddress).ShouldBe((SessionPaymentVerdict.Late, true));
        await shop.UntilBookAsync(book => book is { Held: 10 * Unit, Unallocated: 0 }, "it is held");
        (await shop.RefundAsync(session.Id, payment: late)).Error!.Code.ShouldBe("refund_address_required");

        var born = (await shop.AcceptAsync(session.Id, late)).Value!;

        await shop.UntilBookAsync(book => book is { Held: 0, Available: > 19 * Unit }, "it is sold");
        born.Payments.ShouldHaveSingleItem().AtOwnAddress.ShouldBeTrue();
        (await shop.RefundAsync(born.Id)).Error!.Code.ShouldBe("refund_address_required");
        shop.BalanceOf(exchange).ShouldBe(0);
        (await RefundAddressTests.DecideAsync(shop, born, exchange, Memo)).Error.ShouldBeNull();
        await ShouldGoThereAsync(shop, born, exchange);
    }

    private static async Task ShouldGoThereAsync(TestMerchant shop, PaymentSessionView session, string exchange)
    {
        shop.Pass(Day);
        var refund = (await shop.RefundAsync(session.Id)).Value!;

        var leg = refund.Legs.ShouldHaveSingleItem();
        (leg.To, leg.Memo, leg.Stroops).ShouldBe((exchange, Memo, 10 * Unit));
        await shop.UntilRefundAsync(refund.Id, RefundStatus.Succeeded);
        shop.BalanceOf(exchange).ShouldBe(10 * Unit);
        RefundAddressTests.SentTo(shop, exchange).ShouldHaveSingleItem().ShouldBeOfType<MemoId>().Id.ShouldBe(77UL);
    }

    // The platform keeps its fee: what is given back is more than what the merchant got.
    private async Task<TestMerchant> OpenAsync()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        shop.Pay(10 * Unit, shop.Id.Value);
        await shop.UntilBookAsync(book => book.Available == 10 * Unit, "the merchant has some of his own");
        return shop;
    }
}

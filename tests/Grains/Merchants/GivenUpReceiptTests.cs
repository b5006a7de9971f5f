using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Merchants;

/// <summary>
/// An unmatched receipt was assigned, the merchant could not take in what its session said of it, and an operator gave that up. The bugs
/// kept away: it stayed assigned for good, its money nobody's; and once it was another session's, nothing of it could be given back.
/// </summary>
public abstract class GivenUpReceiptTests(SharedWorld shared)
{
    private const long Unit = TestMerchant.Unit;

    private static readonly UserId Operator = UserId.New(TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_can_be_a_top_up()
    {
        var (shop, _, came) = await GivenUpAsync();

        (await shop.Grain.TopUpReceiptAsync(shop.Id, came.Id)).Value!.Status.ShouldBe(UnmatchedReceiptStatus.Topup);

        await shop.UntilBookAsync(
            book => book is { Unallocated: 0, Pending: 0, Held: 0, Fees: 0, Available: 10 * Unit, OnLedger: 10 * Unit }, "it is his own");
    }

    [Fact]
    public async Task It_can_go_back()
    {
        var (shop, _, came) = await GivenUpAsync();

        (await shop.Grain.RefundReceiptAsync(shop.Id, came.Id, Cancelled)).Error.ShouldBeNull();

        await TestWorld.UntilAsync(async () => (await FindAsync(shop, came)).Status == UnmatchedReceiptStatus.Refunded, "it has gone back");
        await shop.UntilBookAsync(book => book is { Unallocated: 0, Pending: 0, Refunds: 0, Available: 0, OnLedger: 0 }, "it has left");
        shop.BalanceOf(came.Sender!).ShouldBe(10 * Unit);
    }

    [Fact]
    public async Task It_can_be_another_sessions_which_can_give_it_back_and_the_first_cannot()
    {
        var (shop, first, came) = await GivenUpAsync();
        var second = await shop.NewSessionAsync(1_000);

        // Until the first knows that it has nothing of it.
        Result<UnmatchedReceipt>? assigned = null;
        await TestWorld.UntilAsync(
            async () => (assigned = await shop.Grain.AssignReceiptAsync(shop.Id, came.Id, second.Id)).Error?.Code != "payment_session_busy",
            "it can be assigned");
        assigned!.Value!.Session.ShouldBe(second.Id.Value);

        await shop.UntilPaidAsync(second.Id);
        await shop.UntilBookAsync(book => book is { Unallocated: 0, Available: 99 * Unit / 10, Fees: Unit / 10 }, "it is sold");
        (await shop.RefundAsync(first)).Error!.Code.ShouldBe("refund_payers_unknown");
        var over = (await shop.ViewAsync(second.Id)).Payments.Single();
        // The fee is not given back, and there is nothing else to pay it of.
        var refund = (await shop.RefundAsync(second.Id, 9 * Unit)).Value!;
        (await shop.UntilRefundAsync(refund.Id, RefundStatus.Succeeded)).Legs.Single().Payment
            .ShouldBe(new LedgerPlace(over.Token, over.Number));
        shop.BalanceOf(came.Sender!).ShouldBe(9 * Unit);
        await shop.UntilBookAsync(
            book => book is { Unallocated: 0, Pending: 0, Refunds: 0, Available: 9 * Unit / 10, Fees: Unit / 10, OnLedger: Unit }, "the rest is his");
    }

    [Fact]
    public async Task A_session_that_has_it_already_does_not_judge_it_again()
    {
        var (shop, first, came) = await GivenUpAsync(price: 2_000);
        await TestWorld.UntilAsync(
            async () => (await shop.Grain.AssignReceiptAsync(shop.Id, came.Id, first)).Error?.Code != "payment_session_busy", "it is assigned");

        await TestWorld.UntilAsync(
            async () => await FindAsync(shop, came) is { Status: UnmatchedReceiptStatus.Unmatched, Sequence: > 4 }, "it came back");

        (await shop.ViewAsync(first)).ShouldSatisfyAllConditions(
            view => (view.PaymentCount, view.ReceivedStroops, view.Status).ShouldBe((1, 10 * Unit, PaymentSessionStatus.Created)));
        (await shop.Grain.TopUpReceiptAsync(shop.Id, came.Id)).IsSuccess.ShouldBeTrue();
        await shop.UntilBookAsync(book => book is { Unallocated: 0, Pending: 0, Available: 10 * Unit, OnLedger: 10 * Unit }, "it is his own");
    }

    // Ten dollars were assigned to a session; what it said of them is closed.
    private async Task<(TestMerchant Shop, PaymentSessionId Session, UnmatchedReceipt Receipt)> GivenUpAsync(long price = 1_000)
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionAsync(price);
        shop.Pay(10 * Unit, from: shop.World.Network.NewOutsider());
        UnmatchedReceipt? came = null;
        await TestWorld.UntilAsync(async () => (came = (await ListAsync(shop)).SingleOrDefault()) is not null, "it came");
        // Together with what it says of its end, and then by itself.
        foreach (var book in price > 1_000 ? new[] { "pending" } : ["available", "pending"])
        {
            shop.World.Storage.FailNextWrite(
                MerchantState.Name, Failing.Refused,
                json => json.Contains(shop.Address, StringComparison.Ordinal)
                    && json.Contains($"\"{book}\":{(book == "pending" ? 100 : 99) * Unit / 10}", StringComparison.Ordinal));
        }

        (await shop.Grain.AssignReceiptAsync(shop.Id, came!.Id, session.Id)).IsSuccess.ShouldBeTrue();
        SetAsideRow? row = null;
        await TestWorld.UntilAsync(
            async () => (row = (await shop.World.Port<ISetAsideRows>().ListAsync(open: true, null, 100, Cancelled))
                .SingleOrDefault(each => each.Owner.Key == shop.Id.Value)) is not null,
            "it is set aside");
        (await shop.World.Grains.GetGrain<IMerchantControl>(shop.Id.Value).CloseSetAsideAsync(row!.Id, Operator)).Value.ShouldBe(1);

        var open = await FindAsync(shop, came);
        (open.Status, open.Session, open.DecidedAt).ShouldBe((UnmatchedReceiptStatus.Unmatched, null, null));
        shop.EventsOf(came.Id.Value).Select(each => (string)each["type"]!).ShouldBe(
            ["unmatched_receipt.created", "unmatched_receipt.assigned", "unmatched_receipt.updated"]);
        await shop.UntilBookAsync(book => book is { Unallocated: 10 * Unit, Pending: 0, Available: 0, Fees: 0 }, "it is nobody's");
        return (shop, session.Id, open);
    }

    private static async Task<UnmatchedReceipt> FindAsync(TestMerchant shop, UnmatchedReceipt receipt) =>
        (await shop.World.Port<IUnmatchedReceipts>().FindAsync(shop.Id, receipt.Id, Cancelled))!;

    private static Task<IReadOnlyList<UnmatchedReceipt>> ListAsync(TestMerchant shop) =>
        shop.World.Port<IUnmatchedReceipts>().ListAsync(new ReceiptQuery(shop.Id, null, null, null, 100), Cancelled);
}

[Trait("Length", "long")]
public sealed class MemoryGivenUpReceiptTests(SharedWorld shared) : GivenUpReceiptTests(shared), IClassFixture<SharedWorld>;

public sealed class PostgresGivenUpReceiptTests(SharedPostgresWorld shared)
    : GivenUpReceiptTests(shared), IClassFixture<SharedPostgresWorld>;

using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;
using Amount = StellarPay.Grains.Money.Amount;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Grains.Tests.Merchants;

/// <summary>
/// An unmatched receipt that is assigned or given back, by many at once and whatever fails. The bugs kept away: money that is counted for a
/// session and given back too, and money that is nobody's any more.
/// </summary>
public abstract class DecidedReceiptTests(SharedWorld shared)
{
    private const long Unit = TestMerchant.Unit;

    private static readonly UserId Operator = UserId.New(TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_assigned_is_judged_as_a_payment_and_is_refunded_there()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionAsync(shop.Order(1_000, shop.World.Network.Usdc));
        var payer = shop.World.Network.NewOutsider();
        var came = await ReceiptAsync(shop, 12 * Unit, payer);
        var wrong = await ReceiptAsync(shop, 3 * Unit, payer, asset: "native");

        (await shop.Grain.AssignReceiptAsync(shop.Id, wrong.Id, session.Id)).Value!.Status.ShouldBe(UnmatchedReceiptStatus.Assigned);
        (await shop.Grain.AssignReceiptAsync(shop.Id, came.Id, session.Id)).Value!.Session.ShouldBe(session.Id.Value);

        await shop.UntilPaidAsync(session.Id);
        var paid = await shop.UntilAsync(session.Id, view => view.PaymentCount == 2, "both are judged");
        paid.Payments.Select(each => (each.Verdict, each.Stroops, each.From)).ShouldBe(
            [(SessionPaymentVerdict.Overpaid, 12 * Unit, payer), (SessionPaymentVerdict.WrongAsset, 3 * Unit, payer)], ignoreOrder: true);
        paid.PaidBy.ShouldBe(came.TransactionHash);
        await shop.UntilBookAsync(
            book => book is { Unallocated: 0, Pending: 0, Available: 119 * Unit / 10, Fees: Unit / 10 }, "it is sold, with its fee");
        await shop.UntilBookAsync(book => book is { Unallocated: 0, Held: 3 * Unit }, "the other is held", "native");
        (await RefundAsync(shop, came)).Error!.Code.ShouldBe("unmatched_receipt_decided");
        (await shop.Grain.TopUpReceiptAsync(shop.Id, came.Id)).Error!.Code.ShouldBe("unmatched_receipt_decided");
        var refund = (await shop.RefundAsync(session.Id, payment: paid.Payments.Single(each => each.Asset == "native"))).Value!;
        await shop.UntilRefundAsync(refund.Id, RefundStatus.Succeeded);
        TypesOf(shop, came).ShouldBe(["unmatched_receipt.created", "unmatched_receipt.assigned"]);
    }

    [Fact]
    public async Task Of_many_who_decide_at_once_one_decides()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        PaymentSessionView[] sessions =
            [await shop.NewSessionAsync(1_000), await shop.NewSessionAsync(1_000), await shop.NewSessionAsync(1_000)];
        var payer = shop.World.Network.NewOutsider();
        var came = await ReceiptAsync(shop, 10 * Unit, payer);

        var answers = await Task.WhenAll(
        [
            .. sessions.Select(session => shop.Grain.AssignReceiptAsync(shop.Id, came.Id, session.Id)),
            RefundAsync(shop, came), RefundAsync(shop, came), shop.Grain.TopUpReceiptAsync(shop.Id, came.Id),
        ]);

        var status = (await FindAsync(shop, came)).Status;
        status.ShouldNotBe(UnmatchedReceiptStatus.Unmatched);
        answers.Where(answer => !answer.IsSuccess).Select(answer => answer.Error!.Code).Distinct().ShouldBe(["unmatched_receipt_decided"]);
        // Two may have asked for the same; what they were answered is the same.
        answers.Where(answer => answer.IsSuccess).Select(answer => (answer.Value!.Session, answer.Value.RefundTo)).Distinct()
            .ShouldHaveSingleItem();
        await shop.UntilBookAsync(book => book is { Unallocated: 0, Pending: 0, Refunds: 0 }, "it has gone one way");
        var book = await shop.BookAsync();
        (book.Available + book.Fees + shop.BalanceOf(payer)).ShouldBe(10 * Unit);
        var views = await Task.WhenAll(sessions.Select(session => shop.ViewAsync(session.Id)));
        views.Count(view => view.PaymentCount > 0).ShouldBe(status == UnmatchedReceiptStatus.Assigned ? 1 : 0);
    }

    [Fact]
    public async Task What_is_assigned_to_a_session_that_has_ended_by_then_is_late_there_and_can_go_back()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var (canceled, expired, paid) =
            (await shop.NewSessionAsync(1_000), await shop.NewSessionAsync(1_000), await shop.NewSessionAsync(1_000));
        (await shop.GrainOf(canceled.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
        shop.Pay(10 * Unit, paid.Id.Value);
        await shop.UntilPaidAsync(paid.Id);
        shop.Pass(TimeSpan.FromMinutes(20));
        var payer = shop.World.Network.NewOutsider();
        // The third has an end that has come, and nobody has said so yet.
        foreach (var session in new[] { canceled, paid, expired })
        {
            var came = await ReceiptAsync(shop, 10 * Unit, payer);
            (await shop.Grain.AssignReceiptAsync(shop.Id, came.Id, session.Id)).IsSuccess.ShouldBeTrue();
            var view = await shop.UntilAsync(session.Id, each => each.Payments.Any(payment => payment.From == payer), "it came");
            view.Payments.Single(payment => payment.From == payer).Verdict.ShouldBe(
                session == paid ? SessionPaymentVerdict.Overpaid : SessionPaymentVerdict.Late);
        }

        await shop.UntilBookAsync(book => book is { Unallocated: 0, Held: 20 * Unit }, "it is held, and what is over is kept");
        var late = (await shop.ViewAsync(canceled.Id)).Payments.Single();
        var refund = (await shop.RefundAsync(canceled.Id, payment: late)).Value!;
        await shop.UntilRefundAsync(refund.Id, RefundStatus.Succeeded);
        shop.BalanceOf(payer).ShouldBe(10 * Unit);
    }

    [Fact]
    public async Task What_goes_back_goes_to_its_source_without_a_memo_and_only_once()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var exchange = shop.World.Network.NewOutsider(account => account.MemoRequired = true);
        var muxed = new MuxedAccount(AccountId.Parse(exchange), 7).ToString();
        var bare = await ReceiptAsync(shop, 5 * Unit, exchange);
        shop.Pay(4 * Unit, "their customer 9", from: exchange, fromMuxed: muxed);
        var named = (await UntilAsync(shop, each => each.Stroops == 4 * Unit))!;

        (await RefundAsync(shop, bare)).Error!.Code.ShouldBe("refund_address_required");
        (await FindAsync(shop, bare)).Status.ShouldBe(UnmatchedReceiptStatus.Unmatched);
        var all = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => RefundAsync(shop, named)));

        all.ShouldAllBe(answer => answer.IsSuccess && answer.Value!.RefundTo == muxed);
        var back = await UntilAsync(shop, named, UnmatchedReceiptStatus.Refunded);
        back.RefundHash.ShouldNotBeNull();
        await shop.UntilBookAsync(book => book is { Unallocated: 5 * Unit, Refunds: 0, OnLedger: 5 * Unit, Available: 0 }, "it has left");
        shop.BalanceOf(exchange).ShouldBe(4 * Unit);
        (await RefundAsync(shop, named)).Value!.RefundHash.ShouldBe(back.RefundHash);
        TypesOf(shop, named).ShouldBe(["unmatched_receipt.created", "unmatched_receipt.updated", "unmatched_receipt.refunded"]);
        shop.BalanceOf(exchange).ShouldBe(4 * Unit);
    }

    [Fact]
    public async Task What_cannot_go_back_is_to_be_decided_again_with_the_reason()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionAsync(1_000);
        var payer = shop.World.Network.NewOutsider();
        var came = await ReceiptAsync(shop, 10 * Unit, payer);
        shop.World.DenyList.Add(payer);

        (await RefundAsync(shop, came)).Value!.Status.ShouldBe(UnmatchedReceiptStatus.Refunding);
        var failed = await UntilAsync(shop, came, UnmatchedReceiptStatus.Unmatched);

        (failed.RefundFailure, failed.RefundTo).ShouldBe(("destination_denied", payer));
        await shop.UntilBookAsync(book => book is { Unallocated: 10 * Unit, Refunds: 0 }, "it is nobody's again");
        (await shop.Grain.AssignReceiptAsync(shop.Id, came.Id, session.Id)).IsSuccess.ShouldBeTrue();
        await shop.UntilPaidAsync(session.Id);
        await shop.UntilBookAsync(book => book is { Unallocated: 0, Available: 99 * Unit / 10 }, "it is sold");
    }

    [Fact]
    public async Task What_another_merchants_session_is_told_comes_back()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var stranger = await TestMerchant.OpenAsync(shop.World);
        var theirs = await stranger.NewSessionAsync(1_000);
        var came = await ReceiptAsync(shop, 10 * Unit);

        // The front door looks, and refuses. Should it not, the session does.
        (await shop.Grain.AssignReceiptAsync(shop.Id, came.Id, theirs.Id)).IsSuccess.ShouldBeTrue();
        var back = await UntilAsync(shop, came, UnmatchedReceiptStatus.Unmatched);

        back.Session.ShouldBeNull();
        (await stranger.ViewAsync(theirs.Id)).PaymentCount.ShouldBe(0);
        (await shop.Grain.TopUpReceiptAsync(shop.Id, came.Id)).IsSuccess.ShouldBeTrue();
    }

    [Theory]
    [InlineData("payment_session", Failing.BeforeTheWrite)]
    [InlineData("payment_session", Failing.AfterTheWriteTookEffect)]
    [InlineData("merchant", Failing.BeforeTheWrite)]
    [InlineData("merchant", Failing.AfterTheWriteTookEffect)]
    public async Task Whatever_write_fails_what_is_assigned_counts_once(string state, Failing how)
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var session = await shop.NewSessionAsync(1_000);
        Fail(shop, state, how);
        var came = await ReceiptAsync(shop, 10 * Unit);
        Fail(shop, state, how);
        Fail(shop, state, how);

        await AskUntilAsync(() => shop.Grain.AssignReceiptAsync(shop.Id, came.Id, session.Id));

        await world.UntilAfterSweepsAsync(
            async () => await shop.BookAsync() is { Unallocated: 0, Pending: 0, Available: 99 * Unit / 10, Fees: Unit / 10 }, "it is sold");
        (await shop.ViewAsync(session.Id)).PaymentCount.ShouldBe(1);
        TypesOf(shop, came).ShouldBe(["unmatched_receipt.created", "unmatched_receipt.assigned"]);
        shop.TypesOf(session.Id).Count(type => type == "payment_session.paid").ShouldBe(1);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite, 1)]
    [InlineData(Failing.AfterTheWriteTookEffect, 1)]
    [InlineData(Failing.BeforeTheWrite, 3)]
    [InlineData(Failing.AfterTheWriteTookEffect, 3)]
    public async Task Whatever_write_fails_what_goes_back_goes_once(Failing how, int times)
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var payer = world.Network.NewOutsider();
        var came = await ReceiptAsync(shop, 10 * Unit, payer);
        for (var time = 0; time < times; time++)
        {
            Fail(shop, "merchant", how);
        }

        await AskUntilAsync(() => RefundAsync(shop, came));

        await world.UntilAfterSweepsAsync(
            async () => (await FindAsync(shop, came)).Status == UnmatchedReceiptStatus.Refunded
                && await shop.BookAsync() is { Unallocated: 0, Refunds: 0, OnLedger: 0 },
            "it has gone back");
        shop.BalanceOf(payer).ShouldBe(10 * Unit);
        TypesOf(shop, came).ShouldBe(["unmatched_receipt.created", "unmatched_receipt.updated", "unmatched_receipt.refunded"]);
    }

    [Fact]
    public async Task A_parked_payment_of_a_session_is_no_receipt_when_it_is_taken_in_and_a_line_that_nobody_could_read_is_one()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var session = await shop.NewSessionAsync(1_000);
        var room = await ReceiptAsync(shop, 1_000);
        // More than there can be with what is there: the merchant parks it, the session is paid by it.
        var poison = shop.Pay(long.MaxValue, session.Id.Value);
        await shop.UntilPaidAsync(session.Id);
        await ParkedAsync(shop, poison.PagingToken);
        (await RefundAsync(shop, room)).IsSuccess.ShouldBeTrue();
        await shop.UntilBookAsync(book => book.OnLedger == 0, "there is room");

        (await shop.Control.RetryParkedAsync(poison.PagingToken, Operator)).Value.ShouldBe(1);
        await shop.UntilBookAsync(book => book is { Unallocated: 0, OnLedger: long.MaxValue }, "its session has judged it");
        (await ListAsync(shop)).ShouldHaveSingleItem().Id.ShouldBe(room.Id);

        // Nobody could say whom it names when it came: no session was given it, whatever its memo.
        var line = world.Network.AddUnread($"raw of {shop.Id}", shop.Address);
        await ParkedAsync(shop, line.PagingToken);
        world.Network.ReadableNow[line.Raw] =
        [
            new LedgerOperation(
                line.PagingToken, new string('b', 64), null, true, "payment", world.Network.NewOutsider(), shop.Address,
                new Amount(Asset.Parse("native"), 5 * Unit), session.Id.Value, line.Ledger, world.Business.GetUtcNow(), MemoType: "text"),
        ];
        (await shop.Control.RetryParkedAsync(line.PagingToken, Operator)).Value.ShouldBe(1);
        (await ListAsync(shop)).Select(each => (each.Stroops, each.Reason)).ShouldBe(
            [(1_000, UnmatchedReason.NoMemo), (5 * Unit, UnmatchedReason.MemoUnknown)]);
    }

    [Fact]
    public async Task What_is_said_of_a_part_of_a_line_that_was_read_later_waits_for_nothing_that_comes_after_it()
    {
        var world = await shared.ForTestAsync();
        var shop = await TestMerchant.OpenAsync(world);
        var session = await shop.NewSessionAsync(1_000);
        var line = world.Network.AddUnread($"parts of {shop.Id}", shop.Address);
        await ParkedAsync(shop, line.PagingToken);
        var part = new LedgerOperation(
            line.PagingToken, new string('c', 64), null, true, "payment", world.Network.NewOutsider(), shop.Address,
            new Amount(Asset.Parse(world.Network.Usdc), 10 * Unit), null, line.Ledger, world.Business.GetUtcNow());
        world.Network.ReadableNow[line.Raw] = [part with { Amount = part.Amount!.Value with { Stroops = 3 * Unit } }, part];
        (await shop.Control.RetryParkedAsync(line.PagingToken, Operator)).Value.ShouldBe(1);
        var second = (await UntilAsync(shop, each => each.Stroops == 10 * Unit))!;

        // Nothing comes to the merchant any more.
        (await shop.Grain.AssignReceiptAsync(shop.Id, second.Id, session.Id)).IsSuccess.ShouldBeTrue();

        await shop.UntilPaidAsync(session.Id);
        await shop.UntilBookAsync(book => book is { Unallocated: 3 * Unit, Available: 99 * Unit / 10 }, "it is sold");
    }

    private static void Fail(TestMerchant shop, string state, Failing how) =>
        shop.World.Storage.FailNextWrite(state, how, json => json.Contains(shop.Address, StringComparison.Ordinal));

    // Who hears nothing asks again.
    private static async Task AskUntilAsync(Func<Task<Result<UnmatchedReceipt>>> ask)
    {
        Result<UnmatchedReceipt>? answer = null;
        await TestWorld.UntilAsync(
            async () =>
            {
                try
                {
                    answer = await ask();
                }
                catch (Exception failed) when (failed.Message.Length > 0 && answer is null)
                {
                    return false;
                }

                return answer.IsSuccess;
            },
            "it is decided");
    }

    private static Task ParkedAsync(TestMerchant shop, long token) => TestWorld.UntilAsync(
        async () => (await shop.World.Port<IParkedRows>().FindAsync(token, Cancelled)).Count == 1, "it is parked");

    private static string[] TypesOf(TestMerchant shop, UnmatchedReceipt receipt) =>
        [.. shop.EventsOf(receipt.Id.Value).Where(each => (string?)each["owner"] == shop.Id.Value).Select(each => (string)each["type"]!)];

    private static Task<Result<UnmatchedReceipt>> RefundAsync(TestMerchant shop, UnmatchedReceipt receipt) =>
        shop.Grain.RefundReceiptAsync(shop.Id, receipt.Id, Cancelled);

    private static async Task<UnmatchedReceipt> ReceiptAsync(TestMerchant shop, long stroops, string? from = null, string? asset = null)
    {
        var paid = shop.Pay(stroops, from: from, asset: asset);
        return (await UntilAsync(shop, each => each.Place.Token == paid.PagingToken))!;
    }

    private static async Task<UnmatchedReceipt> FindAsync(TestMerchant shop, UnmatchedReceipt receipt) =>
        (await shop.World.Port<IUnmatchedReceipts>().FindAsync(shop.Id, receipt.Id, Cancelled))!;

    // Oldest first.
    private static async Task<IReadOnlyList<UnmatchedReceipt>> ListAsync(TestMerchant shop) =>
    [
        .. (await shop.World.Port<IUnmatchedReceipts>().ListAsync(new ReceiptQuery(shop.Id, null, null, null, 100), Cancelled)).Reverse(),
    ];

    private static async Task<UnmatchedReceipt> UntilAsync(TestMerchant shop, Func<UnmatchedReceipt, bool> isIt)
    {
        UnmatchedReceipt? found = null;
        await TestWorld.UntilAsync(async () => (found = (await ListAsync(shop)).SingleOrDefault(isIt)) is not null, "it is there");
        return found!;
    }

    private static async Task<UnmatchedReceipt> UntilAsync(TestMerchant shop, UnmatchedReceipt receipt, UnmatchedReceiptStatus status)
    {
        await TestWorld.UntilAsync(
            async () => await FindAsync(shop, receipt) is var now && now.Status == status && now.Sequence > receipt.Sequence, $"it is {status}");
        return await FindAsync(shop, receipt);
    }
}

[Trait("Length", "long")]
public sealed class MemoryDecidedReceiptTests(SharedWorld shared) : DecidedReceiptTests(shared), IClassFixture<SharedWorld>;

public sealed class PostgresDecidedReceiptTests(SharedPostgresWorld shared)
    : DecidedReceiptTests(shared), IClassFixture<SharedPostgresWorld>;

using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Merchants;

/// <summary>What came to a merchant's address and names nobody: it stays his to decide about, once.</summary>
public abstract class UnmatchedReceiptTests(SharedWorld shared)
{
    private const long Unit = TestMerchant.Unit;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_names_nobody_is_in_the_list_with_the_reason_and_is_nobodys_to_spend()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var stranger = await TestMerchant.OpenAsync(shop.World);
        var (session, others) = (await shop.NewSessionAsync(1_000), await stranger.NewSessionAsync(1_000));
        var sender = shop.World.Network.NewOutsider();

        var bare = shop.Pay(1 * Unit, from: sender);
        shop.Pay(2 * Unit, "invoice 7");
        shop.Pay(3 * Unit, others.Id.Value);
        shop.Pay(4 * Unit, memo: $"{others.Id.Number}", memoType: "id");
        shop.Pay(5 * Unit, muxed: MuxedOf(shop, 42));
        shop.Pay(6 * Unit, session.Id.Value, muxed: MuxedOf(shop, 42));
        shop.Pay(7 * Unit, session.Id.Value.ToUpperInvariant());

        var receipts = await UntilAsync(shop, 7);
        receipts.Select(each => (each.Stroops / Unit, each.Reason)).ShouldBe([
            (1, UnmatchedReason.NoMemo), (2, UnmatchedReason.MemoUnknown), (3, UnmatchedReason.MemoUnknown),
            (4, UnmatchedReason.MemoUnknown), (5, UnmatchedReason.MuxedIdUnknown), (6, UnmatchedReason.NamesDiffer),
            (7, UnmatchedReason.MemoUnknown),
        ]);
        receipts.ShouldAllBe(each => each.Status == UnmatchedReceiptStatus.Unmatched && each.Payments == 1);
        (receipts[0].TransactionHash, receipts[0].Sender, receipts[0].Ledger, receipts[0].Id.Place.Token)
            .ShouldBe((bare.TransactionHash, sender, bare.Ledger, bare.PagingToken));
        (await shop.BookAsync()).ShouldSatisfyAllConditions(
            book => (book.Unallocated, book.Available, book.OnLedger).ShouldBe((28 * Unit, 0, 28 * Unit)));
        TypesOf(shop, receipts[0]).ShouldBe(["unmatched_receipt.created"]);
        (await shop.ViewAsync(session.Id)).PaymentCount.ShouldBe(0);
    }

    [Fact]
    public async Task What_names_a_session_is_none_and_what_came_before_the_session_was_there_is_one()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var id = PaymentSessionId.New(TimeProvider.System);
        // As by a payer who was shown it before it was stored.
        shop.Pay(3 * Unit, id.Value);
        var early = (await UntilAsync(shop, 1))[0];
        (await shop.CreateAsync(id, shop.Order(1_000))).Error.ShouldBeNull();
        shop.Pay(1 * Unit, id.Value);
        shop.Pay(2 * Unit, memo: $"{id.Number}", memoType: "id");
        shop.Pay(1 * Unit, muxed: shop.MuxedOf(id));
        await shop.UntilAsync(id, view => view.PaymentCount == 3, "three name it");

        (await ListAsync(shop)).ShouldHaveSingleItem().Reason.ShouldBe(UnmatchedReason.MemoUnknown);
        (await shop.Grain.AssignReceiptAsync(shop.Id, early.Id, id)).Value!.Session.ShouldBe(id.Value);
        await shop.UntilBookAsync(book => book is { Unallocated: 0, Pending: 7 * Unit }, "all of it counts");
    }

    [Fact]
    public async Task A_top_up_is_available_without_a_fee_and_is_decided_once()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var stranger = await TestMerchant.OpenAsync(shop.World);
        var session = await shop.NewSessionAsync(1_000);
        shop.Pay(5 * Unit);
        var receipt = (await UntilAsync(shop, 1))[0];

        (await stranger.Grain.TopUpReceiptAsync(stranger.Id, receipt.Id)).Error!.Code.ShouldBe("unmatched_receipt_not_found");
        (await shop.Grain.TopUpReceiptAsync(stranger.Id, receipt.Id)).Error!.Code.ShouldBe("merchant_not_found");
        var all = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => shop.Grain.TopUpReceiptAsync(shop.Id, receipt.Id)));

        all.Select(each => each.Value!.Status).Distinct().ShouldBe([UnmatchedReceiptStatus.Topup]);
        (await shop.BookAsync()).ShouldSatisfyAllConditions(
            book => (book.Available, book.Unallocated, book.Fees, book.OnLedger).ShouldBe((5 * Unit, 0, 0, 5 * Unit)));
        (await shop.Grain.AssignReceiptAsync(shop.Id, receipt.Id, session.Id)).Error!.Code.ShouldBe("unmatched_receipt_decided");
        (await RefundAsync(shop, receipt)).Error!.Code.ShouldBe("unmatched_receipt_decided");
        TypesOf(shop, receipt).ShouldBe(["unmatched_receipt.created", "unmatched_receipt.topped_up"]);
        ToppedUp(shop).ShouldBe([(receipt.Id.Value, "5.0000000")]);
    }

    [Fact]
    public async Task What_comes_by_the_merchants_own_memo_or_number_is_his_at_once()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var stranger = await TestMerchant.OpenAsync(shop.World);
        var session = await shop.NewSessionAsync(1_000);

        shop.Pay(1 * Unit, shop.Id.Value);
        shop.Pay(2 * Unit, memo: $"{shop.Id.Number}", memoType: "id");
        shop.Pay(4 * Unit, muxed: MuxedOf(shop, (ulong)shop.Id.Number));
        shop.Pay(1, shop.Id.Value);
        await shop.UntilBookAsync(book => book.OnLedger == (7 * Unit) + 1, "it came");

        (await shop.BookAsync()).ShouldSatisfyAllConditions(
            book => (book.Available, book.Fees, book.Unallocated).ShouldBe(((7 * Unit) + 1, 0, 0)));
        (await ListAsync(shop)).ShouldBeEmpty();
        // Neither another's, nor where the other name is a session's: whose it is, nobody can say.
        shop.Pay(8 * Unit, stranger.Id.Value);
        shop.Pay(9 * Unit, shop.Id.Value, muxed: shop.MuxedOf(session.Id));
        shop.Pay(10 * Unit, session.Id.Value, muxed: MuxedOf(shop, (ulong)shop.Id.Number));
        (await UntilAsync(shop, 3)).Select(each => each.Reason).ShouldBe(
            [UnmatchedReason.MemoUnknown, UnmatchedReason.NamesDiffer, UnmatchedReason.NamesDiffer]);
        (await shop.ViewAsync(session.Id)).PaymentCount.ShouldBe(0);
    }

    [Fact]
    public async Task Dust_of_an_asset_is_one_receipt_of_which_nobody_is_told_until_it_is_a_top_up()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var session = await shop.NewSessionAsync(1_000);
        shop.Pay(1, operations: 600);
        shop.Pay(999, "hello");
        shop.Pay(5, asset: "native");
        await shop.UntilBookAsync(book => book.Unallocated == 1_599, "it came");
        await shop.UntilBookAsync(book => book.Unallocated == 5, "that too", "native");

        var receipts = await ListAsync(shop);
        receipts.OrderByDescending(each => each.Stroops).Select(each => (each.Stroops, each.Payments, each.Reason, each.Memo, each.Sender))
            .ShouldBe([(1_599, 601, UnmatchedReason.Dust, null, null), (5, 1, UnmatchedReason.Dust, null, null)]);
        var dust = receipts.Single(each => each.Stroops == 1_599);
        TypesOf(shop, dust).ShouldBeEmpty();
        (await shop.Grain.AssignReceiptAsync(shop.Id, dust.Id, session.Id)).Error!.Code.ShouldBe("unmatched_receipt_dust");
        (await RefundAsync(shop, dust)).Error!.Code.ShouldBe("unmatched_receipt_dust");
        (await shop.Grain.TopUpReceiptAsync(shop.Id, dust.Id)).Value!.Status.ShouldBe(UnmatchedReceiptStatus.Topup);
        shop.Pay(7);
        await shop.UntilBookAsync(book => book is { Unallocated: 7, Available: 1_599 }, "more is another receipt");
        (await ListAsync(shop)).Count(each => each.Reason == UnmatchedReason.Dust).ShouldBe(3);
    }

    [Fact]
    public async Task Of_much_for_little_a_hundred_a_day_are_told_and_then_one_an_hour_and_the_state_does_not_grow()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        shop.Pay(1_000, operations: ReceiptBook.MostToldADay + 50);
        await UntilAsync(shop, ReceiptBook.MostToldADay + 50);

        Told(shop).ShouldBe(ReceiptBook.MostToldADay);
        shop.Pass(TimeSpan.FromHours(1));
        shop.Pay(1_000, operations: 5);
        await UntilAsync(shop, ReceiptBook.MostToldADay + 55);
        Told(shop).ShouldBe(ReceiptBook.MostToldADay + 1);
        shop.Pay(TestMerchant.Unit);
        shop.Pay(2 * TestMerchant.Unit - 1);
        shop.Pay(2 * TestMerchant.Unit);
        await UntilAsync(shop, ReceiptBook.MostToldADay + 58);
        Told(shop).ShouldBe(ReceiptBook.MostToldADay + 3, "what is great is not hidden by what is little");
        shop.World.Storage.Stored(MerchantState.Name, shop.Id.Value).ToJsonString().Length.ShouldBeLessThan(4_096);
        shop.World.Storage.Rows(MerchantState.Name, shop.Id.Value).ShouldBeEmpty();
    }

    private static int Told(TestMerchant shop) =>
        shop.World.Storage.Events.Count(each => (string?)each["type"] == "unmatched_receipt.created" && (string?)each["owner"] == shop.Id.Value);

    private static (string?, string)[] ToppedUp(TestMerchant shop) =>
    [
        .. shop.EventsOf(shop.Id.Value).Where(each => (string?)each["type"] == "merchant.topped_up")
            .Select(each => ((string?)each["data"]!["receipt"], (string)each["data"]!["amount"]!)),
    ];

    private static string[] TypesOf(TestMerchant shop, UnmatchedReceipt receipt) =>
        [.. shop.EventsOf(receipt.Id.Value).Where(each => (string?)each["owner"] == shop.Id.Value).Select(each => (string)each["type"]!)];

    private static Task<Result<UnmatchedReceipt>> RefundAsync(TestMerchant shop, UnmatchedReceipt receipt) =>
        shop.Grain.RefundReceiptAsync(shop.Id, receipt.Id, Cancelled);

    private static string MuxedOf(TestMerchant shop, ulong id) => new MuxedAccount(AccountId.Parse(shop.Address), id).ToString();

    // Oldest first.
    private static async Task<IReadOnlyList<UnmatchedReceipt>> ListAsync(TestMerchant shop) =>
    [
        .. (await shop.World.Port<IUnmatchedReceipts>().ListAsync(new ReceiptQuery(shop.Id, null, null, null, 1_000), Cancelled)).Reverse(),
    ];

    private static async Task<IReadOnlyList<UnmatchedReceipt>> UntilAsync(TestMerchant shop, int count)
    {
        await TestWorld.UntilAsync(async () => (await ListAsync(shop)).Count == count, $"{count} receipts are there");
        return await ListAsync(shop);
    }
}

[Trait("Length", "long")]
public sealed class MemoryUnmatchedReceiptTests(SharedWorld shared) : UnmatchedReceiptTests(shared), IClassFixture<SharedWorld>;

public sealed class PostgresUnmatchedReceiptTests(SharedPostgresWorld shared)
    : UnmatchedReceiptTests(shared), IClassFixture<SharedPostgresWorld>;

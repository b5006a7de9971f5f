using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Network;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Merchants;

/// <summary>
/// Unmatched receipts as they are stored: with the state of their merchant or not at all. The bugs kept away: one that is entered twice, as
/// by a ledger that is delivered again, and one that is decided twice by two who have read it.
/// </summary>
public abstract class ReceiptStorageTests(SharedWorld shared)
{
    private static readonly DateTimeOffset ClosedAt = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_there_already_refuses_the_write_that_enters_it_again()
    {
        var shop = new Stored(await shared.ForTestAsync());
        await shop.WriteAsync(tier: 1, marks => marks.Receipts.AddRange([Of(1), Of(2)]));

        await shop.RefusedAsync(tier: 2, marks => marks.Receipts.AddRange([Of(3), Of(2)]));

        (await shop.AllAsync()).Select(each => each.Place.Number).ShouldBe([2, 1]);
        shop.Tier.ShouldBe(1);
        // The same place is another merchant's too, where he pays him: each has what he received.
        var other = new Stored(await shared.ForTestAsync());
        await other.WriteAsync(tier: 1, marks => marks.Receipts.Add(Of(1)));
        (await other.AllAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_receipt_moves_from_where_it_stands_and_never_from_where_it_has_gone()
    {
        var shop = new Stored(await shared.ForTestAsync());
        await shop.WriteAsync(tier: 1, marks => marks.Receipts.AddRange([Of(1), Of(2)]));
        var (first, second) = (Of(1), Of(2));
        var topup = first with { Status = UnmatchedReceiptStatus.Topup, DecidedAt = ClosedAt, Sequence = 2 };

        foreach (var move in new[]
        {
            new ReceiptMove(UnmatchedReceiptStatus.Refunding, topup),
            new ReceiptMove(UnmatchedReceiptStatus.Unmatched, topup with { Stroops = 1 }),
            new ReceiptMove(UnmatchedReceiptStatus.Unmatched, topup with { Place = new LedgerPlace(7, 9) }),
        })
        {
            // With one that could move: all of it is refused.
            var right = new ReceiptMove(UnmatchedReceiptStatus.Unmatched, second with { Status = UnmatchedReceiptStatus.Topup });
            await shop.RefusedAsync(tier: 2, marks => marks.ReceiptMoves.AddRange([right, move]));
        }

        (await shop.AllAsync()).ShouldBe([second, first]);
        await shop.WriteAsync(tier: 3, marks => marks.ReceiptMoves.Add(new ReceiptMove(UnmatchedReceiptStatus.Unmatched, topup)));
        await shop.RefusedAsync(tier: 4, marks => marks.ReceiptMoves.Add(new ReceiptMove(UnmatchedReceiptStatus.Topup, first)));
        (await shop.AllAsync()).ShouldBe([second, topup]);
        shop.Tier.ShouldBe(3);
    }

    [Fact]
    public async Task Dust_is_added_to_the_dust_that_waits_and_to_none_that_was_decided()
    {
        var shop = new Stored(await shared.ForTestAsync());
        await shop.WriteAsync(tier: 1, marks => marks.Receipts.AddRange([Dust(1, "native"), Dust(2, "USDC-GX")]));
        await shop.WriteAsync(tier: 1, marks => marks.Receipts.Add(Dust(3, "native")));
        var sum = (await shop.AllAsync()).Single(each => each.Asset == "native");
        (sum.Place.Number, sum.Stroops, sum.Payments).ShouldBe((1, 20, 4));

        // Somebody has read it before the last was added.
        await shop.RefusedAsync(
            tier: 2, marks => marks.ReceiptMoves.Add(
                new ReceiptMove(UnmatchedReceiptStatus.Unmatched, Dust(1, "native") with { Status = UnmatchedReceiptStatus.Topup })));
        await shop.WriteAsync(
            tier: 2, marks => marks.ReceiptMoves.Add(
                new ReceiptMove(UnmatchedReceiptStatus.Unmatched, sum with { Status = UnmatchedReceiptStatus.Topup })));
        await shop.WriteAsync(tier: 3, marks => marks.Receipts.Add(Dust(4, "native")));

        (await shop.AllAsync()).Where(each => each.Asset == "native").Select(each => (each.Place.Number, each.Stroops, each.Status))
            .ShouldBe([(4, 10, UnmatchedReceiptStatus.Unmatched), (1, 20, UnmatchedReceiptStatus.Topup)]);
    }

    private static UnmatchedReceipt Of(int number) => new(
        new LedgerPlace(7, number), "native", 5_000, 1, UnmatchedReason.NoMemo, UnmatchedReceiptStatus.Unmatched, ClosedAt, 1);

    private static UnmatchedReceipt Dust(int number, string asset) => new(
        new LedgerPlace(7, number), asset, 10, 2, UnmatchedReason.Dust, UnmatchedReceiptStatus.Unmatched, ClosedAt, 1);

    /// <summary>A merchant's state, without his grain.</summary>
    private sealed class Stored(TestWorld world)
    {
        private readonly MerchantId _id = MerchantId.New(TimeProvider.System);
        private GrainState<MerchantState> _state = new(new MerchantState());

        public int Tier => (int?)world.Storage.Stored(MerchantState.Name, _id.Value)["tier"] ?? 0;

        public async Task WriteAsync(int tier, Action<InboxMarks> mark)
        {
            var state = new MerchantState { Tier = tier };
            mark(((IInboxState)state).Marks());
            var storage = world.Cluster.Silos[0].ServiceProvider.GetRequiredKeyedService<IGrainStorage>(GrainState.HotProvider);
            var written = new GrainState<MerchantState>(state) { ETag = _state.ETag, RecordExists = _state.RecordExists };
            await storage.WriteStateAsync(MerchantState.Name, GrainId.Create("merchant", _id.Value), written);
            _state = written;
        }

        public async Task RefusedAsync(int tier, Action<InboxMarks> mark) =>
            (await Should.ThrowAsync<Exception>(() => WriteAsync(tier, mark))).ShouldNotBeOfType<InconsistentStateException>();

        public Task<IReadOnlyList<UnmatchedReceipt>> AllAsync() => world.Port<IUnmatchedReceipts>().ListAsync(
            new ReceiptQuery(_id, null, null, null, 100), Cancelled);
    }
}

[Trait("Length", "long")]
public sealed class MemoryReceiptStorageTests(SharedWorld shared) : ReceiptStorageTests(shared), IClassFixture<SharedWorld>;

public sealed class PostgresReceiptStorageTests(SharedPostgresWorld shared)
    : ReceiptStorageTests(shared), IClassFixture<SharedPostgresWorld>;

using StellarPay.Grains.Faults;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Network;

public abstract class FollowerTests(SharedWorld shared)
{
    [Fact]
    public async Task The_follower_waits_for_no_wallet_and_one_that_could_not_be_stored_takes_its_rows_later()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("1");
        var follower = world.Grains.GetGrain<IFollowerGrain>(IFollowerGrain.Key);
        world.Storage.FailNextWriteOf(user, Failing.BeforeTheWrite);

        world.Network.Issue(await user.AddressAsync(), 5);
        await user.UntilBalanceAsync(10_000_005);

        var last = world.Network.Look(l => l.Operations[^1]);
        await TestWorld.UntilAsync(
            async () => await follower.GetStatusAsync() is { Running: true } status
                && status.Cursor >= last.PagingToken && status.LastLedger >= last.Ledger,
            "the follower has read all");
    }

    [Fact]
    public async Task What_is_delivered_while_a_wallet_drains_is_taken_in_without_a_sweep()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync();
        var address = await user.AddressAsync();
        var (reached, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Faults.Arm(FaultPoint.PaymentSettling, _ =>
        {
            reached.SetResult();
            return released.Task;
        });
        world.Network.Issue(address, 5);
        await reached.Task;

        world.Network.Issue(address, 7);
        var owner = new LedgerOwner(GrainState.Wallet, user.Key);
        await TestWorld.UntilAsync(
            async () => (await world.Port<ILedgerInbox>().ReadAsync(owner, 10, TestContext.Current.CancellationToken)).Entries.Count == 2,
            "both wait in the inbox");
        // Follows the follower's poke, which may be on its way still.
        await world.Grains.GetGrain<IWalletInternal>(user.Key).PokeAsync();
        released.SetResult();

        await user.UntilBalanceAsync(12);
    }

    [Fact]
    public async Task A_follower_that_comes_late_writes_nothing_and_credits_nobody_twice()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync();
        var inbox = world.Port<ILedgerInbox>();
        var before = await inbox.GetWatermarkAsync(TestContext.Current.CancellationToken);
        world.Network.Issue(await user.AddressAsync(), 5);
        await user.UntilBalanceAsync(5);
        var credit = world.Network.Look(l => l.Operations.Last(o => o.Amount?.Stroops == 5));

        var delivered = await inbox.DeliverAsync(
            new LedgerDelivery(
                before, world.Network.Look(l => l.MarkOf(l.Sequence)), new Dictionary<long, string>(),
                [new LedgerEntry(new LedgerPlace(credit.PagingToken, 0), Movement: credit)], []),
            TestContext.Current.CancellationToken);

        delivered.ShouldBeNull();
        (await user.UsdcAsync()).Balance.ShouldBe(5);
        world.EventsOf("wallet.credited").Length.ShouldBe(1);
    }

    [Fact]
    public async Task An_operation_between_two_wallets_reaches_both_and_one_between_strangers_nobody()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = await world.NewUserAsync();
        world.Network.Issue(world.Network.NewOutsider(), 500);

        await payer.PayAsync(await payee.AddressAsync(), "4");

        await payer.UntilBalanceAsync(60_000_000);
        await payee.UntilBalanceAsync(40_000_000);
        world.EventsOf("wallet.credited").Length.ShouldBe(2);
    }

    [Fact]
    public async Task Starting_twice_reads_once()
    {
        var world = await shared.ForTestAsync();
        await world.Grains.GetGrain<IFollowerInternal>(IFollowerGrain.Key).StartAsync();
        var user = await world.NewUserAsync("1");

        world.Network.Issue(await user.AddressAsync(), 5);
        await user.UntilBalanceAsync(10_000_005);

        world.EventsOf("wallet.credited").Length.ShouldBe(2);
    }
}

public sealed class FollowerInMemoryTests(SharedWorld shared) : FollowerTests(shared), IClassFixture<SharedWorld>;

public sealed class FollowerOnPostgresTests(SharedPostgresWorld shared) : FollowerTests(shared), IClassFixture<SharedPostgresWorld>;

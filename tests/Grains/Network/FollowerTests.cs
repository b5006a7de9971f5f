using StellarPay.Grains.Network;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Network;

public abstract class FollowerTests(SharedWorld shared)
{
    [Fact]
    public async Task The_cursor_moves_only_after_every_wallet_has_its_operations()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("1");
        var follower = world.Grains.GetGrain<IFollowerGrain>(IFollowerGrain.Key);
        world.Storage.FailNextWrite(GrainState.Wallet, Failing.BeforeTheWrite);

        world.Network.Issue(await user.AddressAsync(), 5);
        await user.UntilBalanceAsync(10_000_005);

        var last = world.Network.Look(l => l.Operations[^1]);
        await TestWorld.UntilAsync(
            async () => await follower.GetStatusAsync() is { Running: true } status
                && status.Cursor >= last.PagingToken && status.LastLedger >= last.Ledger,
            "the follower has read all");
    }

    [Fact]
    public async Task Operations_that_come_again_change_nothing()
    {
        await using var world = await shared.StartOwnAsync();
        var user = await world.NewUserAsync("1");
        var revision = (await user.ViewAsync()).Revision;

        var all = world.Network.Look(l => l.Operations.ToArray());
        await user.Wallet.ApplyOperationsAsync(all);
        await user.Wallet.ApplyOperationsAsync(all);

        (await user.UsdcAsync()).Balance.ShouldBe(10_000_000);
        (await user.ViewAsync()).Revision.ShouldBe(revision);
    }

    [Fact]
    public async Task A_cursor_that_could_not_be_stored_makes_the_operations_come_again_and_does_no_harm()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("1");
        var follower = world.Grains.GetGrain<IFollowerGrain>(IFollowerGrain.Key);
        world.Storage.FailNextWrite(GrainState.Follower, Failing.BeforeTheWrite);

        world.Network.Issue(await user.AddressAsync(), 5);
        await user.UntilBalanceAsync(10_000_005);
        world.Network.Issue(await user.AddressAsync(), 7);
        await TestWorld.UntilAsync(async () =>
        {
            await follower.StartAsync();
            return (await user.UsdcAsync()).Balance == 10_000_012;
        }, "the follower goes on");

        world.EventsOf("wallet.credited").Length.ShouldBe(3);
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
        await world.Grains.GetGrain<IFollowerGrain>(IFollowerGrain.Key).StartAsync();
        var user = await world.NewUserAsync("1");

        world.Network.Issue(await user.AddressAsync(), 5);
        await user.UntilBalanceAsync(10_000_005);

        world.EventsOf("wallet.credited").Length.ShouldBe(2);
    }
}

public sealed class FollowerInMemoryTests(SharedWorld shared) : FollowerTests(shared), IClassFixture<SharedWorld>;

public sealed class FollowerOnPostgresTests(SharedPostgresWorld shared) : FollowerTests(shared), IClassFixture<SharedPostgresWorld>;

using StellarPay.Grains.Network;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Network;

public sealed class ResetTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(1_025)]
    [InlineData(100_000)]
    public async Task A_network_that_began_again_stops_everything_that_pays(long ledgers)
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        var destination = world.Network.NewOutsider();

        world.Network.BeginAgain(ledgers);
        await TestWorld.UntilAsync(() => world.Halts.InForce is not null, "everything that pays is stopped");

        world.Halts.InForce!.Code.ShouldBe("network_reset");
        await TestWorld.UntilAsync(
            async () => (await user.QuoteAsync(destination, "1")).Error?.Code == "network_halted", "quotes are refused");
        await TestWorld.UntilAsync(async () => (await Follower(world).GetStatusAsync()).HaltReason is not null, "the follower says why");
        (await user.UsdcAsync()).Balance.ShouldBe(100_000_000);
        await TestWorld.UntilAsync(
            () => world.Log.Lines.Any(
                line => line.StartsWith("Critical", StringComparison.Ordinal) && line.Contains(" 1330 ", StringComparison.Ordinal)),
            "an operator is told");
    }

    [Fact]
    public async Task Who_resumes_on_a_network_that_is_still_another_is_stopped_again_and_nothing_of_it_is_taken()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        var address = await user.AddressAsync();
        var follower = await Follower(world).GetStatusAsync();
        world.Network.BeginAgain(100_000);
        await TestWorld.UntilAsync(() => world.Halts.InForce is not null, "everything that pays is stopped");

        world.Network.Look(ledger => ledger.Accounts[address] = new FakeAccount
        {
            Trustlines = { [world.Network.Usdc] = new FakeTrustline() },
        });
        world.Network.Issue(address, 5);
        await world.Halts.ResumeAsync("usr_1", DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        await TestWorld.UntilAsync(() => world.Halts.InForce is not null, "everything that pays is stopped again");

        (await user.UsdcAsync()).Balance.ShouldBe(100_000_000);
        (await Follower(world).GetStatusAsync()).LastLedger.ShouldBeLessThan(2_000);
        follower.HaltReason.ShouldBeNull();
    }

    [Fact]
    public async Task A_replica_that_is_behind_is_no_other_network_and_only_a_lag()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("1");
        var read = (await Follower(world).GetStatusAsync()).LastLedger;

        world.Network.Look(_ => world.Network.Behind = 4);
        await TestWorld.UntilAsync(
            async () => await Follower(world).GetStatusAsync() is { LatestLedger: var latest } && latest < read + 1, "the follower sees it");
        world.Network.Look(_ => world.Network.Behind = 0);
        world.Network.Issue(await user.AddressAsync(), 5);
        await user.UntilBalanceAsync(10_000_005);

        world.Halts.InForce.ShouldBeNull();
    }

    [Fact]
    public async Task What_has_not_been_read_yet_shows_as_lag_and_is_caught_up_with()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("1");
        world.Network.HoldFeed(true);
        for (var i = 0; i < 60; i++)
        {
            world.Network.Issue(await user.AddressAsync(), 1_000);
        }

        world.Network.HoldFeed(false);
        await user.UntilBalanceAsync(10_060_000);

        await TestWorld.UntilAsync(
            async () => await Follower(world).GetStatusAsync() is { LagLedgers: 0, LagSeconds: 0, LatestLedger: > 1_060 }, "the lag is gone");
        world.EventsOf("wallet.credited").Length.ShouldBe(61);
    }

    private static IFollowerGrain Follower(TestWorld world) => world.Grains.GetGrain<IFollowerGrain>(IFollowerGrain.Key);
}

using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Network;

/// <summary>What strangers send by the stroop.</summary>
public sealed class DustTests
{
    [Fact]
    public async Task A_strangers_dust_is_one_event_a_drain_and_not_one_for_each_stroop()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync();
        var address = await user.AddressAsync();
        world.Network.HoldFeed(true);
        for (var n = 0; n < 200; n++)
        {
            world.Network.Issue(address, 1);
        }

        world.Network.HoldFeed(false);
        await user.UntilBalanceAsync(200);

        // In how many drains they come depends on how many ledgers the follower reads at once: 20 here.
        world.EventsOf("wallet.credited").Length.ShouldBeLessThan(100);
    }

    [Fact]
    public async Task A_strangers_dust_to_an_account_of_the_platform_does_not_fill_the_operators_list()
    {
        await using var world = await TestWorld.StartAsync();
        await world.NewUserAsync();
        var fees = (string)world.Storage.Stored(GrainState.Sponsor, world.Storage.Places.First(p => p.State == GrainState.Sponsor).Key)["key"]!["publicKey"]!;
        world.Network.HoldFeed(true);
        for (var n = 0; n < 100; n++)
        {
            world.Network.Look(l =>
            {
                l.Pay(FakeNetwork.NewAddress(), fees, "native", 1);
                return true;
            });
        }

        world.Network.HoldFeed(false);
        await world.SweepUntilAsync(() => ((MemoryStorage)world.Storage).Waiting == 0 && world.Suspense.All.Length > 0, "all of it is drained");

        // Each is a row for ever, and a decision of an operator; it costs the stranger 100 stroops.
        world.Suspense.All.Length.ShouldBeLessThan(50);
    }
}

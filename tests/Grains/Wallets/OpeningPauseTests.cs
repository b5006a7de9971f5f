using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Wallets;

/// <summary>What waits for an operator asks the network less and less often.</summary>
public sealed class OpeningPauseTests
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_wallet_that_waits_for_a_sponsor_without_XLM_asks_the_network_less_and_less_often()
    {
        await using var world = await TestWorld.StartAsync(friendbot: false);
        var user = world.NewUnopenedUser();
        var since = TimeProvider.System.GetTimestamp();
        (await user.OpenAsync()).Error.ShouldBeNull();
        var address = await user.AddressAsync();

        await TestWorld.UntilAsync(
            () => world.Network.AccountsAsked.Count(asked => asked == address) >= 3, "its account was asked for three times");

        // After 1, 2 and 4 seconds; not after each.
        TimeProvider.System.GetElapsedTime(since).ShouldBeGreaterThan(Least);
    }
}

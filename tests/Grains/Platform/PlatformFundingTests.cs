using StellarPay.Grains.Platform;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Platform;

public sealed class PlatformFundingTests
{
    [Fact]
    public async Task An_account_without_XLM_is_looked_at_once_by_all_who_ask_in_a_moment_and_again_a_moment_later()
    {
        await using var world = await TestWorld.StartAsync(follow: false, friendbot: false);
        var account = world.Grains.GetGrain<IFeeAccountGrain>("plt_fees_00");
        for (var n = 0; n < 20; n++)
        {
            (await account.EnsureAsync(TestContext.Current.CancellationToken)).Error!.Code.ShouldBe("platform_account_unfunded");
        }

        var address = world.Network.AccountsAsked.First();
        world.Network.AccountsAsked.Count(asked => asked == address).ShouldBeLessThan(5);

        world.Network.Look(ledger => ledger.Accounts[address] = new FakeAccount { Sequence = 1, Native = 10_000_000_000 });
        await TestWorld.UntilAsync(
            async () => (await account.EnsureAsync(TestContext.Current.CancellationToken)).IsSuccess, "it is seen to be funded");
    }
}

using StellarPay.Grains.Storage;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.World;

/// <summary>Users whose account a stranger created before its sponsor did: the network keeps one XLM of theirs as its reserve.</summary>
internal static class Adopted
{
    public const long Reserve = 10_000_000;

    /// <summary>What one has of XLM, the reserve included.</summary>
    public const long Balance = 100_000_000_000;

    /// <summary>What is said of an amount that lies in it.</summary>
    public const string InReserve = "Of the wallet's XLM, 1.0000000 is the network's reserve and cannot be spent.";

    public static async Task<TestUser> NewAsync(TestWorld world)
    {
        var user = world.NewUnopenedUser();
        await user.CreateAsync();
        var address = (string)world.Storage.Stored(GrainState.Wallet, user.Key)["address"]!;
        world.Network.Look(ledger => ledger.Accounts[address] = new FakeAccount { Sequence = 7, Reserve = Reserve });
        await user.OpenAsync();
        await user.UntilActiveAsync();
        await user.FundAsync();
        await TestWorld.UntilAsync(async () => (await XlmAsync(user)).Balance == Balance, "friendbot's XLM has come");
        return user;
    }

    public static async Task<AssetBalance> XlmAsync(TestUser user) =>
        (await user.ViewAsync()).Balances.Single(balance => balance.Asset.IsNative);
}

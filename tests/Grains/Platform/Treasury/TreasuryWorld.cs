using Microsoft.Extensions.DependencyInjection;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Platform.Treasury;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Platform.Treasury;

/// <summary>A world without friendbot, in which an operator has sent the treasury 10,000 XLM.</summary>
internal static class TreasuryWorld
{
    public const string Fees = "plt_fees_00";
    public const long Xlm = 10_000_000;
    public const long TopUp = 500 * Xlm;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<TestWorld> StartAsync(
        bool follow = false, short silos = 1, Action<IServiceCollection>? with = null)
    {
        var world = await TestWorld.StartAsync(silos, follow, friendbot: false, with: with);
        (await Grain(world).EnsureAsync(Cancelled)).Error!.Code.ShouldBe("platform_account_unfunded");
        Put(world, TreasuryAddress(world), 10_000 * Xlm);
        // As it is from its first day on.
        world.Network.Look(ledger => ledger.Accounts[TreasuryAddress(world)].Trustlines[world.Network.Usdc] = new FakeTrustline());
        (await Grain(world).EnsureAsync(Cancelled)).Value.ShouldBe(TreasuryAddress(world));
        return world;
    }

    public static ITreasuryGrain Grain(TestWorld world) => world.Grains.GetGrain<ITreasuryGrain>(ITreasuryGrain.Key);

    /// <summary>The account has a key, and no XLM; its grain alone asks nobody for any.</summary>
    public static async Task<string> UnfundedAsync(TestWorld world, string account = Fees)
    {
        var error = account == ISuspenseGrain.Key
            ? (await world.Grains.GetGrain<ISuspenseGrain>(account).EnsureAsync(Cancelled)).Error
            : (await world.Grains.GetGrain<IFeeAccountGrain>(account).EnsureAsync(Cancelled)).Error;
        error!.Code.ShouldBe("platform_account_unfunded");
        return AddressOf(world, account == ISuspenseGrain.Key ? GrainState.Suspense : GrainState.FeeAccount, account);
    }

    public static string TreasuryAddress(TestWorld world) => AddressOf(world, GrainState.Treasury, ITreasuryGrain.Key);

    public static void Put(TestWorld world, string address, long stroops) => world.Network.Look(ledger =>
    {
        if (!ledger.Accounts.TryGetValue(address, out var account))
        {
            ledger.Accounts[address] = account = new FakeAccount { Sequence = ledger.Sequence << 32 };
        }

        return account.Native = stroops;
    });

    public static long Has(TestWorld world, string address) =>
        world.Network.Look(l => l.Accounts.TryGetValue(address, out var account) ? account.Native : 0);

    public static long TreasuryHas(TestWorld world) => Has(world, TreasuryAddress(world));

    public static Task UntilHasAsync(TestWorld world, string address, long stroops) =>
        TestWorld.UntilAsync(() => Has(world, address) == stroops, $"{address} has {stroops}");

    public static Task UntilIdleAsync(TestWorld world) => TestWorld.UntilAsync(
        () => world.Storage.Stored(GrainState.Treasury, ITreasuryGrain.Key)["submission"] is null, "the treasury has nothing under way");

    private static string AddressOf(TestWorld world, string stateName, string account) =>
        (string)world.Storage.Stored(stateName, account)["key"]!["publicKey"]!;
}

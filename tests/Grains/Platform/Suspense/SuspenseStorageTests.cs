using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Tests.Shared;

namespace StellarPay.Grains.Tests.Platform.Suspense;

/// <summary>The write that takes a deposit's row out of the inbox enters it in the list, in PostgreSQL too.</summary>
public sealed class SuspenseStorageTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_deposit_whose_write_failed_is_suspended_once(Failing how)
    {
        await using var world = await TestWorld.StartAsync(storage: new PostgresStorage(database));
        (await SuspenseTests.Grain(world).EnsureAsync(Cancelled)).IsSuccess.ShouldBeTrue();
        world.Storage.FailNextWrite(GrainState.Suspense, how, json => json.Contains("\"suspended\"", StringComparison.Ordinal));

        var (account, sender) = await SuspenseTests.PayInAsync(world);

        await TestWorld.UntilAsync(async () => (await AllAsync(world)).Count > 0, "the deposit is suspended");
        var deposit = (await AllAsync(world)).ShouldHaveSingleItem();
        (deposit.Account, deposit.Sender, deposit.Memo, deposit.Status).ShouldBe((account, sender, "order 7", SuspenseStatus.Open));
    }

    private static Task<IReadOnlyList<SuspendedDeposit>> AllAsync(TestWorld world) =>
        world.Port<ISuspense>().ListAsync(status: null, before: null, 10, Cancelled);
}

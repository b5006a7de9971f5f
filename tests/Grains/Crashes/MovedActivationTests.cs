using Orleans.Core.Internal;
using Orleans.Runtime.Placement;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Crashes;

/// <summary>An activation that failed to store what it decided is moved to another silo (design §2: it refuses to migrate).</summary>
public sealed class MovedActivationTests
{
    [Fact]
    public async Task A_payment_that_could_not_be_stored_is_not_sent_by_the_silo_to_which_its_wallet_moved()
    {
        await using var world = await TestWorld.StartAsync(silos: 2);
        var payer = await world.NewUserAsync("10");
        var shop = world.Network.NewOutsider();
        var there = Other(world, payer);
        var (asked, answer) = (Signal(), Signal());
        world.Network.BeforeAccount = address =>
        {
            asked.TrySetResult();
            return address == shop ? answer.Task : Task.CompletedTask;
        };

        // The wallet is told to move while a request of its owner asks the network; that request is still served here.
        var paying = PayAsync(payer, shop);
        await asked.Task;
        await MoveAsync(payer, there);
        // And then the database is away for a moment: it neither writes, nor can it be read.
        world.Faults.Arm(FaultPoint.WalletSaving, _ =>
        {
            world.Storage.FailReads(GrainState.Wallet, 1);
            throw new IOException("The database is not there.");
        });
        answer.SetResult();
        await Should.ThrowAsync<Exception>(paying);
        world.Network.BeforeAccount = null;
        await UntilMovedAsync(world, payer, there);

        // The caller heard of a failure, and repeats the same request under the same key.
        var again = await PayAsync(payer, shop);
        again.Error.ShouldBeNull();
        await payer.UntilAsync(again.Value!.Id, PaymentStatus.Succeeded);
        await TestWorld.UntilAsync(() => world.Storage.StoredSubmission(payer.Key) is null, "nothing is under way");

        world.Network.Look(l => l.Accounts[shop].BalanceOf(world.Network.Usdc)).ShouldBe(40_000_000);
    }

    private static Task UntilMovedAsync(TestWorld world, TestUser user, SiloAddress there) => TestWorld.UntilAsync(async () =>
    {
        await Quietly(() => user.ViewAsync());
        return world.IsOn(there, user);
    }, "the wallet is on the other silo");

    private static Task<Result<PaymentView>> PayAsync(TestUser payer, string shop) => payer.Wallet.QuoteAsync(
        payer.Id, new QuoteRequest(shop, shop, "USDC", "4", null, "order-1", ConfirmsAtOnce: true));

    private static SiloAddress Other(TestWorld world, TestUser user) =>
        world.Cluster.Silos.Single(silo => !world.IsOn(silo.SiloAddress, user)).SiloAddress;

    private static async Task MoveAsync(TestUser user, SiloAddress there)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, there);
        await user.Wallet.AsReference<IGrainManagementExtension>().MigrateOnIdle();
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
    }

    private static async Task Quietly(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (OrleansException)
        {
            // It is between two silos.
        }
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

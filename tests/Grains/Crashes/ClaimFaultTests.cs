using StellarPay.Grains.Faults;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.Claims;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Crashes;

/// <summary>Whatever fails while a balance is set aside, taken back or claimed: it moves once.</summary>
public abstract class ClaimFaultTests(SharedWorld shared)
{
    private const string Sponsored = "\"subject\":\"spn_";
    private const string Reclaim = "\"subject\":\"rcl_";
    private const string Noted = "\"put\":{\"clm_";
    private const string Claim = "\"subject\":\"clm_";

    [Theory]
    [InlineData(Failing.BeforeTheWrite, Sponsored)]
    [InlineData(Failing.AfterTheWriteTookEffect, Sponsored)]
    [InlineData(Failing.BeforeTheWrite, "\"status\":\"Open\"")]
    [InlineData(Failing.AfterTheWriteTookEffect, "\"status\":\"Open\"")]
    public async Task A_balance_whose_write_failed_is_set_aside_once(Failing how, string when)
    {
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        var quote = (await payer.SetAsideAsync(FakeNetwork.NewAddress(), "4")).Value!;
        world.Storage.FailNextWrite(GrainState.Wallet, how, json => json.Contains(when, StringComparison.Ordinal));

        await TryAsync(() => payer.ConfirmAsync(quote.Id));
        await TryAsync(() => payer.ConfirmAsync(quote.Id));
        await UntilAsync(world, async () => (await payer.PaymentAsync(quote.Id)).Claimable!.Status == ClaimStatus.Open);

        await payer.UntilBalanceAsync(60_000_000);
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        world.Network.Look(l => l.Claimables.Values.Single()).Stroops.ShouldBe(40_000_000);
    }

    [Theory]
    [InlineData(Answer.TimeOutAfterApplying)]
    [InlineData(Answer.TimeOutWithoutApplying)]
    [InlineData(Answer.PendingThenApplied)]
    public async Task A_balance_whose_outcome_is_not_known_is_set_aside_and_taken_back_once(Answer answer)
    {
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        world.Network.Next(answer);
        var paid = await payer.SetAsideAndWaitAsync(FakeNetwork.NewAddress(), "4", days: 1);
        world.Pass(TimeSpan.FromDays(1));
        world.Network.Next(answer);

        await payer.ReclaimedAsync(paid);

        await payer.UntilAsync(paid, ClaimStatus.Reclaimed);
        await payer.UntilBalanceAsync(100_000_000);
        world.Network.Look(l => l.Claimables.Count).ShouldBe(0);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite, "\"Reclaiming\"")]
    [InlineData(Failing.AfterTheWriteTookEffect, "\"Reclaiming\"")]
    [InlineData(Failing.BeforeTheWrite, Reclaim)]
    [InlineData(Failing.AfterTheWriteTookEffect, Reclaim)]
    [InlineData(Failing.BeforeTheWrite, "\"Reclaimed\"")]
    [InlineData(Failing.AfterTheWriteTookEffect, "\"Reclaimed\"")]
    public async Task A_balance_whose_taking_back_could_not_be_stored_comes_back_once(Failing how, string when)
    {
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        var paid = await payer.SetAsideAndWaitAsync(FakeNetwork.NewAddress(), "4", days: 1);
        world.Pass(TimeSpan.FromDays(1));
        await UntilNetworkTimeAsync(world, paid);
        world.Storage.FailNextWrite(GrainState.Wallet, how, json => json.Contains(when, StringComparison.Ordinal));

        await TryAsync(() => payer.ReclaimAsync(paid));
        await TryAsync(() => payer.ReclaimAsync(paid));
        await UntilAsync(world, async () => (await payer.PaymentAsync(paid.Id)).Claimable!.Status == ClaimStatus.Reclaimed);

        await payer.UntilBalanceAsync(100_000_000);
        world.EventsOf("payment.reclaimed").Length.ShouldBe(1);
        world.EventsOf("wallet.credited").Count(e => (string)e["data"]!["amount"]! == "4.0000000").ShouldBe(1);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite, Noted)]
    [InlineData(Failing.AfterTheWriteTookEffect, Noted)]
    [InlineData(Failing.BeforeTheWrite, Claim)]
    [InlineData(Failing.AfterTheWriteTookEffect, Claim)]
    public async Task A_balance_whose_claim_could_not_be_stored_is_credited_once(Failing how, string when)
    {
        await using var world = await shared.StartOwnAsync();
        var payee = await world.NewUserAsync();
        var address = await payee.AddressAsync();
        world.Storage.FailNextWrite(GrainState.Wallet, how, json => json.Contains(when, StringComparison.Ordinal));

        world.Network.SetAside(40_000_000, ClaimableUsers.Anytime(address));

        await UntilAsync(world, async () => (await payee.UsdcAsync()).Balance == 40_000_000);
        world.Network.Look(l => l.Accounts[address].BalanceOf(world.Network.Usdc)).ShouldBe(40_000_000);
        world.EventsOf("wallet.credited").Length.ShouldBe(1);
        await UntilAsync(world, () => Task.FromResult(world.Storage.StoredClaims(payee.Key).Length == 0));
    }

    [Theory]
    [InlineData(FaultPoint.PaymentPersisting)]
    [InlineData(FaultPoint.PaymentSigned)]
    [InlineData(FaultPoint.PaymentSubmitted)]
    [InlineData(FaultPoint.PaymentSettling)]
    public async Task A_silo_that_dies_while_a_balance_is_claimed_does_not_claim_it_twice(string point)
    {
        await using var world = await shared.StartOwnAsync(silos: 2);
        var victim = world.Cluster.Silos[1];
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var users = new List<TestUser>();
        while (users.Count < 8 || !users.Exists(user => world.IsOn(victim.SiloAddress, user)))
        {
            users.Count.ShouldBeLessThan(60, "none of the wallets is on the silo that is to die");
            users.Add(await world.NewUserAsync());
        }

        world.Faults.Arm(point, DieAsync, victim.SiloAddress);
        foreach (var user in users)
        {
            world.Network.SetAside(40_000_000, ClaimableUsers.Anytime(await user.AddressAsync()));
        }

        await reached.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await world.Cluster.KillSiloAsync(victim, TestContext.Current.CancellationToken);
        await world.FollowAgainAsync();

        await world.UntilAfterDeathAsync(
            async () => (await Task.WhenAll(users.Select(user => user.UsdcAsync()))).All(usdc => usdc.Balance == 40_000_000),
            "all is claimed");
        world.Network.Look(l => l.Claimables.Count).ShouldBe(0);
        world.EventsOf("wallet.credited").Length.ShouldBe(users.Count);

        async Task DieAsync(SiloAddress _)
        {
            reached.TrySetResult();
            // Hangs, as a process that is about to die does.
            await new TaskCompletionSource().Task;
        }
    }

    // What is due is done, however often the wallet's time comes.
    private static Task UntilAsync(TestWorld world, Func<Task<bool>> isSo) => TestWorld.UntilAsync(async () =>
    {
        var done = false;
        world.Business.Advance(TimeSpan.FromSeconds(5));
        await TryAsync(async () =>
        {
            await world.SweepAsync();
            done = await isSo();
        });
        return done;
    }, "it is done");

    // The wallets know the network's time a second late at most; one that looked too early looks again hours later.
    private static Task UntilNetworkTimeAsync(TestWorld world, PaymentView paid) => TestWorld.UntilAsync(async () =>
    {
        world.Business.Advance(TimeSpan.FromHours(1));
        await world.SweepAsync();
        return world.EventsOf("payment.reclaimable").Any(e => (string)e["subject"]! == paid.Id.Value);
    }, "its date has come");

    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OrleansException)
        {
            // The write failed; what is stored counts.
        }
        catch (IOException)
        {
            // The same, as the storage says it.
        }
    }
}

[Trait("Length", "long")]
public sealed class ClaimFaultInMemoryTests(SharedWorld shared) : ClaimFaultTests(shared), IClassFixture<SharedWorld>;

public sealed class ClaimFaultOnPostgresTests(SharedPostgresWorld shared) : ClaimFaultTests(shared), IClassFixture<SharedPostgresWorld>;

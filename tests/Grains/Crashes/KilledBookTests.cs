using Orleans.Runtime.Placement;
using StellarPay.Grains.Schedules;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Crashes;

/// <summary>A schedule book's silo dies while the wallet is asked; another one asks again under the same key.</summary>
public sealed class KilledBookTests
{
    private const int MaxTries = 40;

    [Fact]
    public async Task An_occurrence_whose_book_is_killed_while_the_wallet_is_asked_is_paid_exactly_once()
    {
        await using var world = await TestWorld.StartAsync(silos: 2);
        var victim = world.Cluster.Silos[1];
        var user = await UserWithAsync(world, victim.SiloAddress);
        var book = world.Grains.GetGrain<IScheduleBookGrain>(ScheduleBooks.KeyOf(user.Id));
        var shop = world.Network.NewOutsider();
        var schedule = (await book.CreateAsync(
            user.Id,
            new ScheduleRequest(shop, shop, "USDC", "4", null, Frequency.Once, world.Business.GetUtcNow().AddHours(1), "UTC"),
            TestContext.Current.CancellationToken)).Value!;
        var (asked, answered) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Network.BeforeAccount = _ =>
        {
            asked.TrySetResult();
            return answered.Task;
        };
        world.Business.Advance(TimeSpan.FromHours(1));
        await world.SweepAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await world.Cluster.KillSiloAsync(victim, TestContext.Current.CancellationToken);
        // The first question is answered too: nobody is there any more to hear it.
        world.Network.BeforeAccount = null;
        answered.SetResult();
        await world.FollowAgainAsync();

        await world.UntilAfterDeathAsync(
            async () => (await book.GetAsync(user.Id, schedule.Id)).Value!.Status == ScheduleStatus.Completed, "the schedule is over");
        (await book.GetAsync(user.Id, schedule.Id)).Value!.Occurrences.Single().Status.ShouldBe(OccurrenceStatus.Succeeded);
        await user.UntilBalanceAsync(60_000_000);
        world.Network.Look(l => l.Accounts[shop].BalanceOf(world.Network.Usdc)).ShouldBe(40_000_000);
        world.EventsOf("payment.created").Length.ShouldBe(1);
    }

    // A user whose book is on the silo that will die; the wallet may be on either.
    private static async Task<TestUser> UserWithAsync(TestWorld world, SiloAddress bookOn)
    {
        for (var i = 0; i < MaxTries; i++)
        {
            var user = await world.NewUserAsync("10");
            var book = world.Grains.GetGrain<IScheduleBookGrain>(ScheduleBooks.KeyOf(user.Id));
            // Else it is where there is least to do, which may be the other silo each time.
            RequestContext.Set(IPlacementDirector.PlacementHintKey, bookOn);
            await book.ListAsync(user.Id);
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
            if (world.Cluster.TryGetGrainContext(book.GetGrainId(), out var there)
                && bookOn.Equals(there.Address.SiloAddress))
            {
                return user;
            }
        }

        throw new InvalidOperationException("In many tries no user had the book on that silo.");
    }
}

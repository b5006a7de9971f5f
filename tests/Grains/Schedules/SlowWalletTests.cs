using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Schedules;
using StellarPay.Grains.Scheduling;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Schedules;

/// <summary>However long wallets take, nobody's schedules wait for another's, and no book for its own.</summary>
public sealed class SlowWalletTests
{
    // Whoever is held is held for fifty payments of half a second, or until a call is given up.
    private static readonly TimeSpan Soon = WorldCluster.ResponseTimeout - TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Users_with_fifty_schedules_each_do_not_hold_a_bystanders_payment_of_the_same_moment_on_a_slow_network()
    {
        await using var world = await TestWorld.StartAsync();
        var victim = await world.NewUserAsync("10");
        var due = world.Business.GetUtcNow().AddHours(1);
        var hostile = new List<TestUser>();
        // As many as a partition wakes of one kind at once.
        while (hostile.Count < 8)
        {
            var user = world.NewUnopenedUser();
            if (PartitionOf(user.Id) == PartitionOf(victim.Id))
            {
                hostile.Add(user);
                (await user.OpenAsync()).Error.ShouldBeNull();
                await user.UntilActiveAsync();
                world.Network.Issue(await user.AddressAsync(), 10_000_000);
                await user.UntilBalanceAsync(10_000_000);
            }
        }

        await Task.WhenAll(hostile.Select(user => ScheduleAsync(user, 50, "0.01", due)));
        await ScheduleAsync(victim, 1, "5", due.AddSeconds(1));
        // Each question to the network takes half a second: slow, and far from away.
        world.Network.BeforeAccount = _ => Task.Delay(500, TestContext.Current.CancellationToken);
        world.Business.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(2));
        Task sweeping = world.SweepAsync();

        try
        {
            await Within(TestWorld.UntilAsync(
                async () => (await victim.UsdcAsync()).Balance < 100_000_000, "the bystander's payment is made"));
        }
        finally
        {
            world.Network.BeforeAccount = null;
            await sweeping.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    [Fact]
    public async Task While_the_wallet_is_asked_the_user_sees_and_changes_the_schedules_and_one_wake_up_is_as_good_as_many()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        var due = world.Business.GetUtcNow().AddHours(1);
        await ScheduleAsync(user, 3, "1", due);
        var answered = new TaskCompletionSource();
        var asked = 0;
        world.Network.BeforeAccount = _ =>
        {
            Interlocked.Increment(ref asked);
            return answered.Task;
        };
        world.Business.Advance(TimeSpan.FromHours(1));
        try
        {
            await Within(world.SweepAsync());
            await TestWorld.UntilAsync(() => Volatile.Read(ref asked) > 0, "the wallet asks the network");

            var schedules = (await Within(BookOf(user).ListAsync(user.Id))).Value!;
            schedules.Count(s => s.Occurrences.Length == 1).ShouldBe(1, "one payment of a book is out at a time");
            var waiting = schedules.First(s => s.Occurrences.Length == 0);
            (await Within(BookOf(user).CancelAsync(user.Id, waiting.Id))).Error.ShouldBeNull();
            for (var sweep = 0; sweep < 3; sweep++)
            {
                world.Business.Advance(ScheduleBook.ResumeAfter);
                await Within(world.SweepAsync());
            }

            (await Within(BookOf(user).ListAsync(user.Id))).Value!.Sum(s => s.Occurrences.Length).ShouldBe(1);
        }
        finally
        {
            world.Network.BeforeAccount = null;
            answered.SetResult();
        }

        await world.UntilAfterSweepsAsync(
            async () => (await BookOf(user).ListAsync(user.Id)).Value!.Count(s => s.Status == ScheduleStatus.Completed) == 2,
            "both others are paid");
        await user.UntilBalanceAsync(80_000_000);
        world.EventsOf("payment.created").Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_desk_serves_whoever_came_first_and_gives_out_no_more_places_than_it_has()
    {
        var desk = new ScheduleDesk();
        var places = new List<IDisposable>();
        for (var n = 0; n < ScheduleDesk.Places; n++)
        {
            places.Add(await desk.EnterAsync(TestContext.Current.CancellationToken));
        }

        var first = desk.EnterAsync(TestContext.Current.CancellationToken);
        var second = desk.EnterAsync(TestContext.Current.CancellationToken);
        first.IsCompleted.ShouldBeFalse();

        places[0].Dispose();
        var place = await Within(first);
        second.IsCompleted.ShouldBeFalse();
        place.Dispose();
        (await Within(second)).Dispose();
    }

    private static async Task ScheduleAsync(TestUser user, int count, string amount, DateTimeOffset at)
    {
        var shop = user.World.Network.NewOutsider();
        for (var n = 0; n < count; n++)
        {
            (await BookOf(user).CreateAsync(
                user.Id, new ScheduleRequest(shop, shop, "USDC", amount, null, Frequency.Once, at, "UTC"),
                TestContext.Current.CancellationToken)).Error.ShouldBeNull();
        }
    }

    private static IScheduleBookGrain BookOf(TestUser user) =>
        user.World.Grains.GetGrain<IScheduleBookGrain>(ScheduleBooks.KeyOf(user.Id));

    // As this storage shares keys out.
    private static int PartitionOf(UserId user) => ScheduleBooks.KeyOf(user).Sum(c => c) % DuePartitions.Count;

    private static Task Within(Task task) => task.WaitAsync(Soon, TestContext.Current.CancellationToken);

    private static Task<T> Within<T>(Task<T> task) => task.WaitAsync(Soon, TestContext.Current.CancellationToken);
}

using StellarPay.Grains.Events;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Schedules;
using StellarPay.Grains.Scheduling;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Scheduling;

public sealed class DueTests
{
    [Fact]
    public void There_are_eight_partitions()
    {
        DuePartitions.Keys().ShouldBe(["due_00", "due_01", "due_02", "due_03", "due_04", "due_05", "due_06", "due_07"]);
        DuePartitions.Keys().Select(DuePartitions.NumberOf).ShouldBe(Enumerable.Range(0, 8));
        foreach (var wrong in new[] { "due_08", "due_-1", "due_", "due", "wal_01" })
        {
            Should.Throw<ArgumentException>(() => DuePartitions.NumberOf(wrong));
        }
    }

    [Fact]
    public async Task What_is_not_due_is_not_woken_and_a_second_sweep_finds_nothing()
    {
        await using var world = await TestWorld.StartAsync();
        var users = new[] { await world.NewUserAsync("10"), await world.NewUserAsync("10") };
        foreach (var user in users)
        {
            await user.QuotedAsync(world.Network.NewOutsider(), "1");
        }

        (await CountAsync(world)).ShouldBe(0);
        world.Business.Advance(TimeSpan.FromMinutes(10));
        (await CountAsync(world)).ShouldBe(2);
        (await CountAsync(world)).ShouldBe(0);
    }

    [Fact]
    public async Task One_that_fails_does_not_keep_the_others_from_being_woken()
    {
        await using var world = await TestWorld.StartAsync();
        var users = new List<TestUser>();
        for (var i = 0; i < 5; i++)
        {
            users.Add(await world.NewUserAsync("10"));
            await users[i].QuotedAsync(world.Network.NewOutsider(), "1");
        }

        world.Business.Advance(TimeSpan.FromMinutes(10));
        world.Storage.FailNextWrite(GrainState.Wallet, Failing.BeforeTheWrite);

        (await CountAsync(world)).ShouldBe(4);
        (await CountAsync(world)).ShouldBe(1);
        foreach (var user in users)
        {
            (await user.Wallet.GetSnapshotAsync(user.Id)).Value!.Payments.Single().Status.ShouldBe(PaymentStatus.Expired);
        }
    }

    [Fact]
    public async Task What_takes_long_to_wake_of_one_kind_delays_no_other()
    {
        await using var world = await TestWorld.StartAsync();
        var held = await world.NewUserAsync("10");
        await held.QuotedAsync(world.Network.NewOutsider(), "1");
        // So many that each partition has one, that of the wallet whose wake-up takes long too; due once that is under way.
        var others = Enumerable.Range(0, 24).Select(_ => world.NewUserAsync()).ToArray();
        foreach (var user in await Task.WhenAll(others))
        {
            var shop = world.Network.NewOutsider();
            (await world.Grains.GetGrain<IScheduleBookGrain>(ScheduleBooks.KeyOf(user.Id)).CreateAsync(
                user.Id,
                new ScheduleRequest(shop, shop, "USDC", "1", null, Frequency.Once, world.Business.GetUtcNow().AddMinutes(20), "UTC"),
                TestContext.Current.CancellationToken)).Error.ShouldBeNull();
        }

        var (waking, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Faults.Arm(FaultPoint.WalletSaving, _ =>
        {
            waking.SetResult();
            return released.Task;
        });
        world.Business.Advance(TimeSpan.FromMinutes(10));
        foreach (var key in DuePartitions.Keys())
        {
            await world.Grains.GetGrain<IDueGrain>(key).StartAsync();
        }

        await waking.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        world.Business.Advance(TimeSpan.FromMinutes(10));

        // Each is woken and tried, though none has the money.
        await TestWorld.UntilAsync(
            () => world.EventsOf(EventTypes.OccurrenceRetrying).Length == others.Length, "all schedules are woken");

        released.SetResult();
    }

    [Fact]
    public async Task A_search_for_inboxes_that_takes_long_delays_no_wake_up()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        var quote = await user.QuotedAsync(world.Network.NewOutsider(), "1");
        var released = new TaskCompletionSource();
        ((MemoryStorage)world.Storage).BeforeWaiting = () => released.Task;
        world.Business.Advance(TimeSpan.FromMinutes(10));
        foreach (var key in DuePartitions.Keys())
        {
            await world.Grains.GetGrain<IDueGrain>(key).StartAsync();
        }

        await user.UntilAsync(quote.Id, PaymentStatus.Expired);

        released.SetResult();
    }

    [Fact]
    public async Task Whose_inbox_has_waited_is_poked_by_the_sweep()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync();
        for (var i = 0; i < 5; i++)
        {
            world.Storage.FailNextWriteOf(user, Failing.BeforeTheWrite);
        }

        world.Network.Issue(await user.AddressAsync(), 5);

        await TestWorld.UntilAsync(
            async () =>
            {
                await CountAsync(world);
                return (await user.UsdcAsync()).Balance == 5;
            },
            "the deposit is taken in");
        world.Log.Lines.ShouldContain(line => line.Contains(" 1327 ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_partition_that_was_started_or_is_poked_after_its_silo_died_sweeps_by_itself(bool poked)
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        var quote = await user.QuotedAsync(world.Network.NewOutsider(), "1");
        foreach (var key in DuePartitions.Keys())
        {
            var partition = world.Grains.GetGrain<IDueGrain>(key);
            await (poked ? partition.PokeAsync() : partition.StartAsync());
        }

        world.Business.Advance(TimeSpan.FromMinutes(10));

        await user.UntilAsync(quote.Id, PaymentStatus.Expired);
    }

    private static async Task<int> CountAsync(TestWorld world)
    {
        var woken = 0;
        foreach (var key in DuePartitions.Keys())
        {
            woken += await world.Grains.GetGrain<IDueGrain>(key).SweepAsync();
        }

        return woken;
    }
}

using StellarPay.Grains.Events;
using StellarPay.Grains.Schedules;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Schedules;

/// <summary>What a user wants no more is not paid when what kept it from being paid has passed.</summary>
public sealed class UnwantedTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_could_not_be_paid_for_the_moment_is_not_paid_once_its_schedule_is_cancelled_or_paused(bool cancelled)
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("100");
        var shop = world.Network.NewOutsider();
        var book = world.Grains.GetGrain<IScheduleBookGrain>(ScheduleBooks.KeyOf(user.Id));
        var made = await book.CreateAsync(
            user.Id,
            new ScheduleRequest(shop, shop, "USDC", "10", null, Frequency.Daily, world.Business.GetUtcNow().AddHours(1), "UTC"),
            TestContext.Current.CancellationToken);
        made.Error.ShouldBeNull();
        world.Rates.Forget("USDC");
        world.Business.Advance(TimeSpan.FromHours(1));
        await world.SweepAsync();
        await TestWorld.UntilAsync(
            async () => (await book.GetAsync(user.Id, made.Value!.Id)).Value!.Occurrences is [{ FailureCode: "rate_unavailable" }],
            "the wallet has said that it cannot tell what it is worth");

        (cancelled ? await book.CancelAsync(user.Id, made.Value!.Id) : await book.PauseAsync(user.Id, made.Value!.Id)).Error.ShouldBeNull();
        world.Rates.Reset();
        for (var minute = 0; minute < 5; minute++)
        {
            world.Business.Advance(TimeSpan.FromMinutes(1));
            await world.SweepAsync();
        }

        await world.UntilAfterSweepsAsync(
            async () => (await book.GetAsync(user.Id, made.Value!.Id)).Value!.Occurrences is [{ Status: not OccurrenceStatus.Paying }],
            "it is over");
        (await book.GetAsync(user.Id, made.Value!.Id)).Value!.Occurrences.ShouldHaveSingleItem().Status.ShouldBe(OccurrenceStatus.Skipped);
        world.EventsOf(EventTypes.PaymentCreated).ShouldBeEmpty();
        world.EventsOf(EventTypes.OccurrenceSkipped).Length.ShouldBe(1);
    }
}

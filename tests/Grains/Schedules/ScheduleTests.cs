using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Schedules;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Schedules;

public abstract class ScheduleTests(SharedWorld shared)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task A_daily_payment_pays_each_day_until_its_count_is_reached()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("100");
        var shop = world.Network.NewOutsider();
        var schedule = await CreatedAsync(user, Request(world, shop, "10", Frequency.Daily, count: 3));
        schedule.NextAt.ShouldBe(world.Business.GetUtcNow().AddHours(1));

        for (var number = 1; number <= 3; number++)
        {
            world.Business.Advance(number == 1 ? TimeSpan.FromHours(1) : Day);
            await UntilPaidAsync(user, schedule.Id, number);
        }

        var over = await GetAsync(user, schedule.Id);
        over.Status.ShouldBe(ScheduleStatus.Completed);
        over.NextAt.ShouldBeNull();
        over.Occurrences.Select(o => (o.Number, o.Status, o.Attempts)).ShouldBe(
            [(3, OccurrenceStatus.Succeeded, 1), (2, OccurrenceStatus.Succeeded, 1), (1, OccurrenceStatus.Succeeded, 1)]);
        await user.UntilBalanceAsync(Stroops(70));
        world.EventsOf(EventTypes.OccurrenceSucceeded).Length.ShouldBe(3);
        world.EventsOf(EventTypes.ScheduleCompleted).Length.ShouldBe(1);
        world.Business.Advance(Day);
        await world.SweepAsync();
        NextWakeUp(user).ShouldBeNull();
        (await user.UsdcAsync()).Balance.ShouldBe(Stroops(70));
    }

    [Fact]
    public async Task A_failed_occurrence_is_tried_again_and_paid_when_there_is_money()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("5");
        var schedule = await CreatedAsync(user, Request(world, world.Network.NewOutsider(), "10", Frequency.Once));

        world.Business.Advance(TimeSpan.FromHours(1));
        await world.SweepAsync();
        await UntilRaisedAsync(world, EventTypes.OccurrenceRetrying, 1);
        var waiting = (await GetAsync(user, schedule.Id)).Occurrences.Single();
        waiting.Status.ShouldBe(OccurrenceStatus.Paying);
        waiting.FailureCode.ShouldBe("insufficient_funds");
        waiting.NextAttemptAt.ShouldBe(world.Business.GetUtcNow().AddMinutes(5));

        world.Network.Issue(await user.AddressAsync(), Stroops(5));
        await user.UntilBalanceAsync(Stroops(10));
        world.Business.Advance(TimeSpan.FromMinutes(5));
        await UntilPaidAsync(user, schedule.Id, 1);
        (await GetAsync(user, schedule.Id)).Occurrences.Single().Attempts.ShouldBe(2);
        await user.UntilBalanceAsync(0);
    }

    [Fact]
    public async Task An_occurrence_that_fails_every_time_is_reported_and_the_next_is_paid_as_if_nothing_had_been()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("5");
        var schedule = await CreatedAsync(user, Request(world, world.Network.NewOutsider(), "10", Frequency.Daily));

        world.Business.Advance(TimeSpan.FromHours(1));
        var attempts = 0;
        foreach (var minutes in new[] { 5, 30, 120, 360 })
        {
            await world.SweepAsync();
            await UntilRaisedAsync(world, EventTypes.OccurrenceRetrying, ++attempts);
            world.Business.Advance(TimeSpan.FromMinutes(minutes));
        }

        await world.SweepAsync();
        await UntilRaisedAsync(world, EventTypes.OccurrenceFailed, 1);
        var failed = (await GetAsync(user, schedule.Id)).Occurrences.Single();
        (failed.Status, failed.Attempts, failed.FailureCode).ShouldBe((OccurrenceStatus.Failed, 5, "insufficient_funds"));
        world.EventsOf(EventTypes.OccurrenceRetrying).Length.ShouldBe(4);
        world.EventsOf(EventTypes.OccurrenceFailed).Length.ShouldBe(1);

        world.Network.Issue(await user.AddressAsync(), Stroops(5));
        await user.UntilBalanceAsync(Stroops(10));
        world.Business.Advance(Day - TimeSpan.FromMinutes(515));
        await UntilPaidAsync(user, schedule.Id, 2);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite, 1)]
    [InlineData(Failing.AfterTheWriteTookEffect, 1)]
    [InlineData(Failing.BeforeTheWrite, 2)]
    [InlineData(Failing.AfterTheWriteTookEffect, 2)]
    public async Task However_storing_fails_an_occurrence_is_paid_once(Failing how, int nthWrite)
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("100");
        var schedule = await CreatedAsync(user, Request(world, world.Network.NewOutsider(), "10", Frequency.Once));
        world.Business.Advance(TimeSpan.FromHours(1));
        var writes = 0;
        world.Storage.FailNextWrite(GrainState.ScheduleBook, how, _ => ++writes == nthWrite);

        await UntilPaidAsync(user, schedule.Id, 1);

        writes.ShouldBeGreaterThanOrEqualTo(nthWrite);
        await user.UntilBalanceAsync(Stroops(90));
        world.EventsOf(EventTypes.PaymentCreated).Length.ShouldBe(1);
        world.EventsOf(EventTypes.OccurrenceSucceeded).Length.ShouldBe(1);
    }

    [Fact]
    public async Task While_another_request_holds_the_key_of_an_attempt_nothing_is_paid_under_another_key()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("100");
        var shop = world.Network.NewOutsider();
        var schedule = await CreatedAsync(user, Request(world, shop, "10", Frequency.Once));
        (await user.QuoteAsync(shop, "1", "so that this activation has read its keys")).Error.ShouldBeNull();
        // An activation of the wallet on another silo answered the attempt, and this one does not see it before it writes.
        var paid = await user.PayAsync(shop, "10");
        await user.UntilBalanceAsync(Stroops(90));
        var asked = new QuoteRequest(
            shop, shop, schedule.Amount.Asset.Canonical, Amount.Format(schedule.Amount.Stroops), null, null, ConfirmsAtOnce: true);
        world.Storage.TakeKey(user.Key, new IdempotencyKeyEntry(
            IdempotencyLedger.HashOf(IdempotencyLedger.Quote, $"{schedule.Id}:1:1"), QuoteFingerprint.Of(asked), paid.Id.Value,
            world.Business.GetUtcNow().AddHours(25)));
        world.Business.Advance(TimeSpan.FromHours(1));

        await UntilPaidAsync(user, schedule.Id, 1);

        var occurrence = (await GetAsync(user, schedule.Id)).Occurrences.Single();
        (occurrence.Payment, occurrence.Attempts).ShouldBe((paid.Id, 1));
        world.EventsOf(EventTypes.OccurrenceRetrying).ShouldBeEmpty();
        await user.UntilBalanceAsync(Stroops(90));
    }

    [Fact]
    public async Task What_falls_due_while_it_is_paused_is_passed_over()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("100");
        var schedule = await CreatedAsync(user, Request(world, world.Network.NewOutsider(), "10", Frequency.Daily));
        (await Book(user).PauseAsync(user.Id, schedule.Id)).Value!.Status.ShouldBe(ScheduleStatus.Paused);
        world.Business.Advance(3 * Day);
        await world.SweepAsync();
        NextWakeUp(user).ShouldBeNull();
        world.EventsOf(EventTypes.PaymentCreated).ShouldBeEmpty();

        var resumed = (await Book(user).ResumeAsync(user.Id, schedule.Id)).Value!;
        resumed.NextAt.ShouldBe(schedule.NextAt!.Value + (3 * Day));
        world.Business.Advance(TimeSpan.FromHours(1));
        await UntilPaidAsync(user, schedule.Id, 4);
        await user.UntilBalanceAsync(Stroops(90));
    }

    [Fact]
    public async Task What_is_found_a_day_late_is_reported_and_not_paid()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("100");
        var schedule = await CreatedAsync(user, Request(world, world.Network.NewOutsider(), "10", Frequency.Daily, count: 3));
        world.Business.Advance((2 * Day) + TimeSpan.FromMinutes(90));
        await UntilPaidAsync(user, schedule.Id, 3);

        (await GetAsync(user, schedule.Id)).Occurrences.Select(o => o.Status).ShouldBe(
            [OccurrenceStatus.Succeeded, OccurrenceStatus.Missed, OccurrenceStatus.Missed]);
        await user.UntilBalanceAsync(Stroops(90));
        world.EventsOf(EventTypes.OccurrenceMissed).Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_cancelled_schedule_pays_no_more()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("100");
        var schedule = await CreatedAsync(user, Request(world, world.Network.NewOutsider(), "10", Frequency.Daily));
        (await Book(user).CancelAsync(user.Id, schedule.Id)).Value!.Status.ShouldBe(ScheduleStatus.Cancelled);
        world.Business.Advance(2 * Day);
        await world.SweepAsync();
        NextWakeUp(user).ShouldBeNull();

        world.EventsOf(EventTypes.PaymentCreated).ShouldBeEmpty();
        (await Book(user).ResumeAsync(user.Id, schedule.Id)).Error!.Code.ShouldBe("schedule_over");
    }

    [Fact]
    public async Task The_same_key_makes_one_schedule_and_another_request_under_it_is_refused()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync();
        var request = Request(world, world.Network.NewOutsider(), "10", Frequency.Daily) with { IdempotencyKey = "rent" };

        var first = await CreatedAsync(user, request);
        (await CreatedAsync(user, request)).Id.ShouldBe(first.Id);
        (await TryCreateAsync(user, user.Id, request with { Amount = "11" })).Error!.Code.ShouldBe("idempotency_key_reused");
        (await Book(user).ListAsync(user.Id)).Value!.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_else_sees_or_changes_a_schedule()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync();
        var other = world.NewUnopenedUser();
        var schedule = await CreatedAsync(user, Request(world, world.Network.NewOutsider(), "10", Frequency.Daily));

        foreach (var refused in new[]
        {
            await Book(user).GetAsync(other.Id, schedule.Id), await Book(user).PauseAsync(other.Id, schedule.Id),
            await Book(user).CancelAsync(other.Id, schedule.Id), await Book(user).ResumeAsync(other.Id, schedule.Id),
            await Book(other).GetAsync(other.Id, schedule.Id),
        })
        {
            refused.Error!.Kind.ShouldBe(ErrorKind.NotFound);
        }

        (await Book(user).ListAsync(other.Id)).IsSuccess.ShouldBeFalse();
        (await TryCreateAsync(user, other.Id, Request(world, world.Network.NewOutsider(), "1", Frequency.Once)))
            .IsSuccess.ShouldBeFalse();
    }

    [Theory]
    [InlineData("time_zone", "Mars/Olympus", null, null, null, 1)]
    [InlineData("day_of_month", "UTC", 32, null, null, 1)]
    [InlineData("count", "UTC", null, 0, null, 1)]
    [InlineData("end_at", "UTC", null, null, 0, 1)]
    [InlineData("start_at", "UTC", null, null, null, -1)]
    public async Task A_wrong_field_is_named(string field, string zone, int? day, int? count, int? endHours, int startHours)
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync();
        var now = world.Business.GetUtcNow();
        var request = Request(world, world.Network.NewOutsider(), "10", Frequency.Monthly) with
        {
            TimeZone = zone, DayOfMonth = day, Count = count, EndAt = endHours is { } h ? now.AddHours(h) : null,
            StartAt = now.AddHours(startHours),
        };

        var error = (await TryCreateAsync(user, user.Id, request)).Error!;
        (error.Kind, error.Param).ShouldBe((ErrorKind.InvalidRequest, field));
    }

    private static ScheduleRequest Request(
        TestWorld world, string destination, string amount, Frequency frequency, int? count = null) =>
        new(destination, destination, "USDC", amount, null, frequency, world.Business.GetUtcNow().AddHours(1), "UTC", Count: count);

    private static IScheduleBookGrain Book(TestUser user) =>
        user.World.Grains.GetGrain<IScheduleBookGrain>(ScheduleBooks.KeyOf(user.Id));

    private static async Task<ScheduleView> CreatedAsync(TestUser user, ScheduleRequest request)
    {
        var made = await TryCreateAsync(user, user.Id, request);
        made.Error.ShouldBeNull();
        return made.Value!;
    }

    private static Task<Result<ScheduleView>> TryCreateAsync(TestUser user, UserId caller, ScheduleRequest request) =>
        Book(user).CreateAsync(caller, request, TestContext.Current.CancellationToken);

    private static async Task<ScheduleView> GetAsync(TestUser user, ScheduleId schedule) =>
        (await Book(user).GetAsync(user.Id, schedule)).Value!;

    // A sweep does not wait for what it began.
    private static Task UntilRaisedAsync(TestWorld world, string type, int times) =>
        TestWorld.UntilAsync(() => world.EventsOf(type).Length == times, $"{type} is raised {times} times");

    // A book without one pays nothing, however long one waits.
    private static string? NextWakeUp(TestUser user) =>
        (string?)user.World.Storage.Stored(GrainState.ScheduleBook, ScheduleBooks.KeyOf(user.Id))["dueAt"];

    // Sweeps, and moves time by the seconds after which the book looks again.
    private static Task UntilPaidAsync(TestUser user, ScheduleId schedule, int number) => TestWorld.UntilAsync(
        async () =>
        {
            user.World.Business.Advance(TimeSpan.FromSeconds(1));
            await user.World.SweepAsync();
            var found = await Book(user).GetAsync(user.Id, schedule);
            return found.Value!.Occurrences.Any(o => o.Number == number && o.Status == OccurrenceStatus.Succeeded);
        },
        $"occurrence {number} is paid");

    private static long Stroops(long units) => units * 10_000_000;
}

[Trait("Length", "long")]
public sealed class ScheduleInMemoryTests(SharedWorld shared) : ScheduleTests(shared), IClassFixture<SharedWorld>;

public sealed class ScheduleOnPostgresTests(SharedPostgresWorld shared) : ScheduleTests(shared), IClassFixture<SharedPostgresWorld>;

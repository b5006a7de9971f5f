using System.Text;
using System.Text.Json;
using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Schedules;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Schedules;

/// <summary>A user who makes a book as big as it gets: 4 kB of state and small rows, however long it goes on (design §6).</summary>
public sealed class HostileBookTests
{
    private const int MaxState = 4_096;
    private const int MaxRow = 4_608;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 3, 20, 123, TimeSpan.FromHours(14));

    [Fact]
    public void A_book_that_is_as_full_as_its_user_can_make_it_is_4_kB_beside_small_rows()
    {
        var book = new ScheduleBookState
        {
            Owner = "usr_" + new string('z', 24),
            DueAt = Now,
            Schedules = [.. Enumerable.Range(0, ScheduleRules.MaxOpen + ScheduleRules.KeptOver).Select(Schedule)],
        };
        ScheduleRows.Put(book);
        var write = StoredWrite.Parse(ScheduleBooks.KeyOf(UserId.New(TimeProvider.System)), new StateSerializer().Serialize(book));
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        write.Rows.RequireFit();
        write.Rows.Apply(rows);

        Encoding.UTF8.GetByteCount(write.State).ShouldBeLessThanOrEqualTo(MaxState);
        rows.Count.ShouldBe(ScheduleRules.MaxOpen + ScheduleRules.KeptOver);
        book.Schedules.Max(schedule => JsonSerializer.SerializeToUtf8Bytes(schedule, StateJson.Options).Length)
            .ShouldBeLessThanOrEqualTo(MaxRow);
    }

    [Fact]
    public async Task A_user_who_makes_and_cancels_schedules_all_day_does_not_make_the_book_large()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync();
        var key = ScheduleBooks.KeyOf(user.Id);
        var book = world.Grains.GetGrain<IScheduleBookGrain>(key);
        var shop = world.Network.NewOutsider();
        var at = world.Business.GetUtcNow().AddDays(300);
        ScheduleRequest Request(int n) =>
            new(shop, new string('r', 320), "USDC", "1", null, Frequency.Once, at, "UTC", IdempotencyKey: $"key {n}");

        // A quarter of what the front door lets one user ask in a minute.
        var made = new List<ScheduleView>();
        for (var n = 0; n < 150; n++)
        {
            made.Add((await book.CreateAsync(user.Id, Request(n), TestContext.Current.CancellationToken)).Value!);
            world.Business.Advance(TimeSpan.FromMilliseconds(200));
            (await book.CancelAsync(user.Id, made[n].Id)).Value!.Status.ShouldBe(ScheduleStatus.Cancelled);
        }

        Encoding.UTF8.GetByteCount(world.Storage.Stored(GrainState.ScheduleBook, key).ToJsonString()).ShouldBeLessThanOrEqualTo(MaxState);
        world.Storage.Rows(GrainState.ScheduleBook, key).Count.ShouldBe(ScheduleRules.KeptOver);
        (await book.ListAsync(user.Id)).Value!.Select(s => s.Id)
            .ShouldBe(made.Select(s => s.Id).Reverse().Take(ScheduleRules.KeptOver));
        // A key is answered for its 24 hours, whether or not its schedule is still kept: no second one is made.
        (await book.CreateAsync(user.Id, Request(149), TestContext.Current.CancellationToken)).Value!.Id.ShouldBe(made[149].Id);
        (await book.CreateAsync(user.Id, Request(0), TestContext.Current.CancellationToken)).Error!.Code.ShouldBe("schedule_over");
        world.EventsOf("schedule.created").Length.ShouldBe(150);
    }

    // Its occurrences all failed, which says the most.
    private static ScheduleRecord Schedule(int n) => new()
    {
        Id = $"sch_{n:D24}",
        Status = ScheduleStatus.Paused,
        // Three bytes each, which no other one has.
        Recipient = new string('\u4e00', 320),
        Destination = new string('M', 69),
        Asset = $"LONGESTCODE1:{new string('G', 56)}",
        Stroops = long.MaxValue,
        Memo = new string('"', PaymentMemo.MaxTextBytes),
        Frequency = Frequency.Monthly,
        StartAt = Now,
        TimeZone = "America/Argentina/ComodRivadavia",
        DayOfMonth = 31,
        EndAt = Now,
        Count = 1_000,
        CreatedAt = Now,
        NextNumber = 1_000,
        NextAt = Now,
        Current = Occurrence(n, over: false),
        Past = [.. Enumerable.Range(0, ScheduleRecord.KeptOccurrences).Select(past => Occurrence(past, over: true))],
        OverAt = Now,
    };

    private static OccurrenceRecord Occurrence(int n, bool over)
    {
        var occurrence = new OccurrenceRecord
        {
            Number = 900 + n, DueAt = Now, Attempt = 5, StartedAt = Now, StepAt = Now, Trying = true, Payment = $"txn_{n:D24}",
            FailureCode = "too_many_open_payments", KeyNumber = 5, KeySince = Now, AskedAt = Now, DoubtUntil = Now,
        };
        if (over)
        {
            occurrence.Ended(OccurrenceStatus.Failed, Now);
        }

        return occurrence;
    }
}

using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Grains.Schedules;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Schedules;

/// <summary>Schedules that a version stored which took the second of two hours for the first.</summary>
public sealed class StoredStartTests
{
    private static readonly DateTimeOffset Start = new(2027, 11, 7, 6, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(Frequency.Once)]
    [InlineData(Frequency.Monthly)]
    public void A_stored_schedule_that_was_due_before_its_start_is_due_at_its_start(Frequency frequency)
    {
        var schedule = Read(frequency, next: Start.AddHours(-1));

        (schedule.NextNumber, schedule.NextAt, schedule.DueAt()).ShouldBe((1, Start, Start));
    }

    [Fact]
    public void A_stored_schedule_that_is_due_later_or_never_stays_as_it_is()
    {
        Read(Frequency.Daily, next: Start.AddDays(1), number: 2).NextAt.ShouldBe(Start.AddDays(1));
        Read(Frequency.Once, next: null).NextAt.ShouldBeNull();
    }

    private static ScheduleRecord Read(Frequency frequency, DateTimeOffset? next, int number = 1)
    {
        var book = new ScheduleBookState
        {
            Schedules =
            [
                new ScheduleRecord
                {
                    Id = $"sch_{1:D24}", Status = ScheduleStatus.Active, Frequency = frequency, StartAt = Start,
                    TimeZone = "America/New_York", NextNumber = number, NextAt = next,
                },
            ],
        };
        ScheduleRows.Put(book);
        var serializer = new StateSerializer();
        var write = StoredWrite.Parse("book", serializer.Serialize(book));
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        write.Rows.Apply(rows);
        var read = serializer.Deserialize<ScheduleBookState>(BinaryData.FromString(StoredRows.Join(write.State, rows)))!;
        ScheduleRows.Take(read);
        return read.Schedules.Single();
    }
}

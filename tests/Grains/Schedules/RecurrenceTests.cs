using System.Globalization;
using StellarPay.Grains.Schedules;

namespace StellarPay.Grains.Tests.Schedules;

public sealed class RecurrenceTests
{
    [Fact]
    public void Once_is_once()
    {
        var once = Of(Frequency.Once, "2026-03-01T09:00:00Z");
        Text(once, 3).ShouldBe(["2026-03-01T09:00:00Z"]);
    }

    [Fact]
    public void Daily_keeps_the_local_time_of_day_when_summer_time_begins_and_ends()
    {
        // Paris: UTC+1, from 29 March 2026 UTC+2.
        var daily = Of(Frequency.Daily, "2026-03-28T09:00:00+01:00", "Europe/Paris");
        Text(daily, 3).ShouldBe(["2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z"]);
        var autumn = Of(Frequency.Daily, "2026-10-24T09:00:00+02:00", "Europe/Paris");
        Text(autumn, 2).ShouldBe(["2026-10-24T07:00:00Z", "2026-10-25T08:00:00Z"]);
    }

    [Fact]
    public void A_time_that_summer_time_leaves_out_is_moved_on_and_one_that_comes_twice_counts_once()
    {
        // On 29 March 2026 Paris has no 02:30; on 25 October it has two.
        var spring = Of(Frequency.Daily, "2026-03-28T02:30:00+01:00", "Europe/Paris");
        Text(spring, 3).ShouldBe(["2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"]);
        var autumn = Of(Frequency.Daily, "2026-10-24T02:30:00+02:00", "Europe/Paris");
        Text(autumn, 3).ShouldBe(["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
    }

    [Theory]
    [InlineData("America/New_York", "2027-11-07T06:30:00Z")]
    [InlineData("America/New_York", "2027-11-07T05:30:00Z")]
    [InlineData("Europe/Paris", "2027-10-31T01:30:00Z")]
    [InlineData("Europe/Paris", "2027-10-31T00:30:00Z")]
    [InlineData("Australia/Lord_Howe", "2027-04-03T15:15:00Z")]
    [InlineData("Europe/Paris", "2027-10-31T01:00:00.0000001Z")]
    public void It_starts_at_its_start_also_in_an_hour_that_comes_twice(string zone, string start)
    {
        // The bug kept away: the second 01:30 of that night was taken for the first, an hour before the start.
        foreach (var frequency in Enum.GetValues<Frequency>())
        {
            Of(frequency, start, zone).At(1).ShouldBe(Time(start), frequency.ToString());
            Of(frequency, start, zone, end: start).At(1).ShouldBe(Time(start), frequency.ToString());
        }

        Of(Frequency.Once, start, zone).At(2).ShouldBeNull();
    }

    [Fact]
    public void After_a_start_in_an_hour_that_comes_twice_days_keep_its_time_of_day()
    {
        Text(Of(Frequency.Daily, "2027-11-07T06:30:00Z", "America/New_York"), 2)
            .ShouldBe(["2027-11-07T06:30:00Z", "2027-11-08T06:30:00Z"]);
        Text(Of(Frequency.Weekly, "2027-10-31T01:30:00Z", "Europe/Paris"), 2)
            .ShouldBe(["2027-10-31T01:30:00Z", "2027-11-07T01:30:00Z"]);
        Text(Of(Frequency.Monthly, "2027-10-31T01:30:00Z", "Europe/Paris"), 3)
            .ShouldBe(["2027-10-31T01:30:00Z", "2027-11-30T01:30:00Z", "2027-12-31T01:30:00Z"]);
    }

    [Theory]
    [InlineData("America/New_York")]
    [InlineData("Europe/Paris")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("America/St_Johns")]
    [InlineData("Africa/Casablanca")]
    [InlineData("UTC")]
    public void No_occurrence_is_before_the_start_or_the_one_before_it(string zone)
    {
        var first = Time("2027-01-01T00:00:00Z");
        for (var hour = 0; hour < 365 * 24; hour++)
        {
            var start = first.AddHours(hour).AddMinutes(hour % 2 * 30);
            foreach (var frequency in (Frequency[])[Frequency.Daily, Frequency.Weekly, Frequency.Monthly])
            {
                var recurrence = new Recurrence(frequency, start, zone, null, null, null);
                recurrence.At(1).ShouldBe(start);
                recurrence.At(2)!.Value.ShouldBeGreaterThan(start, $"{frequency} from {start:O}");
                recurrence.At(3)!.Value.ShouldBeGreaterThan(recurrence.At(2)!.Value, $"{frequency} from {start:O}");
            }
        }
    }

    [Fact]
    public void Weekly_keeps_the_weekday() =>
        Text(Of(Frequency.Weekly, "2026-12-28T23:30:00Z"), 3)
            .ShouldBe(["2026-12-28T23:30:00Z", "2027-01-04T23:30:00Z", "2027-01-11T23:30:00Z"]);

    [Fact]
    public void Monthly_on_the_31st_pays_on_the_last_day_of_shorter_months_and_comes_back() =>
        Text(Of(Frequency.Monthly, "2028-01-31T08:00:00Z"), 5).ShouldBe(
        [
            "2028-01-31T08:00:00Z", "2028-02-29T08:00:00Z", "2028-03-31T08:00:00Z", "2028-04-30T08:00:00Z", "2028-05-31T08:00:00Z",
        ]);

    [Fact]
    public void Monthly_on_a_day_that_has_passed_begins_in_the_next_month()
    {
        Text(Of(Frequency.Monthly, "2026-01-20T08:00:00Z", day: 5), 2).ShouldBe(["2026-02-05T08:00:00Z", "2026-03-05T08:00:00Z"]);
        Text(Of(Frequency.Monthly, "2026-01-20T08:00:00Z", day: 25), 2).ShouldBe(["2026-01-25T08:00:00Z", "2026-02-25T08:00:00Z"]);
        Text(Of(Frequency.Monthly, "2026-02-28T08:00:00Z", day: 31), 2).ShouldBe(["2026-02-28T08:00:00Z", "2026-03-31T08:00:00Z"]);
    }

    [Fact]
    public void A_count_and_an_end_end_it_and_the_end_itself_still_counts()
    {
        Text(Of(Frequency.Daily, "2026-01-01T00:00:00Z", count: 2), 9).Length.ShouldBe(2);
        Text(Of(Frequency.Daily, "2026-01-01T00:00:00Z", end: "2026-01-03T00:00:00Z"), 9).Length.ShouldBe(3);
        Text(Of(Frequency.Daily, "2026-01-01T00:00:00Z", end: "2026-01-02T23:59:59Z"), 9).Length.ShouldBe(2);
    }

    [Fact]
    public void The_first_after_a_time_is_strictly_after_it()
    {
        var daily = Of(Frequency.Daily, "2026-01-01T00:00:00Z", count: 5);
        daily.FirstAfter(Time("2026-01-02T00:00:00Z"), 1).ShouldBe(3);
        daily.FirstAfter(Time("2026-01-02T00:00:00Z"), 4).ShouldBe(4);
        daily.FirstAfter(Time("2026-01-05T00:00:00Z"), 1).ShouldBeNull();
    }

    [Fact]
    public void A_time_zone_is_known_by_its_iana_name()
    {
        Recurrence.IsTimeZone("America/New_York").ShouldBeTrue();
        Recurrence.IsTimeZone("UTC").ShouldBeTrue();
        Recurrence.IsTimeZone("Mars/Olympus").ShouldBeFalse();
        Recurrence.IsTimeZone(null).ShouldBeFalse();
    }

    private static Recurrence Of(
        Frequency frequency, string start, string zone = "UTC", int? day = null, string? end = null, int? count = null) =>
        new(frequency, Time(start), zone, day, end is null ? null : Time(end), count);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string[] Text(Recurrence recurrence, int most) =>
    [
        .. Enumerable.Range(1, most).Select(recurrence.At).TakeWhile(at => at is not null)
            .Select(at => at!.Value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
    ];
}

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

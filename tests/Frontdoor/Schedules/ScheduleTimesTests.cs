using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Schedules;

/// <summary>When a schedule pays first, told over HTTP: never before its start.</summary>
[Collection<WholeHostCollection>]
public sealed class ScheduleTimesTests(WholeHost host)
{
    private static readonly string[] Frequencies = ["once", "daily", "weekly", "monthly"];

    [Fact]
    public async Task A_schedule_that_starts_in_an_hour_that_comes_twice_pays_first_at_its_start()
    {
        // The bug kept away: 2027-11-07T06:30:00Z was answered with next_at 05:30, the first 01:30 of that night in New York.
        var payer = await host.SignUpAsync();
        var payee = await host.SignUpAsync();
        foreach (var (start, zone) in ((string, string)[])[
            ("2027-11-07T06:30:00Z", "America/New_York"), ("2027-11-07T05:30:00Z", "America/New_York"),
            ("2027-11-07T01:30:00-05:00", "America/New_York"), ("2027-10-31T01:30:00Z", "Europe/Paris"),
            ("2027-10-31T02:30:00+02:00", "Europe/Paris"), ("2027-04-03T15:15:00Z", "Australia/Lord_Howe")])
        {
            foreach (var frequency in Frequencies)
            {
                var made = await MakeAsync(payer, payee, frequency, start, zone);
                var body = made.ShouldBeOk().Body;
                body.GetProperty("next_at").GetDateTimeOffset().ShouldBe(DateTimeOffset.Parse(start, null), made.Text);
                body.GetProperty("start_at").GetDateTimeOffset().ShouldBe(DateTimeOffset.Parse(start, null), made.Text);
            }
        }
    }

    [Fact]
    public async Task Of_a_time_that_comes_twice_later_on_the_first_counts_and_one_that_is_left_out_is_moved_on()
    {
        var payer = await host.SignUpAsync();
        var payee = await host.SignUpAsync();
        var twice = await MakeAsync(payer, payee, "monthly", "2027-10-10T05:30:00Z", "America/New_York", day: 7);
        twice.ShouldBeOk().Body.GetProperty("next_at").GetDateTimeOffset().ShouldBe(new(2027, 11, 7, 5, 30, 0, default), twice.Text);
        var never = await MakeAsync(payer, payee, "monthly", "2027-03-10T07:30:00Z", "America/New_York", day: 14);
        never.ShouldBeOk().Body.GetProperty("next_at").GetDateTimeOffset().ShouldBe(new(2027, 3, 14, 7, 30, 0, default), never.Text);
    }

    [Fact]
    public async Task A_schedule_is_not_made_to_end_before_the_second_of_its_hours()
    {
        var payer = await host.SignUpAsync();
        var payee = await host.SignUpAsync();
        (await MakeAsync(payer, payee, "daily", "2027-11-07T06:30:00Z", "America/New_York", end: "2027-11-07T05:30:00Z"))
            .ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "end_at");
        (await MakeAsync(payer, payee, "daily", "2027-11-07T06:30:00Z", "America/New_York", end: "2027-11-07T06:30:00Z")).ShouldBeOk();
        (await MakeAsync(payer, payee, "once", "2027-11-07T06:30:00", "america/new_york ")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static Task<Answer> MakeAsync(
        Api payer, Api payee, string frequency, string start, string zone, int? day = null, string? end = null) =>
        payer.PostAsync(
            "/v1/schedules",
            new
            {
                recipient = payee.Email, asset = "USDC", amount = "1", frequency, start_at = start, time_zone = zone,
                day_of_month = day, end_at = end,
            },
            $"{Guid.NewGuid():N}");
}

using Microsoft.AspNetCore.Http;
using StellarPay.Frontdoor.Webhooks.Delivery;

namespace StellarPay.Frontdoor.Tests.Webhooks;

public sealed class RetryScheduleTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 30)]
    [InlineData(3, 120)]
    [InlineData(4, 600)]
    [InlineData(5, 1800)]
    [InlineData(6, 3600)]
    [InlineData(9, 28_800)]
    [InlineData(100, 28_800)]
    public void Pauses_grow_to_eight_hours_and_chance_adds_a_quarter_at_most(int attempt, double seconds)
    {
        RetrySchedule.After(attempt, 0, asked: null).TotalSeconds.ShouldBe(seconds);
        RetrySchedule.After(attempt, 1, asked: null).TotalSeconds.ShouldBe(seconds * 1.25);
    }

    [Theory]
    [InlineData(5, 10)]
    [InlineData(60, 60)]
    [InlineData(1_000_000_000, 43_200)]
    public void A_receiver_may_ask_for_longer_but_not_for_ever(int asked, double seconds) =>
        RetrySchedule.After(1, 0, TimeSpan.FromSeconds(asked)).TotalSeconds.ShouldBe(seconds);

    [Theory]
    [InlineData(StatusCodes.Status429TooManyRequests, 60, 60.0)]
    [InlineData(StatusCodes.Status503ServiceUnavailable, 90_000, 3600.0)]
    [InlineData(StatusCodes.Status500InternalServerError, 60, null)]
    [InlineData(StatusCodes.Status429TooManyRequests, 0, null)]
    [InlineData(StatusCodes.Status429TooManyRequests, null, null)]
    public void The_endpoint_rests_where_it_says_that_it_is_too_much(int status, int? asked, double? rest) =>
        (RetrySchedule.RestOf(status, asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null)?.TotalSeconds).ShouldBe(rest);

    // By then the endpoint has failed for three days, too, if nothing has succeeded.
    [Fact]
    public void Within_three_days_there_are_more_than_fifteen_tries()
    {
        var (at, tries) = (TimeSpan.Zero, 1);
        while (at < RetrySchedule.GivenUpAfter)
        {
            at += RetrySchedule.After(tries++, 1, asked: null);
        }

        tries.ShouldBeInRange(15, 20);
    }
}

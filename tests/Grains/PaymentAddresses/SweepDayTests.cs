using StellarPay.Grains.PaymentAddresses;

namespace StellarPay.Grains.Tests.PaymentAddresses;

/// <summary>Who has what of the transactions that are paid for in a day.</summary>
public sealed class SweepDayTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Strangers_use_up_half_of_a_day_and_leave_payers_the_rest()
    {
        SweepDay? day = null;
        for (var number = 0; number < 2; number++)
        {
            SweepDay.Refusal(day, isLittle: true, most: 4, Noon).ShouldBeNull();
            day = SweepDay.Count(day, isLittle: true, Noon);
        }

        var refused = SweepDay.Refusal(day, isLittle: true, most: 4, Noon)!;
        refused.Code.ShouldBe("payment_address_sweeps_used");
        refused.RetryAfter.ShouldBe(TimeSpan.FromHours(12));
        SweepDay.Refusal(day, isLittle: false, most: 4, Noon).ShouldBeNull();
        day = SweepDay.Count(SweepDay.Count(day, isLittle: false, Noon), isLittle: false, Noon);
        SweepDay.Refusal(day, isLittle: false, most: 4, Noon).ShouldNotBeNull();
        SweepDay.Refusal(day, isLittle: true, most: 4, Noon.AddDays(1)).ShouldBeNull();
    }

    // What was put off is asked about all at once at midnight, before any of it is counted.
    [Fact]
    public void However_many_strangers_were_let_through_at_once_payers_have_their_half()
    {
        SweepDay? day = null;
        for (var number = 0; number < 100; number++)
        {
            day = SweepDay.Count(day, isLittle: true, Noon);
        }

        for (var number = 0; number < 2; number++)
        {
            SweepDay.Refusal(day, isLittle: false, most: 4, Noon).ShouldBeNull();
            SweepDay.Refusal(day, isLittle: true, most: 4, Noon).ShouldNotBeNull();
            day = SweepDay.Count(day, isLittle: false, Noon);
        }

        SweepDay.Refusal(day, isLittle: false, most: 4, Noon).ShouldNotBeNull();
    }

    [Fact]
    public void What_strangers_leave_of_a_day_is_payers()
    {
        SweepDay? day = null;
        for (var number = 0; number < 4; number++)
        {
            SweepDay.Refusal(day, isLittle: false, most: 4, Noon).ShouldBeNull();
            day = SweepDay.Count(day, isLittle: false, Noon);
        }

        SweepDay.Refusal(day, isLittle: false, most: 4, Noon).ShouldNotBeNull();
        SweepDay.Refusal(day, isLittle: true, most: 4, Noon).ShouldNotBeNull("there is an end to what is paid for");
    }
}

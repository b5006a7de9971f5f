using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Tests.Payments;

public sealed class OpeningWaitTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void It_is_looked_at_once_then_less_and_less_often_and_last_at_the_very_end()
    {
        var wait = new OpeningWait();
        wait.Begin(Start, TimeSpan.FromHours(72));
        List<TimeSpan> looks = [];
        while (wait.LookAt < wait.Until)
        {
            looks.Add(wait.LookAt!.Value - Start);
            wait.Again(wait.LookAt.Value);
        }

        looks.Take(5).Select(at => at.TotalSeconds).ShouldBe([0, 1, 3, 7, 15]);
        looks.Count.ShouldBeInRange(72 * 12, (72 * 12) + 10);
        wait.LookAt.ShouldBe(Start + TimeSpan.FromHours(72));
    }
}

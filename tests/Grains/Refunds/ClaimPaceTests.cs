using StellarPay.Grains.Refunds;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.Refunds;

/// <summary>How often payers of one session may claim.</summary>
public sealed class ClaimPaceTests
{
    [Fact]
    public void Ten_a_minute_and_who_asks_in_vain_does_not_put_off_when_he_may()
    {
        var time = new TestClock();
        var pace = new ClaimPace(time);
        for (var claim = 0; claim < 10; claim++)
        {
            pace.Take().ShouldBeNull();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        for (var again = 0; again < 3; again++)
        {
            pace.Take()!.Code.ShouldBe("too_many_claims");
        }

        pace.Take()!.RetryAfter.ShouldBe(TimeSpan.FromSeconds(50));
        time.Advance(TimeSpan.FromSeconds(50));
        pace.Take().ShouldBeNull();
        pace.Take()!.RetryAfter.ShouldBe(TimeSpan.FromSeconds(1));
    }
}

using StellarPay.Grains.Claims;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Tests.Claims;

public sealed class ClaimTransitionsTests
{
    private static readonly (ClaimStatus? From, ClaimStatus To)[] Allowed =
    [
        (null, ClaimStatus.Open),
        (ClaimStatus.Open, ClaimStatus.Claimed),
        (ClaimStatus.Open, ClaimStatus.Reclaiming),
        (ClaimStatus.Open, ClaimStatus.ClawedBack),
        (ClaimStatus.Reclaiming, ClaimStatus.Reclaimed),
        (ClaimStatus.Reclaiming, ClaimStatus.Claimed),
        (ClaimStatus.Reclaiming, ClaimStatus.ClawedBack),
        (ClaimStatus.Reclaiming, ClaimStatus.Open),
    ];

    [Fact]
    public void Every_pair_is_in_the_table_or_refused()
    {
        foreach (var from in Enum.GetValues<ClaimStatus>().Select(s => (ClaimStatus?)s).Prepend(null))
        {
            foreach (var to in Enum.GetValues<ClaimStatus>())
            {
                var claimable = new ClaimableRecord { Status = from };
                if (Allowed.Contains((from, to)))
                {
                    ClaimTransitions.Move(claimable, to);
                    claimable.Status.ShouldBe(to);
                }
                else
                {
                    Should.Throw<InvalidOperationException>(() => ClaimTransitions.Move(claimable, to));
                    claimable.Status.ShouldBe(from);
                }
            }
        }
    }
}

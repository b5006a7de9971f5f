using StellarPay.Grains.Payments;
using static StellarPay.Grains.Payments.PaymentStatus;

namespace StellarPay.Grains.Tests.Payments;

public sealed class PaymentTransitionsTests
{
    private static readonly Dictionary<PaymentStatus, PaymentStatus[]> Table = new()
    {
        [Pending] = [Queued, Signed, Expired, Cancelled, Failed],
        [Queued] = [Signed, Cancelled, Failed],
        [Signed] = [Succeeded, Failed, Queued],
        [Succeeded] = [],
        [Failed] = [],
        [Expired] = [],
        [Cancelled] = [],
    };

    public static TheoryData<PaymentStatus, PaymentStatus> Pairs()
    {
        var pairs = new TheoryData<PaymentStatus, PaymentStatus>();
        foreach (var from in Enum.GetValues<PaymentStatus>())
        {
            foreach (var to in Enum.GetValues<PaymentStatus>())
            {
                pairs.Add(from, to);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_pair_is_allowed_or_refused_as_the_table_says(PaymentStatus from, PaymentStatus to)
    {
        var payment = new PaymentRecord { Id = "txn_1", Status = from };
        if (Table[from].Contains(to))
        {
            PaymentTransitions.Move(payment, to);
            payment.Status.ShouldBe(to);
        }
        else
        {
            Should.Throw<InvalidOperationException>(() => PaymentTransitions.Move(payment, to))
                .Message.ShouldBe($"Payment txn_1 cannot go from {from} to {to}.");
            payment.Status.ShouldBe(from);
        }
    }

    [Fact]
    public void What_nothing_can_follow_is_terminal_and_nothing_else()
    {
        foreach (var (status, followers) in Table)
        {
            PaymentTransitions.IsTerminal(status).ShouldBe(followers.Length == 0, status.ToString());
        }
    }
}

using StellarPay.Grains.Invitations;
using static StellarPay.Grains.Invitations.InvitationStatus;

namespace StellarPay.Grains.Tests.Invitations;

public sealed class InvitationTransitionsTests
{
    private static readonly Dictionary<InvitationStatus, InvitationStatus[]> Table = new()
    {
        [Open] = [Due, Expired, Cancelled],
        [Due] = [Paying, Failed],
        [Paying] = [Paid, Failed],
        [Paid] = [],
        [Failed] = [],
        [Expired] = [],
        [Cancelled] = [],
    };

    public static TheoryData<InvitationStatus, InvitationStatus> Pairs()
    {
        var pairs = new TheoryData<InvitationStatus, InvitationStatus>();
        foreach (var from in Enum.GetValues<InvitationStatus>())
        {
            foreach (var to in Enum.GetValues<InvitationStatus>())
            {
                pairs.Add(from, to);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_pair_is_allowed_or_refused_as_the_table_says(InvitationStatus from, InvitationStatus to)
    {
        var invitation = new InvitationRecord { Id = "inv_1", Status = from };
        if (Table[from].Contains(to))
        {
            InvitationTransitions.Move(invitation, to);
            invitation.Status.ShouldBe(to);
        }
        else
        {
            Should.Throw<InvalidOperationException>(() => InvitationTransitions.Move(invitation, to))
                .Message.ShouldBe($"Invitation inv_1 cannot go from {from} to {to}.");
            invitation.Status.ShouldBe(from);
        }
    }

    [Fact]
    public void What_nothing_can_follow_is_over() => Enum.GetValues<InvitationStatus>()
        .Where(InvitationTransitions.IsTerminal).ShouldBe(Table.Where(each => each.Value.Length == 0).Select(each => each.Key));
}

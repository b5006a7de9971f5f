namespace StellarPay.Grains.Invitations;

/// <summary>What may follow what in an invitation's life.</summary>
internal static class InvitationTransitions
{
    /// <summary>Whether an invitation may go from one status to the other.</summary>
    public static bool IsAllowed(InvitationStatus from, InvitationStatus to) => (from, to) switch
    {
        (InvitationStatus.Open, InvitationStatus.Due or InvitationStatus.Expired or InvitationStatus.Cancelled) => true,
        // Confirmation in time fixes the right: from here on nobody takes it back.
        (InvitationStatus.Due, InvitationStatus.Paying or InvitationStatus.Failed) => true,
        (InvitationStatus.Paying, InvitationStatus.Paid or InvitationStatus.Failed) => true,
        _ => false,
    };

    /// <summary>Whether nothing can follow.</summary>
    public static bool IsTerminal(InvitationStatus status) => status is InvitationStatus.Paid or InvitationStatus.Failed
        or InvitationStatus.Expired or InvitationStatus.Cancelled;

    /// <summary>Moves an invitation on.</summary>
    /// <exception cref="InvalidOperationException">The table does not allow it: a bug.</exception>
    public static void Move(InvitationRecord invitation, InvitationStatus to)
    {
        if (!IsAllowed(invitation.Status, to))
        {
            throw new InvalidOperationException($"Invitation {invitation.Id} cannot go from {invitation.Status} to {to}.");
        }

        invitation.Status = to;
    }
}

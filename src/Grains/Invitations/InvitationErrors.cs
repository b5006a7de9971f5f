using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Invitations;

/// <summary>Why an invitation is not made, or not taken back.</summary>
internal static class InvitationErrors
{
    public static Error NotFound { get; } = new(ErrorKind.NotFound, "invitation_not_found", "There is no such invitation.");

    /// <summary>A key was used, and what came of it is not kept any more: nothing is made by it again.</summary>
    public static Error Forgotten { get; } = new(
        ErrorKind.Conflict, "invitation_forgotten",
        "An invitation was made under this idempotency key. It is over, and no longer kept. Use another key to make another one.",
        IdempotencyLedger.Header);

    public static Error NotCancellable { get; } = new(
        ErrorKind.Conflict, "invitation_not_cancellable",
        "The recipient has confirmed his name, or the invitation is over: it can no longer be taken back.");

    public static Error NotDue { get; } = new(ErrorKind.Conflict, "invitation_not_due", "The invitation is not to be paid now.");

    /// <summary>Confirmed while it was being made, or shortly before: he is paid as anybody.</summary>
    public static Error NameTaken { get; } = new(
        ErrorKind.Conflict, "recipient_confirmed",
        "This e-mail address or phone number is somebody's here, or was until a few days ago. Pay by POST /v1/payments.", "recipient");

    public static Error NameFull { get; } = new(
        ErrorKind.RateLimited, "recipient_invited_enough", "As many invite this recipient already as may at a time.", "recipient",
        TimeSpan.FromDays(1));

    public static Error AlreadyInvited { get; } = new(
        ErrorKind.Conflict, "recipient_invited_already",
        "You invite this recipient already. Take that invitation back first to invite him with another amount.", "recipient");

    public static Error TooManyOpen(int most) => new(
        ErrorKind.RateLimited, "too_many_invitations", $"At most {most} invitations can be open at a time. Take one back, or wait for one.",
        RetryAfter: TimeSpan.FromMinutes(1));

    /// <summary>Each of them was a message to him. The front door says when he may be invited again.</summary>
    public static Error InvitedOften(InvitationOptions options) => new(
        ErrorKind.RateLimited, "recipient_invited_often",
        $"You have invited this recipient {options.SameName} times within {options.SameNameDays} days, which is as often as you may.",
        "recipient", TimeSpan.FromDays(1));

    /// <summary>What the storage said of a write; null where it was about something else.</summary>
    public static Error? Of(InvitationRefusal refusal, InvitationOptions options) => refusal switch
    {
        InvitationRefusal.NameFull => NameFull,
        InvitationRefusal.NameTaken => NameTaken,
        InvitationRefusal.Confirmed => NotCancellable,
        InvitationRefusal.AlreadyInvited => AlreadyInvited,
        InvitationRefusal.InvitedOften => InvitedOften(options),
        _ => null,
    };
}

using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Invitations;

/// <summary>
/// Every change that a wallet's invitations can go through, each with its events. Touches nothing but the state; the grain writes it.
/// </summary>
internal sealed class InvitationBook(WalletState state, WalletEvents events)
{
    /// <summary>
    /// How many that are over are kept, the latest made: all that a key can still stand for. A key holds for 24 hours, in which there are
    /// two days of UTC, each with as many as may be made in one.
    /// </summary>
    public static int KeptOverOf(InvitationOptions options) => 2 * options.PerDay;

    /// <summary>So long after its end one is given up: clocks differ, and whoever confirms in time is not to come too late.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>Why one failed whose payment its sender's wallet cancelled.</summary>
    public const string PaymentCancelled = "payment_cancelled";

    public IReadOnlyList<InvitationRecord> All => state.Invitations ?? [];

    /// <summary>How many are not over.</summary>
    public int Open => All.Count(invitation => !invitation.IsOver);

    public InvitationRecord? Find(InvitationId id) => state.Invitations?.Find(invitation => invitation.Id == id.Value);

    /// <summary>Whether one waits to be paid or to end by a moment.</summary>
    public static bool IsDue(WalletState state, DateTimeOffset now) => DueAt(state) <= now;

    /// <summary>When to look next; null where nothing waits.</summary>
    public static DateTimeOffset? DueAt(WalletState state)
    {
        var due = default(DateTimeOffset?);
        foreach (var invitation in state.Invitations ?? [])
        {
            if (DueAt(invitation) is { } at && !(due <= at))
            {
                due = at;
            }
        }

        return due;
    }

    /// <summary>When to look at one next, or null.</summary>
    public static DateTimeOffset? DueAt(InvitationRecord invitation) => invitation.Status switch
    {
        InvitationStatus.Open => invitation.Wait?.LookAt is { } later && later > invitation.ExpiresAt
            ? later
            : invitation.ExpiresAt + Grace,
        InvitationStatus.Due => invitation.Wait?.LookAt,
        _ => null,
    };

    /// <summary>What they keep back of an asset.</summary>
    public static long Reserved(WalletState state, string asset)
    {
        var reserved = 0L;
        foreach (var invitation in state.Invitations ?? [])
        {
            if (invitation.Asset == asset && invitation.HoldsReservation)
            {
                reserved = checked(reserved + invitation.Stroops);
            }
        }

        return reserved;
    }

    /// <summary>One that is about to be paid; null where it is not.</summary>
    public InvitationRecord? FindDue(InvitationId? id) =>
        id is { } known && Find(known) is { Status: InvitationStatus.Due } due ? due : null;

    /// <summary>What one keeps back that is about to be paid; nothing where it is not.</summary>
    public long HeldFor(InvitationId? id) => FindDue(id)?.Stroops ?? 0;

    /// <summary>
    /// Sets an amount aside, and counts it against the limits as if it were paid: they were asked when it was made, and nothing that its
    /// sender pays afterwards comes before it.
    /// </summary>
    public void Add(InvitationRecord invitation, InvitationRequest request, DateTimeOffset now, InvitationOptions options)
    {
        (state.Invitations ??= []).Add(invitation);
        LimitLedger.Reserve(state, invitation.CreatedAt, invitation.LimitUnits);
        var (digest, kind) = (request.Name.Digest, request.Name.Kind);
        Marks.Opened.Add(new OpenedMark(
            invitation.Id, digest, kind, now, invitation.ExpiresAt, options.OpenPerName, request.Message, options.SameName,
            now - TimeSpan.FromDays(options.SameNameDays)));
        events.Raise(EventTypes.InvitationCreated, invitation);
    }

    /// <summary>Its name was confirmed in time.</summary>
    public void Take(InvitationRecord invitation, UserId user, string name, DateTimeOffset now, TimeSpan longest)
    {
        InvitationTransitions.Move(invitation, InvitationStatus.Due);
        (invitation.User, invitation.Name, invitation.Wait) = (user.Value, name, new OpeningWait());
        invitation.Wait.Begin(now, longest);
        Marks.Confirmed.Add(new ConfirmedMark(invitation.Id, user.Value));
        events.Raise(EventTypes.InvitationDue, invitation);
    }

    /// <summary>Whoever told of it need not do so again.</summary>
    public void Heard(InvitationId id) => Marks.Taken.Add(id.Value);

    /// <summary>Its payment is there, which reserves the amount and counts against the limits from now on.</summary>
    public void Pay(InvitationId id, PaymentRecord payment)
    {
        var invitation = Find(id) ?? throw new InvalidOperationException($"There is no invitation {id}.");
        InvitationTransitions.Move(invitation, InvitationStatus.Paying);
        LimitLedger.Release(state, invitation.CreatedAt, invitation.LimitUnits);
        (invitation.Payment, invitation.Wait) = (payment.Id, null);
        events.Raise(EventTypes.InvitationPaying, invitation);
    }

    /// <summary>It cannot be paid.</summary>
    public void Fail(InvitationRecord invitation, string code, DateTimeOffset now)
    {
        invitation.FailureCode = code;
        End(invitation, InvitationStatus.Failed, EventTypes.InvitationFailed, now);
    }

    /// <summary>Nobody confirmed its name in time.</summary>
    public void Expire(InvitationRecord invitation, DateTimeOffset now)
    {
        Marks.Ended.Add(invitation.Id);
        End(invitation, InvitationStatus.Expired, EventTypes.InvitationExpired, now);
    }

    /// <summary>Its sender takes it back.</summary>
    public void Cancel(InvitationRecord invitation, DateTimeOffset now)
    {
        Marks.Ended.Add(invitation.Id);
        End(invitation, InvitationStatus.Cancelled, EventTypes.InvitationCancelled, now);
    }

    /// <summary>A payment is at its end; where it was an invitation's, that is too.</summary>
    public void Follow(PaymentRecord payment, DateTimeOffset now)
    {
        if (state.Invitations?.Find(each => each.Payment == payment.Id && each.Status == InvitationStatus.Paying) is not { } invitation)
        {
            return;
        }

        if (payment.Status == PaymentStatus.Succeeded)
        {
            End(invitation, InvitationStatus.Paid, EventTypes.InvitationPaid, now);
        }
        else
        {
            Fail(invitation, payment.FailureCode ?? PaymentCancelled, now);
        }
    }

    /// <summary>Whether a payment is an invitation's, which its sender takes back no more.</summary>
    public bool IsPaying(PaymentRecord payment) => All.Any(each => each.Payment == payment.Id && !each.IsOver);

    /// <summary>Forgets what is not needed any more; the events have it.</summary>
    /// <param name="keptOver">How many that are over are kept.</param>
    public void Prune(int keptOver)
    {
        var surplus = (state.Invitations?.Count(each => each.IsOver) ?? 0) - keptOver;
        if (surplus > 0)
        {
            state.Invitations!.RemoveAll(each => each.IsOver && surplus-- > 0);
        }
    }

    private InvitationMarks Marks => state.Invited ??= new InvitationMarks();

    private void End(InvitationRecord invitation, InvitationStatus status, string eventType, DateTimeOffset now)
    {
        if (invitation.HoldsReservation)
        {
            LimitLedger.Release(state, invitation.CreatedAt, invitation.LimitUnits);
        }

        InvitationTransitions.Move(invitation, status);
        (invitation.EndedAt, invitation.User, invitation.Name, invitation.Wait) = (now, null, null, null);
        events.Raise(eventType, invitation);
    }
}

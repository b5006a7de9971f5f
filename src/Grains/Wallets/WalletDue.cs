using StellarPay.Grains.Invitations;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

/// <summary>When a wallet must look at itself next, by business time.</summary>
internal static class WalletDue
{
    // While something under way has somebody to do it, the wake-up that would replace that somebody can be later.
    private const int AttendedFactor = 3;

    /// <summary>The next wake-up; null where nothing is due.</summary>
    /// <param name="state">The wallet.</param>
    /// <param name="now">The moment.</param>
    /// <param name="resumeAfter">After how long a wake-up looks whether what is under way goes on.</param>
    /// <param name="waits">Whether something waits to be done.</param>
    /// <param name="attended">Whether somebody sees to it that what is under way goes on.</param>
    public static DateTimeOffset? Next(WalletState state, DateTimeOffset now, TimeSpan resumeAfter, bool waits, bool attended)
    {
        var due = Sooner(ClaimableScan.DueAt(state, now, resumeAfter), Sooner(RecipientWatch.DueAt(state), InvitationBook.DueAt(state)));
        foreach (var payment in state.Payments)
        {
            if (payment.Status == PaymentStatus.Pending)
            {
                due = Sooner(due, payment.ExpiresAt);
            }
            else if (payment is { Status: PaymentStatus.Queued, NotAfter: { } end })
            {
                due = Sooner(due, end);
            }
        }

        if (state.OpensAfter is { } opens && opens > now && (due is null || opens < due))
        {
            due = opens;
        }

        var underWay = state.Submission is not null;
        if (!waits && !underWay)
        {
            return due;
        }

        // A transaction has somebody as soon as it is stored.
        return Sooner(due, ResumeAt(state.DueAt, now, resumeAfter, attended || underWay));
    }

    private static DateTimeOffset? Sooner(DateTimeOffset? one, DateTimeOffset? other) => other < one || one is null ? other : one;

    // A wake-up that is set and comes a little early does no harm, and leaving it as it is spares the database its index.
    private static DateTimeOffset ResumeAt(DateTimeOffset? set, DateTimeOffset now, TimeSpan after, bool attended)
    {
        var resume = now + (attended ? AttendedFactor * after : after);
        return set is { } at && at > now + after && at < resume ? at : resume;
    }
}

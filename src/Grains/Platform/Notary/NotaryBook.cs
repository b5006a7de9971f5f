using StellarPay.Grains.Accounts;
using StellarPay.Grains.Audit;

namespace StellarPay.Grains.Platform.Notary;

/// <summary>Which head is on its way to the ledger and which is there, of the notary's state. Touches nothing else.</summary>
/// <param name="state">The state.</param>
/// <param name="every">How long after one head the next follows.</param>
internal sealed class NotaryBook(NotaryState state, TimeSpan every) : ISubmissionParty
{
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMinutes(1);

    private AuditHead? _next;

    /// <summary>Whether a head is to be written now.</summary>
    public bool IsDue(DateTimeOffset now) => state.Submission is null && state.NextAt <= now;

    /// <summary>The head that the transaction writes that is signed next.</summary>
    public void Intend(AuditHead head) => _next = head;

    /// <summary>The head is stored with the transaction.</summary>
    public void Signed(Submission submission)
    {
        var head = _next ?? throw new InvalidOperationException($"Transaction {submission.InnerHash} writes no head that anybody intended.");
        (_next, state.Writing, state.NextAt) = (null, head, submission.SignedAt + every);
    }

    public void Landed(Submission submission, Landing landing) => (state.Anchored, state.Writing) = (state.Writing, null);

    /// <summary>The next attempt writes what is the head by then.</summary>
    public void Refused(Submission submission, Refusal refusal) => (state.NextAt, state.Writing) = (refusal.At + AfterRefusal, null);
}

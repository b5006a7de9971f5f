using StellarPay.Grains.Accounts;

namespace StellarPay.Grains.Platform.Notary;

/// <summary>Which head is on its way to the ledger and which is there, of the notary's state. Touches nothing else.</summary>
/// <param name="state">The state.</param>
/// <param name="every">How long after one head the next follows.</param>
internal sealed class NotaryBook(NotaryState state, TimeSpan every) : ISubmissionParty
{
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMinutes(1);

    /// <summary>Whether a head is to be written now.</summary>
    public bool IsDue(DateTimeOffset now) => state.Submission is null && state.NextAt <= now;

    /// <summary>The head is that of the plan; it is stored with the transaction.</summary>
    public void Signed(Submission submission) => state.NextAt = submission.SignedAt + every;

    public void Landed(Submission submission, Landing landing) => (state.Anchored, state.Writing) = (state.Writing, null);

    /// <summary>The next attempt writes what is the head by then.</summary>
    public void Refused(Submission submission, Refusal refusal) => (state.NextAt, state.Writing) = (refusal.At + AfterRefusal, null);
}

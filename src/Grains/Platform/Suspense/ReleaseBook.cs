using StellarPay.Grains.Accounts;
using StellarPay.Grains.Ledger;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>
/// What becomes of deposits that are handed on: each moves with the write that stores its transaction, and with the one that
/// stores how that ended. Touches nothing but the state.
/// </summary>
internal sealed class ReleaseBook(SuspenseState state) : ISubmissionParty
{
    private ReleaseRecord? _next;

    /// <summary>How the latest transaction ended for its deposit.</summary>
    public SuspenseStatus? LatestEnd { get; private set; }

    /// <summary>What the transaction is for that is signed next.</summary>
    public void Intend(ReleaseRecord next) => _next = next;

    /// <summary>A deposit stays where it is, as the platform's own.</summary>
    public void Keep(string depositId, SuspenseDecision decision) =>
        Move(depositId, SuspenseStatus.Open, SuspenseStatus.Kept, decision);

    public void Signed(Submission submission)
    {
        var intended = _next is { } next && submission.IndexOf(next.DepositId) >= 0
            ? next
            : throw new InvalidOperationException($"Transaction {submission.InnerHash} hands no deposit on that anybody decided of.");
        _next = null;
        state.Release = intended with { Decision = intended.Decision with { Hash = submission.PresentHash() } };
        Move(intended.DepositId, SuspenseStatus.Open, SuspenseStatus.Sending, state.Release.Decision);
    }

    public void Landed(Submission submission, Landing landing)
    {
        var decision = state.Release!.Decision;
        End(decision.Outcome, decision with { CompletedLedger = landing.Ledger });
    }

    /// <summary>For good: this transaction can never be applied, so the deposit may be decided anew.</summary>
    public void Refused(Submission submission, Refusal refusal) =>
        End(SuspenseStatus.Open, state.Release!.Decision with { Failure = refusal.Code });

    private void End(SuspenseStatus to, SuspenseDecision decision)
    {
        Move(state.Release!.DepositId, SuspenseStatus.Sending, to, decision);
        (state.Release, LatestEnd) = (null, to);
    }

    private void Move(string depositId, SuspenseStatus from, SuspenseStatus to, SuspenseDecision decision) =>
        ((IInboxState)state).Marks().Moved.Add(new DepositMove(depositId, from, to, decision));
}

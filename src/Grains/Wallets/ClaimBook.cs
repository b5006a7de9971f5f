using StellarPay.Grains.Accounts;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Events;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// What becomes of claimable balances: those that payments of a wallet set aside, and those that it may claim. Touches nothing
/// but the state.
/// </summary>
internal sealed class ClaimBook(WalletState state, WalletEvents events, ClaimRules rules) : ISubmissionParty
{
    /// <summary>The most balances of a wallet that may wait on the ledger, for the platform carries their reserves.</summary>
    public const int MostOpen = 20;

    /// <summary>Stellar's code of a claim of what is no more.</summary>
    public const string DoesNotExist = "op_does_not_exist";

    private const string OperationPrefix = "op_";

    /// <summary>How many balances wait on the ledger, or are about to.</summary>
    public int OpenClaimables => state.Payments.Count(p =>
        p.Claimable is { } claimable && (claimable.IsOpen || !PaymentTransitions.IsTerminal(p.Status)));

    /// <summary>
    /// The balances to be claimed in the next transaction: what the wallet's owner wants back, and only without any of that what
    /// others have set aside. Whoever can take a balance back makes all fail that share its transaction.
    /// </summary>
    public IReadOnlyList<ClaimOrder> Next()
    {
        var own = state.Payments.Where(p => p.Claimable?.Status == ClaimStatus.Reclaiming)
            .Select(p => new ClaimOrder(ClaimSubjects.Reclaim(p.Id), p.Claimable!.BalanceId!, p.Claimable.Alone))
            .ToList();
        if (own is [{ Alone: true } alone, ..])
        {
            return [alone];
        }

        return own.Count > 0
            ? [.. own.Where(order => !order.Alone).Take(SubmissionBook.MaxOperations)]
            : [.. Incoming.Next().Select(c => new ClaimOrder(ClaimSubjects.Claim(c.BalanceId), c.BalanceId, c.Alone))];
    }

    /// <summary>What others have set aside for this wallet.</summary>
    public IncomingClaims Incoming { get; } = new(state, rules);

    /// <summary>The least that is set aside or claimed.</summary>
    public long MinimumStroops => rules.MinimumStroops;

    public PaymentRecord? FindByBalance(string balanceId) => state.Payments.Find(p => p.Claimable?.BalanceId == balanceId);

    /// <summary>The owner wants a balance back. Its claim goes out with the wallet's next transaction.</summary>
    public void Reclaim(PaymentRecord payment)
    {
        ClaimTransitions.Move(payment.Claimable!, ClaimStatus.Reclaiming);
        payment.Claimable!.Signings = 0;
        events.Raise(EventTypes.PaymentReclaiming, payment);
    }

    /// <summary>The ledger has a balance no more, and this wallet did not get it back.</summary>
    public void CloseClaimable(PaymentRecord payment, ClaimStatus how)
    {
        ClaimTransitions.Move(payment.Claimable!, how);
        payment.Claimable!.LookAt = null;
        events.Raise(how == ClaimStatus.ClawedBack ? EventTypes.PaymentClawedBack : EventTypes.PaymentClaimed, payment);
    }

    /// <summary>The owner can have a balance back from now on. Said once.</summary>
    public void TellReclaimable(PaymentRecord payment, DateTimeOffset lookAt)
    {
        payment.Claimable!.LookAt = lookAt;
        if (!payment.Claimable.Told)
        {
            payment.Claimable.Told = true;
            events.Raise(EventTypes.PaymentReclaimable, payment);
        }
    }

    public void Signed(Submission submission)
    {
        foreach (var operation in submission.Operations)
        {
            if (ReclaimedBy(operation) is { Claimable: { } claimable })
            {
                claimable.Signings++;
            }
            else if (ClaimedBy(operation) is { } claim)
            {
                claim.Signings++;
            }
        }
    }

    public void Landed(Submission submission, Landing landing)
    {
        foreach (var operation in submission.Operations)
        {
            if (ReclaimedBy(operation) is { } payment)
            {
                Reclaimed(payment);
            }
            else if (ClaimSubjects.ClaimedBy(operation.Subject) is { } balanceId)
            {
                Incoming.Drop(balanceId);
            }
        }

        Incoming.Landed(landing.At);
    }

    /// <summary>Whose claim is to blame is not tried again at once; the others go out again by themselves.</summary>
    public void Refused(Submission submission, Refusal refusal)
    {
        var (code, own, now) = (refusal.Code, refusal.OperationCodes, refusal.At);
        // An operation that was alone is to blame for its code.
        var frozen = own is null && FrozenEntries.IsCode(code);
        own ??= submission.Operations.Count == 1 && (frozen || code.StartsWith(OperationPrefix, StringComparison.Ordinal)) ? [code] : null;
        var suspects = frozen && own is null;
        if (refusal.Unpaid)
        {
            // Nothing of it was tried.
            Untried(submission);
            return;
        }

        for (var index = 0; index < submission.Operations.Count; index++)
        {
            var ownCode = own?[index] ?? code;
            if (ReclaimedBy(submission.Operations[index]) is { Claimable.Status: ClaimStatus.Reclaiming } payment)
            {
                payment.Claimable!.Alone = suspects;
                RefuseReclaim(payment, own is not null, ownCode);
            }
            else if (ClaimedBy(submission.Operations[index]) is { } claim)
            {
                claim.Alone |= suspects;
                Incoming.Refuse(claim, own is not null, ownCode, now);
            }
        }
    }

    private void Untried(Submission submission)
    {
        foreach (var operation in submission.Operations)
        {
            if (ReclaimedBy(operation) is { Claimable: { Signings: > 0 } claimable })
            {
                claimable.Signings--;
            }
            else if (ClaimedBy(operation) is { Signings: > 0 } claim)
            {
                claim.Signings--;
            }
        }
    }

    private void RefuseReclaim(PaymentRecord payment, bool blamed, string code)
    {
        if (blamed && code == DoesNotExist)
        {
            CloseClaimable(payment, ClaimStatus.Claimed);
        }
        else if (blamed ? code != SubmissionBook.Succeeded : payment.Claimable!.Signings >= SubmissionBook.MaxSignings)
        {
            ClaimTransitions.Move(payment.Claimable!, ClaimStatus.Open);
            events.Raise(EventTypes.PaymentReclaimFailed, payment, claimCode: code);
        }
    }

    /// <summary>What the ledger says of a claimable balance.</summary>
    public void Take(LedgerOperation operation, DateTimeOffset now)
    {
        switch (operation)
        {
            case { Type: "create_claimable_balance", BalanceId: not null, Amount: not null } when operation.From != state.Address:
                Incoming.TakeCreated(operation, now);
                break;
            case { Type: "claim_claimable_balance", BalanceId: { } id }:
                Incoming.Drop(id);
                Closed(id, operation.To == state.Address ? null : ClaimStatus.Claimed);
                break;
            case { Type: "clawback_claimable_balance", BalanceId: { } id }:
                Incoming.Drop(id);
                Closed(id, ClaimStatus.ClawedBack);
                break;
        }
    }

    private void Closed(string balanceId, ClaimStatus? byOther)
    {
        if (FindByBalance(balanceId) is not { Claimable: { IsOpen: true } claimable } payment)
        {
            return;
        }

        if (byOther is { } how)
        {
            CloseClaimable(payment, how);
        }
        else
        {
            // By a transaction that is not of this wallet's making, if it was not asked for.
            if (claimable.Status == ClaimStatus.Open)
            {
                ClaimTransitions.Move(claimable, ClaimStatus.Reclaiming);
            }

            Reclaimed(payment);
        }
    }

    private void Reclaimed(PaymentRecord payment)
    {
        if (payment.Claimable is { Status: ClaimStatus.Reclaiming } claimable)
        {
            ClaimTransitions.Move(claimable, ClaimStatus.Reclaimed);
            claimable.LookAt = null;
            events.Raise(EventTypes.PaymentReclaimed, payment);
        }
    }

    private PaymentRecord? ReclaimedBy(SubmittedOperation operation) =>
        ClaimSubjects.ReclaimedBy(operation.Subject) is { } id ? state.Payments.Find(p => p.Id == id) : null;

    private IncomingClaim? ClaimedBy(SubmittedOperation operation) =>
        ClaimSubjects.ClaimedBy(operation.Subject) is { } id ? Incoming.Find(id) : null;
}

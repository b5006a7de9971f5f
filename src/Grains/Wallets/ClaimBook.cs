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
    /// <summary>The most balances of others that are remembered; the rest is asked for when these are through.</summary>
    public const int Most = 50;

    /// <summary>The most balances of a wallet that may wait on the ledger, for the platform carries their reserves.</summary>
    public const int MostOpen = 20;

    private const string OperationPrefix = "op_";
    private const string DoesNotExist = "op_does_not_exist";

    /// <summary>How long a balance is let be that could not be claimed.</summary>
    public static readonly TimeSpan ClaimPause = TimeSpan.FromHours(1);

    /// <summary>When to ask again for balances that cannot be claimed yet, and were too many to remember.</summary>
    public static readonly TimeSpan SweepPause = TimeSpan.FromDays(1);

    /// <summary>How many balances wait on the ledger, or are about to.</summary>
    public int OpenClaimables => state.Payments.Count(p =>
        p.Claimable is { } claimable && (claimable.IsOpen || !PaymentTransitions.IsTerminal(p.Status)));

    /// <summary>The balances to be claimed in the next transaction: what the wallet's owner wants back first.</summary>
    public IReadOnlyList<ClaimOrder> Next()
    {
        var ready = state.Payments.Where(p => p.Claimable?.Status == ClaimStatus.Reclaiming)
            .Select(p => new ClaimOrder(ClaimSubjects.Reclaim(p.Id), p.Claimable!.BalanceId!, p.Claimable.Alone))
            .Concat((state.Claims ?? []).Where(c => c.IsReady)
                .Select(c => new ClaimOrder(ClaimSubjects.Claim(c.BalanceId), c.BalanceId, c.Alone)))
            .ToList();
        // What may be what a shared transaction was refused for goes by itself, after the others.
        return ready.Exists(order => !order.Alone)
            ? [.. ready.Where(order => !order.Alone).Take(SubmissionBook.MaxOperations)]
            : [.. ready.Take(1)];
    }

    /// <summary>The least that is set aside or claimed.</summary>
    public long MinimumStroops => rules.MinimumStroops;

    public PaymentRecord? FindByBalance(string balanceId) => state.Payments.Find(p => p.Claimable?.BalanceId == balanceId);

    public IncomingClaim? FindClaim(string balanceId) => state.Claims?.Find(c => c.BalanceId == balanceId);

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

    /// <summary>
    /// Remembers a balance that this wallet may claim. Of more than can be remembered, the network is to be asked later.
    /// </summary>
    public ClaimOffer Offer(
        string balanceId, string asset, long stroops, DateTimeOffset? lookAt, DateTimeOffset now, long ledger = 0)
    {
        if (!rules.IsWorth(asset, stroops) || FindClaim(balanceId) is not null || FindByBalance(balanceId) is not null)
        {
            return ClaimOffer.Nothing;
        }

        var full = state.Claims?.Count >= Most;
        if (full && !MadeRoom(lookAt, now))
        {
            return ClaimOffer.Full;
        }

        (state.Claims ??= []).Add(new IncomingClaim { BalanceId = balanceId, LookAt = lookAt, Ledger = ledger });
        return full ? ClaimOffer.Displaced : ClaimOffer.Remembered;
    }

    // What can be claimed now comes before what cannot for long: else strangers' balances of next year hide it.
    private bool MadeRoom(DateTimeOffset? lookAt, DateTimeOffset now)
    {
        var last = state.Claims!.MaxBy(claim => claim.LookAt ?? DateTimeOffset.MinValue)!;
        if (lookAt > now || last.IsReady || last.LookAt <= now)
        {
            return false;
        }

        state.Claims!.Remove(last);
        return true;
    }

    /// <summary>A balance will never be claimed by this wallet, or has been.</summary>
    public void DropClaim(string balanceId)
    {
        state.Claims?.RemoveAll(c => c.BalanceId == balanceId);
        state.Claims = state.Claims is [] ? null : state.Claims;
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
                DropClaim(balanceId);
            }
        }

        // There is room for more.
        state.SweepAt = state is { Claims: null, SweepAt: { } later } && later > landing.At ? landing.At : state.SweepAt;
    }

    /// <summary>Whose claim is to blame is not tried again at once; the others go out again by themselves.</summary>
    public void Refused(Submission submission, Refusal refusal)
    {
        var (code, own, now) = (refusal.Code, refusal.OperationCodes, refusal.At);
        // An operation that was alone is to blame for its code.
        var frozen = own is null && FrozenEntries.IsCode(code);
        own ??= submission.Operations.Count == 1 && (frozen || code.StartsWith(OperationPrefix, StringComparison.Ordinal)) ? [code] : null;
        var suspects = frozen && own is null;
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
                RefuseClaim(claim, own is not null, ownCode, now);
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

    private void RefuseClaim(IncomingClaim claim, bool blamed, string code, DateTimeOffset now)
    {
        // A frozen balance is not tried again by itself; whoever scans may find it again when it is thawed.
        if (blamed && (code == DoesNotExist || FrozenEntries.IsCode(code) || (code != SubmissionBook.Succeeded && claim.Signings >= SubmissionBook.MaxSignings)))
        {
            DropClaim(claim.BalanceId);
        }
        else if (blamed ? code != SubmissionBook.Succeeded : claim.Signings % SubmissionBook.MaxSignings == 0)
        {
            claim.LookAt = now + ClaimPause;
        }
    }

    /// <summary>What the ledger says of a claimable balance.</summary>
    public void Take(LedgerOperation operation, DateTimeOffset now)
    {
        switch (operation)
        {
            case { Type: "create_claimable_balance", BalanceId: { } id, Amount: { } amount }
                when operation.From != state.Address && operation.Claimants?.Contains(state.Address, StringComparer.Ordinal) is true:
                var offer = Offer(id, amount.Asset.Canonical, amount.Stroops, now, now, operation.Ledger);
                state.SweepAt ??= offer == ClaimOffer.Full ? now + ClaimPause : offer == ClaimOffer.Displaced ? now + SweepPause : null;
                break;
            case { Type: "claim_claimable_balance", BalanceId: { } id }:
                DropClaim(id);
                Closed(id, operation.To == state.Address ? null : ClaimStatus.Claimed);
                break;
            case { Type: "clawback_claimable_balance", BalanceId: { } id }:
                DropClaim(id);
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
        ClaimSubjects.ClaimedBy(operation.Subject) is { } id ? FindClaim(id) : null;
}

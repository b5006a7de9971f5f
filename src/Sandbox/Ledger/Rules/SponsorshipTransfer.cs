using StellarPay.Stellar;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// Moves the reserve of something that exists from its present payer to the next: what RevokeSponsorship does to an
/// entry or a signer alike.
/// </summary>
internal sealed class SponsorshipTransfer(LedgerState state)
{
    /// <summary>
    /// Changes the accounts' counts. The owner is null for a claimable balance, which has none. Both sponsors null
    /// means that the owner pays and goes on paying.
    /// </summary>
    public ReserveResult TryMove(AccountId? owner, AccountId? from, AccountId? to, uint reserves)
    {
        if (from == to)
        {
            return ReserveResult.Success;
        }

        if (from is { } oldSponsor && to is { } newSponsor)
        {
            return TryTransfer(oldSponsor, newSponsor, reserves);
        }

        return from is { } last
            ? TryTakeBack(owner!.Value, last, reserves)
            : TryEstablish(owner!.Value, to!.Value, reserves);
    }

    private ReserveResult TryTransfer(AccountId from, AccountId to, uint reserves)
    {
        var last = ReserveRules.RemoveSponsoring(state.ExistingAccount(from), reserves);
        var next = state.ExistingAccount(to);
        var result = ReserveRules.CanSponsor(state.Header, next, reserves);
        if (result == ReserveResult.Success)
        {
            state.Put(ReserveRules.AddSponsoring(next, reserves));
            state.Put(last);
        }

        return result;
    }

    private ReserveResult TryTakeBack(AccountId owner, AccountId from, uint reserves)
    {
        var sponsor = state.ExistingAccount(from);
        var account = state.ExistingAccount(owner);
        var result = ReserveRules.CanTakeBack(state.Header, sponsor, account, reserves);
        if (result == ReserveResult.Success)
        {
            state.Put(ReserveRules.RemoveSponsoring(sponsor, reserves));
            state.Put(ReserveRules.RemoveSponsored(account, reserves));
        }

        return result;
    }

    private ReserveResult TryEstablish(AccountId owner, AccountId to, uint reserves)
    {
        var sponsor = state.ExistingAccount(to);
        var result = ReserveRules.CanSponsor(state.Header, sponsor, reserves);
        if (result == ReserveResult.Success)
        {
            state.Put(ReserveRules.AddSponsoring(sponsor, reserves));
            state.Put(ReserveRules.AddSponsored(state.ExistingAccount(owner), reserves));
        }

        return result;
    }
}

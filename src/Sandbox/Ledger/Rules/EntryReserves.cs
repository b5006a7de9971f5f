using StellarPay.Stellar;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// Creates and removes entries together with their reserves, paid by the owner or by the sponsor of the moment. The
/// entry itself is put or erased by the caller.
/// </summary>
internal sealed class EntryReserves(LedgerState state, Sponsorships sponsorships)
{
    /// <summary>Takes the reserve for a new entry; the entry comes back with its sponsor.</summary>
    public ReserveResult TryCreate<T>(ref T entry, AccountId owner)
        where T : LedgerObject
    {
        var sponsor = sponsorships.SponsorOf(owner);
        var reserves = ReserveRules.Multiplier(entry);
        switch (entry)
        {
            case Account account when sponsor is null:
                return account.Balance < BalanceRules.MinimumBalance(state.Header, account)
                    ? ReserveResult.LowReserve
                    : ReserveResult.Success;
            case Account account:
                return TrySponsor(ref entry, (T)(LedgerObject)ReserveRules.AddSponsored(account, reserves),
                    sponsor.Value, reserves);
            case ClaimableBalance:
                return TrySponsor(ref entry, entry, sponsor ?? owner, reserves);
            default:
                return TryCreateSubEntry(ref entry, owner, sponsor, reserves);
        }
    }

    /// <summary>Gives back the reserve of an entry that is about to go.</summary>
    public void Remove(LedgerObject entry, AccountId owner)
    {
        var reserves = ReserveRules.Multiplier(entry);
        if (entry is not Account and not ClaimableBalance)
        {
            var account = ReserveRules.RemoveSubEntries(state.ExistingAccount(owner), reserves);
            state.Put(entry.Sponsor is null ? account : ReserveRules.RemoveSponsored(account, reserves));
        }

        if (entry.Sponsor is { } sponsor)
        {
            state.Put(ReserveRules.RemoveSponsoring(state.ExistingAccount(sponsor), reserves));
        }
    }

    private ReserveResult TryCreateSubEntry<T>(ref T entry, AccountId owner, AccountId? sponsor, uint reserves)
        where T : LedgerObject
    {
        var account = state.ExistingAccount(owner);
        if (sponsor is not { } payer)
        {
            var result = ReserveRules.CanPay(state.Header, account, reserves);
            if (result == ReserveResult.Success)
            {
                state.Put(account with { SubEntries = account.SubEntries + reserves });
            }

            return result;
        }

        if (ReserveRules.HasTooManySubEntries(account, reserves))
        {
            return ReserveResult.TooManySubEntries;
        }

        var sponsored = TrySponsor(ref entry, entry, payer, reserves);
        if (sponsored == ReserveResult.Success)
        {
            state.Put(ReserveRules.AddSponsored(account, reserves) with
            {
                SubEntries = account.SubEntries + reserves,
            });
        }

        return sponsored;
    }

    private ReserveResult TrySponsor<T>(ref T entry, T unsponsored, AccountId sponsor, uint reserves)
        where T : LedgerObject
    {
        var payer = state.ExistingAccount(sponsor);
        var result = ReserveRules.CanSponsor(state.Header, payer, reserves);
        if (result == ReserveResult.Success)
        {
            state.Put(ReserveRules.AddSponsoring(payer, reserves));
            entry = (T)(unsponsored with { Sponsor = sponsor, WasEverSponsored = true });
        }

        return result;
    }
}

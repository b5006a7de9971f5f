using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Adds and removes signers of an account together with their reserves.</summary>
internal sealed class SignerReserves(LedgerState state, Sponsorships sponsorships)
{
    /// <summary>Adds the signer at its sorted place. The account must be in the state; it has room.</summary>
    public ReserveResult TryAdd(Account account, SignerKey signer, uint weight)
    {
        var sponsor = sponsorships.SponsorOf(account.Id);
        if (sponsor is { } payer)
        {
            if (ReserveRules.HasTooManySubEntries(account, 1))
            {
                return ReserveResult.TooManySubEntries;
            }

            var sponsoring = state.ExistingAccount(payer);
            var sponsored = ReserveRules.CanSponsor(state.Header, sponsoring, 1);
            if (sponsored != ReserveResult.Success)
            {
                return sponsored;
            }

            state.Put(ReserveRules.AddSponsoring(sponsoring, 1));
            account = ReserveRules.AddSponsored(account, 1);
        }
        else
        {
            var result = ReserveRules.CanPay(state.Header, account, 1);
            if (result != ReserveResult.Success)
            {
                return result;
            }
        }

        var place = ~account.FindSigner(signer);
        var signers = account.Signers.AsSpan();
        state.Put(account with
        {
            Signers = [.. signers[..place], new AccountSigner(signer, weight, sponsor), .. signers[place..]],
            SubEntries = account.SubEntries + 1,
        });
        return ReserveResult.Success;
    }

    public void RemoveAt(AccountId accountId, int place)
    {
        var account = ReserveRules.RemoveSubEntries(state.ExistingAccount(accountId), 1);
        if (account.Signers[place].Sponsor is { } sponsor)
        {
            state.Put(ReserveRules.RemoveSponsoring(state.ExistingAccount(sponsor), 1));
            account = ReserveRules.RemoveSponsored(account, 1);
        }

        var signers = account.Signers.AsSpan();
        state.Put(account with { Signers = [.. signers[..place], .. signers[(place + 1)..]] });
    }

    public void RemoveIfPresent(AccountId accountId, SignerKey signer)
    {
        if (state.Account(accountId) is { } account && account.FindSigner(signer) is >= 0 and var place)
        {
            RemoveAt(accountId, place);
        }
    }
}

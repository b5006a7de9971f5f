using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// What holds of every ledger. Finding out takes a walk over all entries, so tests and the replay ask, not every close.
/// </summary>
internal static class LedgerInvariants
{
    /// <summary>Sentences about what does not hold; none if all does.</summary>
    public static IReadOnlyList<string> Violations(LedgerState state)
    {
        var expected = new ExpectedCounts(state);
        var violations = new List<string>();
        CheckLumens(state, violations);
        foreach (var account in state.Accounts)
        {
            CheckAccount(account, expected, violations);
        }

        foreach (var line in state.TrustLines)
        {
            CheckTrustLine(line, expected, violations);
        }

        foreach (var offer in state.Offers)
        {
            if (offer.Amount <= 0 || offer.Price.N <= 0 || offer.Price.D <= 0 || offer.Id > (long)state.Header.IdPool)
            {
                violations.Add($"offer {offer.Id} has a bad amount, price or id");
            }
        }

        return violations;
    }

    private static void CheckLumens(LedgerState state, List<string> violations)
    {
        var sum = state.Header.FeePool;
        sum += state.Accounts.Sum(account => account.Balance);
        sum += state.ClaimableBalances.Where(balance => balance.Asset.IsNative).Sum(balance => balance.Amount);
        if (sum != state.Header.TotalCoins)
        {
            violations.Add($"there are {sum} stroops of lumens, not {state.Header.TotalCoins}");
        }
    }

    private static void CheckAccount(Account account, ExpectedCounts expected, List<string> violations)
    {
        void Compare(string what, long actual, long wanted)
        {
            if (actual != wanted)
            {
                violations.Add($"account {account.Id} counts {actual} {what}, but there are {wanted}");
            }
        }

        Compare("subentries", account.SubEntries, expected.SubEntries(account.Id) + account.Signers.Count);
        Compare("sponsored reserves", account.Sponsored, expected.Sponsored(account.Id));
        Compare("sponsoring reserves", account.Sponsoring, expected.Sponsoring(account.Id));
        var (buying, selling) = expected.Liabilities(account.Id, Asset.Native);
        Compare("stroops of buying liabilities", account.BuyingLiabilities, buying);
        Compare("stroops of selling liabilities", account.SellingLiabilities, selling);
        if (account.Balance < 0 || account.BuyingLiabilities > long.MaxValue - account.Balance)
        {
            violations.Add($"account {account.Id} has a balance that its liabilities forbid");
        }
    }

    private static void CheckTrustLine(TrustLine line, ExpectedCounts expected, List<string> violations)
    {
        var (buying, selling) = expected.Liabilities(line.Account, line.Asset);
        if (line.BuyingLiabilities != buying || line.SellingLiabilities != selling)
        {
            violations.Add($"trustline {line.Account} {line.Asset} has other liabilities than its offers");
        }

        if (line.Balance < line.SellingLiabilities || line.Balance > line.Limit - line.BuyingLiabilities)
        {
            violations.Add($"trustline {line.Account} {line.Asset} has a balance that its limit or liabilities forbid");
        }
    }

    /// <summary>The counts and liabilities as the entries themselves give them.</summary>
    private sealed class ExpectedCounts
    {
        private readonly Dictionary<AccountId, long> _subEntries = [];
        private readonly Dictionary<AccountId, long> _sponsored = [];
        private readonly Dictionary<AccountId, long> _sponsoring = [];
        private readonly Dictionary<(AccountId, Asset), (long Buying, long Selling)> _liabilities = [];

        public ExpectedCounts(LedgerState state)
        {
            foreach (var account in state.Accounts)
            {
                AddSponsorship(account, account.Id);
                foreach (var signer in account.Signers)
                {
                    AddSponsorship(signer.Sponsor, account.Id, 1);
                }
            }

            foreach (var line in state.TrustLines)
            {
                AddSubEntry(line, line.Account);
            }

            foreach (var data in state.Data)
            {
                AddSubEntry(data, data.Account);
            }

            foreach (var offer in state.Offers)
            {
                AddSubEntry(offer, offer.Seller);
                var (buying, selling) = ExchangeRules.Liabilities(offer.Price, offer.Amount, long.MaxValue);
                AddLiabilities(offer.Seller, offer.Buying, buying, 0);
                AddLiabilities(offer.Seller, offer.Selling, 0, selling);
            }

            foreach (var balance in state.ClaimableBalances)
            {
                AddSponsorship(balance, null);
            }
        }

        public long SubEntries(AccountId account) => _subEntries.GetValueOrDefault(account);

        public long Sponsored(AccountId account) => _sponsored.GetValueOrDefault(account);

        public long Sponsoring(AccountId account) => _sponsoring.GetValueOrDefault(account);

        public (long Buying, long Selling) Liabilities(AccountId account, Asset asset) =>
            _liabilities.GetValueOrDefault((account, asset));

        private void AddSubEntry(LedgerObject entry, AccountId owner)
        {
            _subEntries[owner] = SubEntries(owner) + 1;
            AddSponsorship(entry, owner);
        }

        private void AddSponsorship(LedgerObject entry, AccountId? owner) =>
            AddSponsorship(entry.Sponsor, owner, ReserveRules.Multiplier(entry));

        private void AddSponsorship(AccountId? sponsor, AccountId? owner, uint reserves)
        {
            if (sponsor is not { } payer)
            {
                return;
            }

            _sponsoring[payer] = Sponsoring(payer) + reserves;
            if (owner is { } sponsored)
            {
                _sponsored[sponsored] = Sponsored(sponsored) + reserves;
            }
        }

        private void AddLiabilities(AccountId account, Asset asset, long buying, long selling)
        {
            // The issuer's own trade is without bound and binds nothing.
            if (!asset.IsNative && asset.Issuer == account)
            {
                return;
            }

            var (b, s) = Liabilities(account, asset);
            _liabilities[(account, asset)] = (b + buying, s + selling);
        }
    }
}

using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>At rest a merchant is shown what the ledger says, and of it the parts that the journal says.</summary>
internal static class MerchantAccountsCheck
{
    private const string Rule = "merchant account";

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        foreach (var merchant in evidence.Merchants)
        {
            if (evidence.Ledger.Accounts.GetValueOrDefault(merchant.Address) is not { } account)
            {
                yield return new Finding(Rule, merchant.Id, $"is shown the address {merchant.Address}, which the ledger does not know");
                continue;
            }

            var onLedger = account.Balances
                .ToDictionary(balance => Money.CodeOf(balance.Key), balance => balance.Value, StringComparer.Ordinal);
            foreach (var asset in onLedger.Keys.Union(merchant.Balances.Keys, StringComparer.Ordinal))
            {
                var shown = merchant.Balances.GetValueOrDefault(asset) ?? new ShownParts(0, 0, 0, 0, 0, 0, 0);
                var parts = shown.Available + shown.Pending + shown.Held + shown.Fees + shown.Unallocated + shown.Refunds;
                if (shown.OnLedger != onLedger.GetValueOrDefault(asset) || parts != shown.OnLedger)
                {
                    yield return new Finding(Rule, merchant.Id, $"is shown {shown} of {asset}; the ledger has {onLedger.GetValueOrDefault(asset)}");
                }

                var books = Books(evidence.Database.Merchants.Journal, merchant.Id, asset);
                if (books != shown)
                {
                    yield return new Finding(Rule, merchant.Id, $"is shown {shown} of {asset}; the journal says {books}");
                }
            }
        }
    }

    private static ShownParts Books(IReadOnlyList<JournalBalance> journal, string merchant, string asset)
    {
        return new ShownParts(
            -Of("ledger"), Of("merchant_available"), Of("merchant_pending"), Of("merchant_held"), Of("merchant_fees"),
            Of("merchant_unallocated"), Of("merchant_refunds"));

        long Of(string account) => journal
            .Where(row => row.Owner == merchant && row.Account == account && row.Balance.Code == asset).Sum(row => row.Balance.Stroops);
    }
}

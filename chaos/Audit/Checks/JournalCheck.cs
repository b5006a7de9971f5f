using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>
/// The journal's balances sum to nothing, of each asset and of each owner; what it says that an account of ours holds on the ledger, the
/// ledger says; nothing was too strange to be posted, and nothing that one owner told another is left.
/// </summary>
internal static class JournalCheck
{
    private const string Rule = "journal";
    private const string Unposted = "unposted";
    private const string OnLedger = "ledger";

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var tables = evidence.Database.Merchants;
        var journal = tables.Journal;
        var sums = journal.GroupBy(row => (row.Owner, row.Balance.Asset)).Where(group => group.Sum(row => row.Balance.Stroops) != 0)
            .Select(group => new Finding(Rule, group.Key.Owner, $"its {group.Key.Asset} sums to {group.Sum(row => row.Balance.Stroops)} stroops"));
        var strange = journal.Where(row => row.Account == Unposted && row.Balance.Stroops != 0)
            .Select(row => new Finding(Rule, row.Owner, $"{row.Balance} of it could not be posted"));
        return sums.Concat(strange)
            .Concat(tables.JournalProblems.Select(problem => new Finding(Rule, problem.Split(' ')[0], problem)))
            .Concat(tables.Untold.Select(untold => new Finding(Rule, untold.Split(' ')[0], untold)))
            .Concat(Chain(evidence, journal));
    }

    private static IEnumerable<Finding> Chain(AuditEvidence evidence, IReadOnlyList<JournalBalance> journal)
    {
        var addresses = evidence.Database.Addresses.ToLookup(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
        var merchants = evidence.Merchants.ToDictionary(merchant => merchant.Id, merchant => merchant.Address, StringComparer.Ordinal);
        var own = evidence.Database.Merchants.OwnAddresses.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
        foreach (var owner in journal.Where(row => row.Account == OnLedger).GroupBy(row => row.Owner, StringComparer.Ordinal))
        {
            // A wallet's, a merchant's, a session's own, or an account of the platform by its own name.
            string[] its = addresses.Contains(owner.Key)
                ? [.. addresses[owner.Key]]
                : [merchants.GetValueOrDefault(owner.Key) ?? own.GetValueOrDefault(owner.Key) ?? owner.Key];
            var chain = its.Select(address => evidence.Ledger.Accounts.GetValueOrDefault(address)).OfType<LedgerAccount>()
                .SelectMany(account => account.Balances)
                .GroupBy(balance => balance.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Sum(balance => balance.Value), StringComparer.Ordinal);
            foreach (var row in owner)
            {
                if (-row.Balance.Stroops != chain.GetValueOrDefault(row.Balance.Asset))
                {
                    yield return new Finding(
                        Rule, owner.Key, $"has {-row.Balance.Stroops} stroops of {row.Balance.Asset} on the ledger by the journal, and {chain.GetValueOrDefault(row.Balance.Asset)} by the ledger");
                }
            }

            var posted = owner.Select(row => row.Balance.Asset).ToHashSet(StringComparer.Ordinal);
            foreach (var (asset, stroops) in chain.Where(balance => balance.Value != 0 && !posted.Contains(balance.Key)))
            {
                yield return new Finding(Rule, owner.Key, $"has {stroops} stroops of {asset} on the ledger, and the journal has none");
            }
        }
    }
}

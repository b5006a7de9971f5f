using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>At rest a user is shown what the ledger says, all of it spendable.</summary>
internal static class BalancesCheck
{
    private const string Rule = "balance";

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        foreach (var user in evidence.Users)
        {
            if (evidence.Ledger.Accounts.GetValueOrDefault(user.Address) is not { } account)
            {
                yield return new Finding(Rule, user.WalletId, $"is shown the address {user.Address}, which the ledger does not know");
                continue;
            }

            foreach (var asset in account.Balances.Keys.Union(user.Balances.Keys, StringComparer.Ordinal))
            {
                var onLedger = account.Balances.GetValueOrDefault(asset);
                var shown = user.Balances.GetValueOrDefault(asset) ?? new ShownBalance(0, 0, 0);
                if (shown != new ShownBalance(onLedger, 0, onLedger))
                {
                    yield return new Finding(
                        Rule, user.WalletId, $"user {user.Number} is shown {shown.Balance} stroops of {asset}, {shown.Reserved} reserved and "
                        + $"{shown.Spendable} spendable; the ledger has {onLedger}");
                }
            }
        }
    }
}

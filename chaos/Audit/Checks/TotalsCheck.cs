using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>The ledger's total of each asset is constant but for issuance and fees.</summary>
internal static class TotalsCheck
{
    private const string Rule = "total";

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var ledger = evidence.Ledger;
        var coins = Held(ledger, Money.Native) + ledger.FeePool;
        if (coins != ledger.TotalCoins)
        {
            yield return new Finding(
                Rule, Money.Native, $"accounts, claimable balances and the fee pool hold {coins} stroops, there are {ledger.TotalCoins}");
        }

        var issued = ledger.Accounts.Values.SelectMany(account => account.Balances.Keys)
            .Concat(ledger.Claimable.Keys)
            .Where(asset => asset != Money.Native)
            .Distinct(StringComparer.Ordinal);
        foreach (var asset in issued)
        {
            var (held, paidOut) = (Held(ledger, asset), Issued(ledger, asset));
            if (held != paidOut)
            {
                yield return new Finding(Rule, asset, $"its holders have {held} stroops, its issuer has issued {paidOut}");
            }
        }
    }

    private static long Held(LedgerEvidence ledger, string asset) =>
        ledger.Accounts.Values.Sum(account => account.Balances.GetValueOrDefault(asset)) + ledger.Claimable.GetValueOrDefault(asset);

    private static long Issued(LedgerEvidence ledger, string asset)
    {
        var issuer = asset[(asset.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var moves = ledger.Operations.Where(operation => operation.Successful).ToList();
        return moves.Where(o => o.From == issuer && o.Sent.Asset == asset).Sum(o => o.Sent.Stroops)
            - moves.Where(o => o.To == issuer && o.Received.Asset == asset).Sum(o => o.Received.Stroops);
    }
}

using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>Whatever the ledger gave to a wallet was written down exactly once, and nothing else was.</summary>
internal static class CreditsCheck
{
    private const string Rule = "credit";
    private const string Credited = "wallet.credited";

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var written = evidence.Database.Events.Where(row => row.Type == Credited)
            .ToLookup(row => (row.Text("walletId") ?? "", row.Text("operationId") ?? ""));
        var known = new HashSet<(string, string)>();
        foreach (var operation in evidence.Ledger.Operations.Where(o => o.Successful && evidence.IsWallet(o.To) && o.Received.Stroops > 0))
        {
            var wallet = evidence.Database.Addresses[operation.To!];
            known.Add((wallet, operation.Id));
            var rows = written[(wallet, operation.Id)].ToList();
            if (rows.Count != 1)
            {
                yield return new Finding(
                    Rule, wallet, $"operation {operation.Id} in ledger {operation.Ledger} gave it {operation.Received}; "
                    + $"that was written down {rows.Count} times");
            }
            else if (new Money(rows[0].Text("asset") ?? "", Money.Parse(rows[0].Text("amount") ?? "0")) is var amount
                && amount != operation.Received)
            {
                yield return new Finding(Rule, wallet, $"operation {operation.Id} gave it {operation.Received}; written down is {amount}");
            }
        }

        foreach (var row in written.Where(group => !known.Contains(group.Key)))
        {
            yield return new Finding(
                Rule, row.Key.Item1, $"a credit by operation {row.Key.Item2} is written down, and no ledger has it");
        }
    }
}

using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>
/// Whatever the ledger gave to a wallet was written down exactly once, and nothing else was. Of credits below
/// <see cref="DustStroops"/> of one asset, several that follow each other may be one line: it says how many they are, bears the
/// last one's operation, and its amount is their sum.
/// </summary>
internal static class CreditsCheck
{
    /// <summary>From here on a credit has a line of its own.</summary>
    public const long DustStroops = 1_000;

    private const string Rule = "credit";
    private const string Credited = "wallet.credited";

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var written = evidence.Database.Events.Where(row => row.Type == Credited)
            .ToLookup(row => (Wallet: row.Text("walletId") ?? "", Operation: row.Text("operationId") ?? ""));
        var given = evidence.Ledger.Operations
            .Where(o => o.Successful && evidence.IsWallet(o.To) && o.Received.Stroops > 0)
            .ToLookup(o => evidence.Database.Addresses[o.To!]);
        foreach (var wallet in given)
        {
            var dust = new Dictionary<string, List<LedgerOperation>>(StringComparer.Ordinal);
            foreach (var operation in wallet)
            {
                var rows = written[(wallet.Key, operation.Id)].ToList();
                if (operation.Received.Stroops >= DustStroops)
                {
                    if (Wrong(operation, rows, [operation]) is { } wrong)
                    {
                        yield return new Finding(Rule, wallet.Key, wrong);
                    }

                    continue;
                }

                if (!dust.TryGetValue(operation.Received.Asset, out var open))
                {
                    dust[operation.Received.Asset] = open = [];
                }

                open.Add(operation);
                if (rows.Count == 0)
                {
                    continue; // A later one's line may count it.
                }

                if (Wrong(operation, rows, open) is { } wrongSum)
                {
                    yield return new Finding(Rule, wallet.Key, wrongSum);
                }

                open.Clear();
            }

            foreach (var operation in dust.Values.SelectMany(open => open))
            {
                yield return new Finding(Rule, wallet.Key, Wrong(operation, [], [operation])!);
            }
        }

        var known = given.SelectMany(wallet => wallet.Select(o => (wallet.Key, o.Id))).ToHashSet();
        foreach (var row in written.Where(group => !known.Contains(group.Key)))
        {
            yield return new Finding(
                Rule, row.Key.Wallet, $"a credit by operation {row.Key.Operation} is written down, and no ledger has it");
        }
    }

    /// <param name="last">The operation whose line these rows should be.</param>
    /// <param name="rows">What was written down of it.</param>
    /// <param name="covered">The operations that the line should stand for.</param>
    private static string? Wrong(LedgerOperation last, IReadOnlyList<EventRow> rows, IReadOnlyList<LedgerOperation> covered)
    {
        if (rows is not [var row])
        {
            return $"operation {last.Id} in ledger {last.Ledger} gave it {last.Received}; that was written down {rows.Count} times";
        }

        var sum = last.Received with { Stroops = covered.Sum(operation => operation.Received.Stroops) };
        var amount = new Money(row.Text("asset") ?? "", Money.Parse(row.Text("amount") ?? "0"));
        var credits = row.Number("credits") ?? 1;
        return amount == sum && credits == covered.Count
            ? null
            : $"operation {last.Id} gave it {sum} with {covered.Count - 1} before it; written down is {amount} of {credits}";
    }
}

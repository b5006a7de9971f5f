using System.Globalization;
using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>
/// What strangers paid to the platform's accounts is written down once, and is where its row says: handed on by exactly one
/// operation of the ledger, or still there.
/// </summary>
internal static class SuspenseCheck
{
    private const string Rule = "suspense";
    private static readonly string[] HandedOn = ["assigned", "returned"];
    private static readonly string[] StillThere = ["open", "kept"];

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var rows = evidence.Database.Suspense.ToLookup(row => row.Token);
        var platform = evidence.Database.PlatformAddresses.ToHashSet(StringComparer.Ordinal);
        var payments = evidence.Ledger.Operations.Where(operation => operation.Successful && operation.Type == "payment").ToList();
        return WrittenDown(payments, rows, platform)
            .Concat(evidence.Database.Suspense.SelectMany(row => WhereItIs(row, payments)));
    }

    // Friendbot's and the treasury's money makes new accounts, or tops them up, and is no stranger's; only payments are asked for.
    private static IEnumerable<Finding> WrittenDown(
        List<LedgerOperation> payments, ILookup<long, SuspenseRow> rows, HashSet<string> platform)
    {
        var known = new HashSet<long>();
        foreach (var payment in payments.Where(payment => platform.Contains(payment.To ?? "") && payment.Memo is not null))
        {
            var token = long.Parse(payment.Id, CultureInfo.InvariantCulture);
            known.Add(token);
            var written = rows[token].ToList();
            if (written.Count != 1 || written[0].Amount != payment.Received || written[0].Account != payment.To)
            {
                yield return new Finding(
                    Rule, payment.Id, $"{payment.From} paid {payment.Received} to {payment.To}; written down is {(written.Count == 0 ? "nothing" : string.Join(" and ", written))}");
            }
        }

        foreach (var row in rows.Where(row => !known.Contains(row.Key)))
        {
            yield return new Finding(Rule, row.First().Id, "is written down, and no ledger has it");
        }
    }

    private static IEnumerable<Finding> WhereItIs(SuspenseRow row, List<LedgerOperation> payments)
    {
        var made = row.Hash is null ? [] : payments
            .Where(payment => payment.TransactionHash == row.Hash || payment.InnerHash == row.Hash).ToList();
        if (HandedOn.Contains(row.Status))
        {
            var to = row.Status == "returned" ? row.Sender : row.Destination;
            if (made.Count != 1 || made[0].From != row.Account || made[0].To != to || made[0].Received != row.Amount)
            {
                yield return new Finding(
                    Rule, row.Id, $"is {row.Status} to {to} by {row.Hash}; the ledger has {made.Count} operations for it, "
                    + $"{string.Join(" and ", made.Select(payment => $"{payment.Received} from {payment.From} to {payment.To}"))}");
            }
        }
        else if (!StillThere.Contains(row.Status))
        {
            yield return new Finding(Rule, row.Id, $"is {row.Status}");
        }
        else if (made.Count > 0)
        {
            yield return new Finding(Rule, row.Id, $"is {row.Status}, and {row.Hash} has handed it on");
        }
    }
}

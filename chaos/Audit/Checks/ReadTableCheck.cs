using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>The read table is what the events make of it, and comes out the same when it is rebuilt.</summary>
internal static class ReadTableCheck
{
    private const string Rule = "read table";
    private const string Credited = "wallet.credited";

    public static IEnumerable<Finding> Run(AuditEvidence evidence) =>
        Compare("rebuilt from events", evidence.Database.ReadTable, evidence.Database.RebuiltReadTable)
            .Concat(Compare("as the auditor makes it of the events", evidence.Database.ReadTable, Expected(evidence)));

    private static IEnumerable<Finding> Compare(string of, IEnumerable<HistoryRow> table, IEnumerable<HistoryRow> other)
    {
        var (found, expected) = (ById(table), ById(other));
        foreach (var id in found.Keys.Union(expected.Keys))
        {
            var (row, right) = (found.GetValueOrDefault(id), expected.GetValueOrDefault(id));
            if (row != right)
            {
                yield return new Finding(
                    Rule, id.PaymentId, $"in {id.WalletId} the table has {row?.ToString() ?? "nothing"}; {of} it is {right?.ToString() ?? "nothing"}");
            }
        }
    }

    private static Dictionary<(string WalletId, string PaymentId), HistoryRow> ById(IEnumerable<HistoryRow> rows) =>
        rows.ToDictionary(row => (row.WalletId, row.PaymentId));

    private static IEnumerable<HistoryRow> Expected(AuditEvidence evidence)
    {
        foreach (var payment in evidence.Payments.Values)
        {
            yield return new HistoryRow(
                payment.WalletId, payment.Id, payment.Owner, "out", payment.Status, payment.Destination, payment.Amount.Asset,
                payment.Amount.Stroops, payment.Memo, payment.TransactionHash, payment.Ledger, payment.FailureCode,
                payment.Events[^1].Number("revision") ?? 0);
        }

        var credits = evidence.Database.Events.Where(row => row.Type == Credited)
            .DistinctBy(row => (row.Text("walletId"), row.Text("operationId")));
        foreach (var row in credits)
        {
            yield return new HistoryRow(
                row.Text("walletId")!, "op_" + row.Text("operationId"), row.Owner, "in", "succeeded", row.Text("from"), row.Text("asset")!,
                Money.Parse(row.Text("amount")!), row.Text("memo"), row.Text("transactionHash"), row.Number("ledger"), null,
                row.Number("revision") ?? 0);
        }
    }
}

using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>
/// What was set aside ended as the ledger says: it waits, its recipient has it, or its payer has it back; what was set aside
/// for a wallet, the wallet has; and nothing is lost between what was set aside, what was claimed and what waits.
/// </summary>
internal static class ClaimablesCheck
{
    private const string Rule = "claimable";

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var done = evidence.Ledger.Operations.Where(operation => operation.Successful).ToList();
        var made = done.Where(operation => operation.Type == LedgerOperation.SetAside).ToList();
        var claims = done.Where(operation => operation.Type == LedgerOperation.Claimed)
            .ToLookup(operation => operation.BalanceId ?? "", StringComparer.Ordinal);
        return OfPayments(evidence, claims).Concat(ForWallets(evidence, made)).Concat(Sums(evidence, made, claims));
    }

    private static IEnumerable<Finding> OfPayments(AuditEvidence evidence, ILookup<string, LedgerOperation> claims)
    {
        foreach (var payment in evidence.Payments.Values.Where(payment => payment.IsSetAside && payment.Status == "succeeded"))
        {
            var ended = claims[payment.BalanceId ?? ""].ToList();
            var right = payment.BalanceId is null ? "open, with an id"
                : evidence.Ledger.Waiting.ContainsKey(payment.BalanceId) ? "open"
                : ended.Count == 1 && evidence.Database.Addresses.GetValueOrDefault(ended[0].To ?? "") == payment.WalletId ? "reclaimed"
                : "claimed";
            if (payment.ClaimStatus != right)
            {
                yield return new Finding(
                    Rule, payment.Id, $"is said to be {payment.ClaimStatus ?? "nothing"}; by the ledger {payment.BalanceId} is {right}");
            }
        }
    }

    // Unasked and at once, as all that is set aside here may be claimed at any time by whom it is for.
    private static IEnumerable<Finding> ForWallets(AuditEvidence evidence, List<LedgerOperation> made) =>
        from operation in made
        where !evidence.IsWallet(operation.From) && evidence.Ledger.Waiting.ContainsKey(operation.BalanceId ?? "")
        from claimant in operation.Claimants
        where evidence.IsWallet(claimant)
        select new Finding(
            Rule, evidence.Database.Addresses[claimant], $"has not claimed {operation.Sent} that {operation.From} set aside in {operation.BalanceId}");

    private static IEnumerable<Finding> Sums(
        AuditEvidence evidence, List<LedgerOperation> made, ILookup<string, LedgerOperation> claims)
    {
        foreach (var operation in made)
        {
            var ended = claims[operation.BalanceId ?? ""].ToList();
            var waits = evidence.Ledger.Waiting.GetValueOrDefault(operation.BalanceId ?? "");
            if (ended.Count + (waits is null ? 0 : 1) != 1 || (waits?.Amount ?? ended[0].Received) != operation.Sent)
            {
                yield return new Finding(
                    Rule, operation.BalanceId ?? operation.Id, $"holds {operation.Sent}; {ended.Count} claims took "
                    + $"{string.Join(" and ", ended.Select(claim => claim.Received))}, and {waits?.Amount.ToString() ?? "nothing"} waits");
            }
        }
    }
}

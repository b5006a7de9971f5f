using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>
/// Every payment is terminal. One that succeeded is on the ledger exactly once, every other is not, and can never be; and
/// whatever left a wallet did so for exactly one payment, or for its fee, which is in the same transaction and always goes to one account.
/// </summary>
internal static class PaymentsOnLedgerCheck
{
    private const string Rule = "payment";

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var wallets = evidence.Database.Addresses.ToLookup(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
        var outgoing = evidence.Ledger.Operations
            .Where(operation => operation.Successful && evidence.IsWallet(operation.From))
            .ToList();
        var byHash = outgoing.ToLookup(operation => operation.TransactionHash, StringComparer.Ordinal);
        var explained = new HashSet<string>(StringComparer.Ordinal);
        var collectors = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var payment in evidence.Payments.Values)
        {
            var made = payment.Hashes.SelectMany(hash => byHash[hash])
                .Where(operation => Fits(operation, payment, wallets[payment.WalletId]) && !explained.Contains(operation.Id))
                .ToList();
            if (payment.Status == "succeeded" && made.Count > 0)
            {
                explained.Add(made[0].Id);
                if (payment.Fee is { } cost)
                {
                    var fee = byHash[made[0].TransactionHash].FirstOrDefault(operation => operation.From == made[0].From
                        && operation.To != payment.Destination && operation.Sent == cost && !explained.Contains(operation.Id));
                    if (fee is null || !explained.Add(fee.Id) || evidence.IsWallet(fee.To))
                    {
                        yield return new Finding(Rule, payment.Id, $"cost a fee of {cost}, which is not beside it in {made[0].TransactionHash}");
                    }
                    else if (collectors.Add(fee.To) && collectors.Count > 1)
                    {
                        yield return new Finding(Rule, payment.Id, $"paid its fee to {fee.To}, and others paid theirs to another account");
                    }
                }
            }
            else if (Judge(payment, made, evidence) is { } finding)
            {
                yield return finding;
            }
        }

        foreach (var operation in outgoing.Where(operation => !explained.Contains(operation.Id)))
        {
            yield return new Finding(
                Rule, operation.TransactionHash,
                $"ledger {operation.Ledger} took {operation.Sent} from {operation.From} for {operation.To} ({operation.Type}, "
                + $"operation {operation.Id}), and no succeeded payment is left that stands for it");
        }
    }

    private static bool Fits(LedgerOperation operation, PaymentStory payment, IEnumerable<string> addresses) =>
        addresses.Contains(operation.From) && operation.Memo == payment.Memo
        && (payment.IsSetAside
            ? operation.Type == LedgerOperation.SetAside && operation.BalanceId == (payment.BalanceId ?? operation.BalanceId)
                && operation.Sent == payment.Amount && operation.Claimants.Contains(payment.Destination)
            : operation.To == payment.Destination
                && (payment.Path is { } path ? FitsPath(operation, payment, path) : operation.Received == payment.Amount));

    // Within the bounds that the quote promised, and what was written down is what moved.
    private static bool FitsPath(LedgerOperation operation, PaymentStory payment, PathStory path) =>
        operation.Sent.Asset == path.SourceMax.Asset && operation.Sent.Stroops <= path.SourceMax.Stroops
        && operation.Received.Asset == payment.Amount.Asset && operation.Received.Stroops >= path.AmountMin
        && (payment.Status != "succeeded" || (operation.Sent.Stroops, operation.Received.Stroops) == (path.Sent, path.Received));

    private static Finding? Judge(PaymentStory payment, List<LedgerOperation> made, AuditEvidence evidence)
    {
        var ended = $"{payment.Status} {payment.FailureCode}".TrimEnd();
        if (!payment.IsTerminal)
        {
            return new Finding(Rule, payment.Id, $"is {payment.Status} and not terminal");
        }

        if (payment.Status == "succeeded")
        {
            return new Finding(
                Rule, payment.Id, $"is said to have paid {payment.Amount} to {payment.Destination} by {payment.TransactionHash}, "
                + "and the ledger has no such operation for it");
        }

        if (made.Count > 0)
        {
            return new Finding(
                Rule, payment.Id, $"is said to be {ended}, and ledger {made[0].Ledger} holds it ({payment.TransactionHash})");
        }

        return payment.Hashes.Count > 0 && MayStillBeApplied(payment, evidence)
            ? new Finding(Rule, payment.Id, $"is said to be {ended}, and a ledger may still take {payment.TransactionHash}")
            : null;
    }

    // It cannot any more once its transaction is on the ledger as failed, its sequence number is used, or its time is over.
    private static bool MayStillBeApplied(PaymentStory payment, AuditEvidence evidence)
    {
        if (evidence.Ledger.Operations.Any(o => !o.Successful && payment.Hashes.Contains(o.TransactionHash)))
        {
            return false;
        }

        var stored = StoredPayment.Find(evidence.Database, payment);
        var signed = payment.Events.Last(e => PaymentStory.StatusOf(e) == "processing");
        var until = stored?.MaxTime ?? PaymentStory.ValidUntil(signed) ?? signed.OccurredAt + evidence.Validity;
        return evidence.Ledger.LatestClosedAt <= until
            && !(stored?.SequenceNumber is { } sequence && SequenceOf(payment, evidence) >= sequence);
    }

    private static long SequenceOf(PaymentStory payment, AuditEvidence evidence) => evidence.Database.Addresses
        .Where(pair => pair.Value == payment.WalletId)
        .Max(pair => evidence.Ledger.Accounts.GetValueOrDefault(pair.Key)?.Sequence ?? 0);
}

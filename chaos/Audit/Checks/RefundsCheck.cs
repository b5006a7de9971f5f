using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>
/// A refund is on the ledger once if it is said to be paid, and else not at all; it goes to whom the payment came from, and of none goes
/// back more than it brought. Nothing else leaves a merchant's account.
/// </summary>
internal static class RefundsCheck
{
    private const string Rule = "refund";
    private const string Succeeded = "succeeded";
    private const string Failed = "failed";
    private const string Waits = "insufficient_funds";

    public static IEnumerable<Finding> Run(AuditEvidence evidence) =>
        evidence.Merchants.SelectMany(merchant => OfMerchant(evidence, merchant));

    private static IEnumerable<Finding> OfMerchant(AuditEvidence evidence, MerchantEvidence merchant)
    {
        var left = evidence.Ledger.Operations
            .Where(operation => operation.Successful && operation.From == merchant.Address && operation.Sent.Stroops > 0).ToList();
        var sessions = merchant.Sessions.ToDictionary(session => session.Id, StringComparer.Ordinal);
        foreach (var finding in merchant.Refunds.SelectMany(refund => OfRefund(refund, sessions.GetValueOrDefault(refund.Session), left)))
        {
            yield return finding;
        }

        foreach (var receipt in merchant.Receipts.Where(receipt => receipt.Status is "refunded" or "refunding"))
        {
            if (receipt.Status != "refunded" || !Take(left, receipt.RefundHash, receipt.From, receipt.Amount))
            {
                yield return new Finding(Rule, receipt.Id, $"is {receipt.Status} to {receipt.From} by {receipt.RefundHash}, and the ledger has no such operation");
            }
        }

        foreach (var operation in left)
        {
            yield return new Finding(
                Rule, operation.TransactionHash, $"ledger {operation.Ledger} took {operation.Sent} from {merchant.Address} for {operation.To} "
                + $"(operation {operation.Id}), and no refund is left that stands for it");
        }

        foreach (var finding in Bounds(merchant).Concat(Created(evidence, merchant)))
        {
            yield return finding;
        }
    }

    private static IEnumerable<Finding> OfRefund(ShownRefund refund, ShownSession? session, List<LedgerOperation> left)
    {
        foreach (var leg in refund.Legs)
        {
            if (session?.Payments.FirstOrDefault(payment => payment.Operation == leg.Payment)?.From != leg.To)
            {
                yield return new Finding(Rule, refund.Id, $"gives {leg.Amount} of {leg.Payment} to {leg.To}, from whom it did not come");
            }

            if (leg.Status == Succeeded && !Take(left, leg.Hash, leg.To, leg.Amount))
            {
                yield return new Finding(
                    Rule, refund.Id, $"is said to have paid {leg.Amount} to {leg.To} by {leg.Hash}, and the ledger has no operation left for it");
            }
        }

        var ends = refund.Legs.Select(leg => leg.Status).ToList();
        var right = ends.Contains("pending") ? "pending" : ends.Contains(Succeeded) ? Succeeded : Failed;
        if (refund.Status != right || (right == "pending" && refund.PendingReason != Waits))
        {
            yield return new Finding(Rule, refund.Id, $"is {refund.Status} {refund.PendingReason}, and its legs are {string.Join(", ", ends)}");
        }
    }

    // One operation stands for one leg.
    private static bool Take(List<LedgerOperation> left, string? hash, string? to, Money amount)
    {
        var at = left.FindIndex(operation =>
            (operation.TransactionHash == hash || operation.InnerHash == hash) && operation.To == to && operation.Memo is null
            && (operation.Sent.Code, operation.Sent.Stroops) == (amount.Asset, amount.Stroops));
        if (at >= 0)
        {
            left.RemoveAt(at);
        }

        return at >= 0;
    }

    // By whichever session: an accepted payment stands in two.
    private static IEnumerable<Finding> Bounds(MerchantEvidence merchant)
    {
        var back = merchant.Refunds
            .SelectMany(refund => refund.Legs.Where(leg => leg.Status != Failed).Select(leg => (refund.Session, Leg: leg)))
            .ToLookup(each => each.Leg.Payment, StringComparer.Ordinal);
        var payments = merchant.Sessions.SelectMany(session => session.Payments.Select(payment => (Session: session, Payment: payment)));
        foreach (var (session, payment) in payments)
        {
            var legs = back[payment.Operation].ToList();
            var sum = legs.Sum(each => each.Leg.Amount.Stroops);
            var shown = legs.Where(each => each.Session == session.Id).Sum(each => each.Leg.Amount.Stroops);
            if (sum > payment.Amount.Stroops || shown != payment.Refunded)
            {
                yield return new Finding(
                    Rule, session.Id, $"of {payment.Operation}, which brought {payment.Amount}, {sum} stroops go back; it shows {payment.Refunded}, "
                    + $"and its refunds have {shown}");
            }
        }
    }

    private static IEnumerable<Finding> Created(AuditEvidence evidence, MerchantEvidence merchant)
    {
        var told = evidence.Database.Events
            .Where(row => row.Type.StartsWith("refund.", StringComparison.Ordinal) && row.Owner == merchant.Id)
            .ToLookup(row => SessionStory.ObjectOf(row) ?? "", StringComparer.Ordinal);
        var shown = merchant.Refunds.ToLookup(refund => refund.Id, StringComparer.Ordinal);
        foreach (var id in told.Select(group => group.Key).Union(shown.Select(group => group.Key), StringComparer.Ordinal))
        {
            var statuses = told[id].Select(SessionStory.StatusOf).ToList();
            var made = told[id].Count(row => row.Type == "refund.created");
            var isLegal = statuses.SkipWhile(status => status == "pending").Distinct().Count() <= 1;
            if (made != 1 || !isLegal || shown[id].ToList() is not [var one] || one.Status != statuses[^1])
            {
                yield return new Finding(
                    Rule, id, $"was told to be {string.Join(", ", statuses)}, {made} times made; it is shown {string.Join(" and ", shown[id].Select(each => each.Status))}");
            }
        }
    }
}

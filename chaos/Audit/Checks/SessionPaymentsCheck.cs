using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>
/// Whatever the ledger gave to a merchant is in the one session that its memo names, or in one receipt that names nobody; and sessions and
/// receipts hold nothing else. A late payment that was accepted stands in the session that was made of it besides.
/// </summary>
internal static class SessionPaymentsCheck
{
    private const string Rule = "session";
    private const string Assigned = "assigned";

    public static IEnumerable<Finding> Run(AuditEvidence evidence) =>
        evidence.Merchants.SelectMany(merchant => OfMerchant(evidence, merchant));

    private static IEnumerable<Finding> OfMerchant(AuditEvidence evidence, MerchantEvidence merchant)
    {
        var atOwn = evidence.Ledger.Operations
            .Where(operation => operation.Successful && evidence.Database.Merchants.OwnAddresses.ContainsKey(operation.To ?? ""))
            .ToLookup(operation => operation.To!, StringComparer.Ordinal);
        var came = evidence.Ledger.Operations
            .Where(operation => operation.Successful && operation.To == merchant.Address && operation.Received.Stroops > 0).ToList();
        var known = came.ToDictionary(operation => operation.Id, StringComparer.Ordinal);
        var sessions = merchant.Sessions.ToDictionary(session => session.Id, StringComparer.Ordinal);
        var receipts = merchant.Receipts.Where(receipt => receipt.LedgerId is not null)
            .ToLookup(receipt => receipt.LedgerId!, StringComparer.Ordinal);
        var places = merchant.Sessions
            .SelectMany(session => session.Payments.Select(payment => (Session: session, Payment: payment)))
            .ToLookup(each => each.Payment.LedgerId, StringComparer.Ordinal);
        return came.SelectMany(operation => OfOperation(operation, merchant, sessions, receipts, places, [.. atOwn[operation.From ?? ""]]))
            .Concat(places.Where(place => !known.ContainsKey(place.Key))
                .Select(place => new Finding(Rule, place.First().Session.Id, $"holds operation {place.Key}, which no ledger gave to {merchant.Address}")))
            .Concat(receipts.Where(receipt => !known.ContainsKey(receipt.Key))
                .Select(receipt => new Finding(Rule, receipt.First().Id, "is a receipt, and no ledger has it")))
            .Concat(merchant.Sessions.SelectMany(session => Recovered(session, sessions)));
    }

    private static IEnumerable<Finding> OfOperation(
        LedgerOperation operation, MerchantEvidence merchant, Dictionary<string, ShownSession> sessions,
        ILookup<string, ShownReceipt> receipts, ILookup<string, (ShownSession Session, ShownSessionPayment Payment)> places,
        List<LedgerOperation> atOwn)
    {
        var of = receipts[operation.Id].ToList();
        var assigned = of.FirstOrDefault(receipt => receipt.Status == Assigned)?.Session;
        var named = sessions.ContainsKey(operation.Memo ?? "") ? operation.Memo : null;
        var right = assigned ?? named;
        var holders = places[operation.Id]
            .Where(place => place.Session.RecoveredFrom is not { } old || !IsLateOf(sessions, old, operation.Id)).ToList();
        // The merchant's own memo makes it the merchant's own.
        var receiptsDue = named is not null || operation.Memo == merchant.Id ? 0 : 1;
        if (of.Count != receiptsDue || holders.Count != (right is null ? 0 : 1) || holders.Exists(place => place.Session.Id != right))
        {
            yield return new Finding(
                Rule, right ?? operation.Id, $"operation {operation.Id} of {operation.Received} with the memo '{operation.Memo}' is in "
                + $"{holders.Count} sessions ({string.Join(", ", holders.Select(place => place.Session.Id))}) and {of.Count} receipts");
        }

        foreach (var (session, payment) in places[operation.Id])
        {
            // What its own account pays on says who had sent it there; of what is nobody's, nobody.
            var isRight = payment.AtOwnAddress
                ? (operation.Received.Code, operation.Received.Stroops) == (payment.Amount.Asset, payment.Amount.Stroops)
                    && (payment.From is null || atOwn.Exists(sent => IsSame(sent, payment.Hash, payment.From, payment.Amount)))
                : atOwn.Count == 0 && IsSame(operation, payment.Hash, payment.From, payment.Amount);
            if (!isRight || payment.Counted > payment.Amount.Stroops)
            {
                yield return new Finding(Rule, session.Id, $"holds {payment}; operation {operation.Id} is {operation.Received} from {operation.From}");
            }
        }

        foreach (var receipt in of.Where(receipt => !IsSame(operation, receipt.Hash, receipt.From, receipt.Amount)))
        {
            yield return new Finding(Rule, receipt.Id, $"is {receipt}; operation {operation.Id} is {operation.Received} from {operation.From}");
        }
    }

    private static bool IsLateOf(Dictionary<string, ShownSession> sessions, string old, string operation) =>
        sessions.GetValueOrDefault(old)?.Payments.Any(payment => payment.LedgerId == operation && payment.Verdict == "late") == true;

    private static bool IsSame(LedgerOperation operation, string? hash, string? from, Money amount) =>
        (operation.TransactionHash == hash || operation.InnerHash == hash) && operation.From == from
        && (operation.Received.Code, operation.Received.Stroops) == (amount.Asset, amount.Stroops);

    private static IEnumerable<Finding> Recovered(ShownSession session, Dictionary<string, ShownSession> sessions)
    {
        if (session.AcceptedAs is { } made && sessions.GetValueOrDefault(made)?.RecoveredFrom != session.Id)
        {
            yield return new Finding(Rule, session.Id, $"was accepted as {made}, which is not made of it");
        }

        if (session.RecoveredFrom is { } old && sessions.GetValueOrDefault(old)?.AcceptedAs != session.Id)
        {
            yield return new Finding(Rule, session.Id, $"was made of {old}, which was not accepted as it");
        }
    }
}

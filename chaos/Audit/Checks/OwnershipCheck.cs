using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>Nobody saw or moved what was not theirs.</summary>
internal static class OwnershipCheck
{
    private const string Rule = "ownership";

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var users = evidence.Users.ToDictionary(user => user.Number);
        return Told(evidence, users).Concat(Listed(evidence)).Concat(Moved(evidence, users));
    }

    private static IEnumerable<Finding> Told(AuditEvidence evidence, Dictionary<int, UserEvidence> users) =>
        from seen in evidence.Observations
        where seen.Payment is not null
        let payment = evidence.Payments.GetValueOrDefault(seen.Payment!.Id)
        let user = users.GetValueOrDefault(seen.User)
        where payment is not null && user is not null && payment.Owner != user.UserId
        select new Finding(Rule, payment.Id, $"belongs to {payment.Owner} and was shown to user {seen.User} ({seen.Request})");

    private static IEnumerable<Finding> Listed(AuditEvidence evidence)
    {
        var credits = evidence.Database.Events.Where(row => row.Type == "wallet.credited")
            .Select(row => (row.Text("walletId"), "op_" + row.Text("operationId"))).ToHashSet();
        return
            from user in evidence.Users
            from line in user.History
            where evidence.Payments.GetValueOrDefault(line.Id)?.Owner != user.UserId && !credits.Contains((user.WalletId, line.Id))
            select new Finding(Rule, line.Id, $"is in the history of user {user.Number}, whose it is not");
    }

    // A payment that left the quote behind was confirmed by its owner, or is an occurrence of the owner's schedule.
    private static IEnumerable<Finding> Moved(AuditEvidence evidence, Dictionary<int, UserEvidence> users)
    {
        var confirmed = evidence.Observations
            .Where(seen => users.ContainsKey(seen.User) && seen.ConfirmedPayment is not null)
            .Select(seen => (users[seen.User].UserId, seen.ConfirmedPayment!))
            .Concat(evidence.Occurrences.SelectMany(occurrence => occurrence.Payments.Select(payment => (occurrence.Owner ?? "", payment))))
            .ToHashSet();
        return
            from payment in evidence.Payments.Values
            where payment.Hashes.Count > 0 && payment.Owner is not null && !confirmed.Contains((payment.Owner, payment.Id))
            select new Finding(Rule, payment.Id, $"was signed, and its owner {payment.Owner} never confirmed it");
    }
}

using StellarPay.Chaos.Audit.Evidence;
using StellarPay.Chaos.Clients;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>What a user was told once is never contradicted: not by a later answer, not by the events, not by what is shown.</summary>
internal static class AnswersCheck
{
    private const string Rule = "answer";
    private const int FirstServerError = 500;
    private const int Unavailable = 503;
    private const int NoOutcome = 504;
    private const string OutcomeUnknown = "outcome_unknown";

    public static IEnumerable<Finding> Run(AuditEvidence evidence) =>
        Failures(evidence)
            .Concat(OneKeyOnePayment(evidence))
            .Concat(evidence.Observations.Where(seen => seen.Payment is not null)
                .GroupBy(seen => seen.Payment!.Id, StringComparer.Ordinal)
                .SelectMany(group => OfPayment(evidence, group.Key, [.. group])))
            .Concat(evidence.Users.SelectMany(user => Shown(evidence, user)));

    // Whatever is away for a moment asks to come back (503), or to be asked what came of it (504); any other failure of ours is a bug.
    private static IEnumerable<Finding> Failures(AuditEvidence evidence) =>
        from seen in evidence.Observations
        where seen.Status >= FirstServerError && seen is not ({ Status: Unavailable } or { Status: NoOutcome, Error: OutcomeUnknown })
        select new Finding(Rule, $"user {seen.User}", $"was answered {seen.Status} {seen.Error} ({seen.Request})");

    private static IEnumerable<Finding> OneKeyOnePayment(AuditEvidence evidence) =>
        from seen in evidence.Observations
        where seen.Key is not null && seen.Payment is not null
        group seen.Payment!.Id by (seen.User, seen.Key) into same
        let ids = same.Distinct().ToList()
        where ids.Count > 1
        select new Finding(Rule, same.Key.Key!, $"user {same.Key.User} was given {string.Join(" and ", ids)} for one idempotency key");

    private static IEnumerable<Finding> OfPayment(AuditEvidence evidence, string id, List<Observation> seen)
    {
        if (evidence.Payments.GetValueOrDefault(id) is not { } payment)
        {
            return [new Finding(Rule, id, $"was shown to user {seen[0].User} as {seen[0].Payment!.Status}, and no event knows it")];
        }

        return seen.SelectMany(one => AgainstEvents(payment, one)).Concat(AgainstEachOther(id, seen)).Take(1);
    }

    private static IEnumerable<Finding> AgainstEvents(PaymentStory payment, Observation seen)
    {
        var told = seen.Payment!;
        if (!TransitionsCheck.CanCome(told.Status, payment.Status))
        {
            yield return new Finding(Rule, payment.Id, $"user {seen.User} was told {told.Status} ({seen.Request}); it ended {payment.Status}");
        }

        if (Money.Parse(told.Amount) != payment.Amount.Stroops || told.Destination != payment.Destination)
        {
            yield return new Finding(
                Rule, payment.Id, $"user {seen.User} was shown {told.Amount} to {told.Destination}; it is {payment.Amount} to {payment.Destination}");
        }

        if (told.TransactionHash is { } hash && !payment.Hashes.Contains(hash))
        {
            yield return new Finding(Rule, payment.Id, $"user {seen.User} was shown the transaction {hash}, which no event knows");
        }
    }

    // Only an answer that was there before the other question was asked binds it.
    private static IEnumerable<Finding> AgainstEachOther(string id, List<Observation> seen)
    {
        var answered = seen.OrderBy(one => one.Answered).ToList();
        foreach (var later in seen)
        {
            foreach (var earlier in answered.TakeWhile(one => one.Answered <= later.Sent))
            {
                if (!TransitionsCheck.CanCome(earlier.Payment!.Status, later.Payment!.Status))
                {
                    yield return new Finding(
                        Rule, id, $"user {earlier.User} was told {earlier.Payment.Status} ({earlier.Request}), "
                        + $"and user {later.User} afterwards {later.Payment.Status} ({later.Request})");
                }
            }
        }
    }

    private static IEnumerable<Finding> Shown(AuditEvidence evidence, UserEvidence user)
    {
        var history = user.History.ToLookup(line => line.Id, StringComparer.Ordinal);
        foreach (var payment in evidence.Payments.Values.Where(payment => payment.WalletId == user.WalletId))
        {
            var shown = user.Payments.GetValueOrDefault(payment.Id);
            if (shown != new ShownPayment(payment.Status, payment.TransactionHash, payment.Ledger, payment.Amount.Stroops))
            {
                yield return new Finding(
                    Rule, payment.Id, $"user {user.Number} is shown {shown?.ToString() ?? "nothing"}; the events end {payment.Status}, "
                    + $"{payment.TransactionHash}, ledger {payment.Ledger}");
            }

            var lines = history[payment.Id].ToList();
            if (lines.Count != 1 || lines[0] != new ShownTransaction(payment.Id, "out", payment.Status, payment.Amount.Stroops))
            {
                yield return new Finding(
                    Rule, payment.Id, $"is {lines.Count} times in the history of user {user.Number}: {string.Join(", ", lines)}");
            }
        }
    }
}

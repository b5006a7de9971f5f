using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>Each occurrence that was due ended once, was paid once at most, and none is left out; one request made one schedule.</summary>
internal static class SchedulesCheck
{
    private const string Rule = "schedule";
    private const string Created = "schedule.created";
    // A failed attempt is repeated five minutes later or more; what is to be looked at sooner is under way.
    private static readonly TimeSpan UnderWay = TimeSpan.FromMinutes(2);

    public static IEnumerable<Finding> Run(AuditEvidence evidence) =>
        Ended(evidence).Concat(InOrder(evidence)).Concat(Due(evidence)).Concat(MadeOnce(evidence));

    private static IEnumerable<Finding> Ended(AuditEvidence evidence)
    {
        foreach (var occurrence in evidence.Occurrences)
        {
            var subject = $"{occurrence.ScheduleId}:{occurrence.Number}";
            if (occurrence.Ends.Count > 1)
            {
                yield return new Finding(Rule, subject, $"ended {occurrence.Ends.Count} times: {string.Join(", ", occurrence.Ends)}");
            }

            var paid = occurrence.Payments.Where(id => evidence.Payments.GetValueOrDefault(id)?.Status == "succeeded").ToList();
            var expected = occurrence.Ends.Contains(OccurrenceStory.Succeeded) ? 1 : 0;
            if (paid.Count != expected)
            {
                yield return new Finding(
                    Rule, subject, $"is said to be {string.Join(", ", occurrence.Ends)}; paid for it is {(paid.Count == 0 ? "nothing" : string.Join(" and ", paid))}");
            }
        }
    }

    private static IEnumerable<Finding> InOrder(AuditEvidence evidence) =>
        from schedule in evidence.Occurrences.GroupBy(occurrence => occurrence.ScheduleId, StringComparer.Ordinal)
        let numbers = schedule.Select(occurrence => occurrence.Number).Order().ToList()
        where !numbers.SequenceEqual(Enumerable.Range(1, numbers.Count))
        select new Finding(Rule, schedule.Key, $"has the occurrences {string.Join(", ", numbers)} and none between");

    private static IEnumerable<Finding> Due(AuditEvidence evidence)
    {
        foreach (var schedule in evidence.Database.Schedules)
        {
            if (schedule is { IsActive: true, Current: null } && schedule.NextAt < evidence.Database.Now)
            {
                yield return new Finding(Rule, schedule.Id, $"is due since {schedule.NextAt:HH:mm:ss}, and nobody pays it");
            }

            if (schedule.Current is { } number && schedule.StepAt < evidence.Database.Now + UnderWay)
            {
                yield return new Finding(Rule, $"{schedule.Id}:{number}", $"is still being paid at {evidence.Database.Now:HH:mm:ss}: {schedule.CurrentText}");
            }
        }
    }

    // The memo of each request's payments is its own.
    private static IEnumerable<Finding> MadeOnce(AuditEvidence evidence) =>
        from made in evidence.Database.Events
        where made.Type == Created
        group made by (made.Owner, Memo: made.Text("memo")) into same
        where same.Key.Memo is not null && same.Count() > 1
        select new Finding(Rule, same.First().Subject, $"was made {same.Count()} times by one request ({same.Key.Memo})");
}

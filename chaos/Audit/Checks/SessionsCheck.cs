using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>
/// A payment session goes only where it may, on the terms that it began with; it is paid once if enough came in time and else not at all,
/// and ends when its time is over. What its merchant was told once is never contradicted.
/// </summary>
internal static class SessionsCheck
{
    private const string Rule = "session";
    private const string Open = "created";
    private const string Paid = "paid";
    private const string Allocated = "merchant.allocated";
    private static readonly string[] Ends = [Paid, "expired", "canceled"];
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(30);

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var settled = Settled(evidence);
        var shown = evidence.Merchants.SelectMany(merchant => merchant.Sessions).ToLookup(session => session.Id, StringComparer.Ordinal);
        return evidence.Sessions.Values.SelectMany(story => OfStory(story, [.. shown[story.Id]]))
            .Concat(evidence.Merchants.SelectMany(merchant => merchant.Sessions)
                .SelectMany(session => OfShown(evidence, session, settled)))
            .Concat(Told(evidence));
    }

    private static IEnumerable<Finding> OfStory(SessionStory story, List<ShownSession> shown)
    {
        var before = "";
        foreach (var row in story.Events)
        {
            var status = SessionStory.StatusOf(row);
            // One that is made of a late payment is paid from the beginning.
            if (before.Length == 0 ? status != (story.IsRecovered ? Paid : Open) || row.Type != SessionStory.Created
                : status != before && (before != Open || !Ends.Contains(status)))
            {
                yield return new Finding(Rule, story.Id, $"goes from '{before}' to {status} ({row.Type} {row.EventId})");
            }

            if (SessionStory.TermsOf(row) != SessionStory.TermsOf(story.Events[0]))
            {
                yield return new Finding(Rule, story.Id, $"has other terms in {row.EventId} than at first");
            }

            before = status;
        }

        if (!story.Sequence.SequenceEqual(Enumerable.Range(1, story.Sequence.Count).Select(number => (long)number)))
        {
            yield return new Finding(Rule, story.Id, $"counts its changes {string.Join(", ", story.Sequence)}");
        }

        var paid = story.Events.Count(row => row.Type == SessionStory.Paid);
        if (paid != (story.Status == Paid ? 1 : 0))
        {
            yield return new Finding(Rule, story.Id, $"was told to be paid {paid} times, and is {story.Status}");
        }

        if (shown is not [var one] || one.Status != story.Status)
        {
            yield return new Finding(
                Rule, story.Id, $"is shown {string.Join(" and ", shown.Select(each => each.Status))}; its last event says {story.Status}");
        }
    }

    private static IEnumerable<Finding> OfShown(
        AuditEvidence evidence, ShownSession session, IReadOnlyDictionary<(string, string), (long Settled, long Released, long Fee)> books)
    {
        var counted = session.Payments.GroupBy(payment => payment.Amount.Asset, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(payment => payment.Counted), StringComparer.Ordinal);
        var full = session.Dues.Where(due => counted.GetValueOrDefault(due.Key) >= due.Value).Select(due => due.Key).ToList();
        if (session.Status == Paid ? full.Count == 0 : full.Count > 0)
        {
            yield return new Finding(Rule, session.Id, $"is {session.Status}, and {Sum(counted)} of {Sum(session.Dues)} counted");
        }

        foreach (var asset in counted.Keys.Union(session.Dues.Keys, StringComparer.Ordinal))
        {
            var stroops = counted.GetValueOrDefault(asset);
            var posted = books.GetValueOrDefault((session.Id, asset));
            var isSettled = session.Status == Paid && full.Contains(asset);
            var right = (isSettled ? stroops : 0, isSettled || session.Status == Open ? 0 : stroops);
            if (stroops > session.Dues.GetValueOrDefault(asset))
            {
                yield return new Finding(Rule, session.Id, $"counts {stroops} stroops of {asset}, and asks for {session.Dues.GetValueOrDefault(asset)}");
            }

            if ((posted.Settled, posted.Released) != right || posted.Fee > posted.Settled)
            {
                yield return new Finding(
                    Rule, session.Id, $"is {session.Status} with {stroops} stroops of {asset}; the merchant was told to settle {posted.Settled}, "
                    + $"of which {posted.Fee} are a fee, and to release {posted.Released}");
            }
        }

        if (!evidence.Sessions.ContainsKey(session.Id))
        {
            yield return new Finding(Rule, session.Id, "is shown, and no event knows it");
        }

        if (session.IsProcessing)
        {
            yield return new Finding(Rule, session.Id, "says that a wallet has signed for it, and nothing is under way any more");
        }

        if (session.Status == Open && IsOver(evidence.Database, session))
        {
            yield return new Finding(Rule, session.Id, $"is open, and its time was over at {session.ExpiresAt:O}");
        }
    }

    // Ledgers are far ahead of it: nothing that could pay it is still to be read.
    private static bool IsOver(DatabaseEvidence database, ShownSession session) =>
        session.TestClock is not { } clock ? session.ExpiresAt < database.Now - Lateness
        : database.Merchants.Clocks.GetValueOrDefault(clock) is { } row && row.FrozenTime >= session.ExpiresAt;

    private static Dictionary<(string Session, string Asset), (long Settled, long Released, long Fee)> Settled(AuditEvidence evidence) =>
        evidence.Database.Events.Where(row => row.Type == Allocated)
            .GroupBy(row => (row.Text("session") ?? "", Money.CodeOf(row.Text("asset") ?? "")))
            .ToDictionary(
                group => group.Key,
                group => (group.Sum(row => Stroops(row, "settled")), group.Sum(row => Stroops(row, "released")), group.Sum(row => Stroops(row, "fee"))));

    // Both of sessions and of refunds: one key, one object; what is final stays.
    private static IEnumerable<Finding> Told(AuditEvidence evidence)
    {
        var told = evidence.Observations.Where(seen => seen.Told is not null).ToList();
        foreach (var same in told.Where(seen => seen.Key is not null).GroupBy(seen => (seen.User, seen.Request, seen.Key)))
        {
            var ids = same.Select(seen => seen.Told!.Id).Distinct().ToList();
            if (ids.Count > 1)
            {
                yield return new Finding(Rule, same.Key.Key!, $"one idempotency key was answered with {string.Join(" and ", ids)}");
            }
        }

        var ends = evidence.Merchants.SelectMany(merchant => merchant.Sessions.Select(session => (session.Id, session.Status))
            .Concat(merchant.Refunds.Select(refund => (refund.Id, refund.Status)))).ToLookup(one => one.Id, one => one.Status);
        foreach (var group in told.GroupBy(seen => seen.Told!.Id, StringComparer.Ordinal))
        {
            var seen = group.OrderBy(one => one.Answered).ToList();
            var end = ends[group.Key].FirstOrDefault();
            var wrong = seen.FirstOrDefault(one => one.Told!.Status is not (Open or "pending") && one.Told.Status != end);
            if (end is null || wrong is not null)
            {
                yield return new Finding(
                    Rule, group.Key, $"was told to be {(wrong ?? seen[0]).Told!.Status} ({(wrong ?? seen[0]).Request}), and is {end ?? "nowhere"}");
            }
            else if (seen.FirstOrDefault(one => one.Told!.Status != end && seen.Exists(earlier =>
                earlier.Told!.Status == end && end is not (Open or "pending") && earlier.Answered <= one.Sent)) is { } back)
            {
                yield return new Finding(Rule, group.Key, $"was told to be {end}, and afterwards {back.Told!.Status} ({back.Request})");
            }
        }
    }

    private static long Stroops(EventRow row, string name) => Money.Parse(row.Text(name) ?? "0");

    private static string Sum(IEnumerable<KeyValuePair<string, long>> sums) =>
        string.Join(" and ", sums.Select(each => $"{each.Value} stroops of {each.Key}"));
}

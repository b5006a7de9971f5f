using System.Text;
using StellarPay.Chaos.Audit;

namespace StellarPay.Chaos;

/// <summary>What a run did, and what the auditor found.</summary>
public sealed record ChaosReport
{
    public required int Seed { get; init; }

    public required int Silos { get; init; }

    /// <summary>Seconds in which clients acted and things went wrong.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds from the end of the faults until everything was at rest.</summary>
    public required double HealingSeconds { get; init; }

    public required int Wallets { get; init; }

    /// <summary>Payments by the status in which they ended.</summary>
    public required IReadOnlyDictionary<string, int> Payments { get; init; }

    /// <summary>Requests of the clients, and how many of them had no answer.</summary>
    public required int Requests { get; init; }

    public required int Unanswered { get; init; }

    /// <summary>Answers by status and error code, other than successes.</summary>
    public required IReadOnlyDictionary<string, int> Refusals { get; init; }

    /// <summary>Processes that were killed, by SIGKILL from outside or at a fault point.</summary>
    public required int Kills { get; init; }

    /// <summary>The same by process.</summary>
    public required IReadOnlyDictionary<string, int> Deaths { get; init; }

    /// <summary>How often each kind of thing besides plain payments came about (<see cref="Happenings"/>).</summary>
    public required IReadOnlyDictionary<string, int> Happened { get; init; }

    /// <summary>Processes that ended by themselves.</summary>
    public required IReadOnlyList<string> UnexpectedEnds { get; init; }

    /// <summary>What was made to go wrong, and how often.</summary>
    public required IReadOnlyDictionary<string, int> Faults { get; init; }

    /// <summary>The fault points that were reached while armed, and how often.</summary>
    public required IReadOnlyDictionary<string, int> PointsHit { get; init; }

    /// <summary>Writes of state that were cut off before and after they took effect.</summary>
    public required int WritesCutBefore { get; init; }

    public required int WritesCutAfter { get; init; }

    /// <summary>Actions that had no end in time.</summary>
    public required IReadOnlyList<string> GivenUp { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    public int PaymentCount => Payments.Values.Sum();

    /// <summary>The report for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine($"seed {Seed}, {(Silos == 0 ? "one process" : $"{Silos} silos")}: {Seconds:0} s of chaos, {HealingSeconds:0} s to heal");
        text.AppendLine($"{PaymentCount} payments among {Wallets} wallets: {List(Payments)}");
        text.AppendLine($"{Requests} requests, {Unanswered} without an answer; refused: {List(Refusals)}");
        text.AppendLine($"besides: {List(Happened)}");
        text.AppendLine($"{Kills} kills ({List(Deaths)}); fault points reached: {List(PointsHit)}");
        text.AppendLine($"writes cut off: {WritesCutBefore} before they took effect, {WritesCutAfter} after");
        text.AppendLine($"faults: {List(Faults)}");
        foreach (var end in UnexpectedEnds.Concat(GivenUp))
        {
            text.AppendLine(end);
        }

        text.AppendLine(Findings.Count == 0 ? "the auditor found nothing" : $"THE AUDITOR FOUND {Findings.Count}:");
        foreach (var finding in Findings.Take(50))
        {
            text.AppendLine($"  {finding}");
        }

        return text.ToString().TrimEnd();
    }

    private static string List(IReadOnlyDictionary<string, int> counts) => counts.Count == 0
        ? "none"
        : string.Join(", ", counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"));
}

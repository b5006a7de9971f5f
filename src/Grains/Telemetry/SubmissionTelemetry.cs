using System.Diagnostics.Metrics;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Telemetry;

/// <summary>What the network answered to envelopes, and how soon.</summary>
internal static class SubmissionTelemetry
{
    private static readonly Counter<long> Answers = StellarPayTelemetry.Meter.CreateCounter<long>(
        "stellarpay.submissions", "{submission}", "Envelopes sent to the network, by what its answer means.");

    private static readonly Histogram<double> Took = StellarPayTelemetry.Meter.CreateHistogram(
        "stellarpay.submission.duration", "s", "Time from sending an envelope until the network's answer.",
        tags: null, StellarPayTelemetry.Seconds);

    private static readonly Counter<long> Alerts = StellarPayTelemetry.Meter.CreateCounter<long>(
        "stellarpay.submission.alerts", "{submission}", "Alerts about submissions, at least one for each that an operator must hear of.");

    /// <summary>A ledger entry is frozen that it touches.</summary>
    public const string FrozenKey = "frozen_key";

    /// <summary>It was answered with a result code that is not known here.</summary>
    public const string UnknownCode = "unknown_code";

    /// <summary>An operator must hear of it.</summary>
    public static void Alert(string why) => Alerts.Add(1, new KeyValuePair<string, object?>("stellarpay.submission.alert", why));

    /// <summary>Submits, and tells what came of it.</summary>
    public static async Task<SubmissionReport> TimedAsync(Func<Task<SubmissionReport>> submit)
    {
        var began = TimeProvider.System.GetTimestamp();
        var outcome = "unavailable";
        try
        {
            var report = await submit();
            outcome = SnakeCase<SubmissionOutcome>.Of(report.Outcome);
            return report;
        }
        finally
        {
            var tag = new KeyValuePair<string, object?>("stellarpay.submission.outcome", outcome);
            Answers.Add(1, tag);
            Took.Record(TimeProvider.System.GetElapsedTime(began).TotalSeconds, tag);
        }
    }
}

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

using System.Diagnostics.Metrics;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>What rate limits cost and whom they refuse.</summary>
internal static class RateLimitTelemetry
{
    private static readonly Histogram<double> Duration = StellarPayTelemetry.Meter.CreateHistogram(
        "stellarpay.rate_limit.duration",
        "s",
        "Time until a request was counted by a rate limit.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
                [0.000001, 0.000002, 0.000005, 0.00001, 0.00002, 0.00003, 0.00004, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.01, 0.1, 0.25],
        });

    private static readonly Counter<long> Refused = StellarPayTelemetry.Meter.CreateCounter<long>(
        "stellarpay.rate_limit.refused", "{request}", "Requests that a rate limit refused.");

    /// <summary>A limit was asked.</summary>
    public static void Checked(string limit, TimeSpan took, bool refused)
    {
        var tag = new KeyValuePair<string, object?>("stellarpay.rate_limit.name", limit);
        Duration.Record(took.TotalSeconds, tag);
        if (refused)
        {
            Refused.Add(1, tag);
        }
    }
}

using System.Diagnostics.Metrics;

namespace StellarPay.Grains.Telemetry;

/// <summary>The wake-ups of what was due.</summary>
internal static class WakeUpTelemetry
{
    private static readonly Histogram<double> Lateness = StellarPayTelemetry.Meter.CreateHistogram(
        "stellarpay.wakeup.lateness", "s", "How long after its due time a grain was woken.", tags: null, StellarPayTelemetry.Seconds);

    /// <summary>A grain was woken, or could not be.</summary>
    public static void Woken(string stateName, TimeSpan late, bool done) => Lateness.Record(
        late > TimeSpan.Zero ? late.TotalSeconds : 0,
        new("stellarpay.grain.state", stateName),
        new("stellarpay.wakeup.outcome", done ? "done" : "failed"));
}

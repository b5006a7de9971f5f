using System.Diagnostics.Metrics;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Adapters.Postgres.Storage.GroupCommit;

/// <summary>How states that share commits fare.</summary>
internal static class StorageTelemetry
{
    private const string Verdict = "stellarpay.storage.verdict";

    private static readonly Counter<long> Writes = StellarPayTelemetry.Meter.CreateCounter<long>(
        "stellarpay.storage.writes", "{write}", "Grain states written in shared commits, by what became of them.");

    private static readonly Histogram<int> Batches = StellarPayTelemetry.Meter.CreateHistogram<int>(
        "stellarpay.storage.batch", "{write}", "Grain states that shared a commit.", tags: null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64] });

    private static readonly Histogram<double> Waits = StellarPayTelemetry.Meter.CreateHistogram<double>(
        "stellarpay.storage.delay", "s", "Time that the oldest state of a commit had waited for it to begin.", tags: null,
        StellarPayTelemetry.Seconds);

    /// <summary>A batch goes out.</summary>
    public static void Batch(int writes, TimeSpan delay)
    {
        Batches.Record(writes);
        Waits.Record(delay.TotalSeconds);
    }

    /// <summary>So many writes had this verdict.</summary>
    public static void Written(string verdict, int count) =>
        Writes.Add(count, new KeyValuePair<string, object?>(Verdict, verdict));
}

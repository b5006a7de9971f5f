using System.Diagnostics.Metrics;
using StellarPay.Grains.Keys;

namespace StellarPay.Grains.Telemetry;

/// <summary>Unwrappings of data keys by the keeper of the key-encryption key.</summary>
internal static class KeyTelemetry
{
    private const string Outcome = "stellarpay.key.outcome";

    private static readonly Counter<long> Unwraps = StellarPayTelemetry.Meter.CreateCounter<long>(
        "stellarpay.key.unwraps", "{unwrap}", "Data keys that the keeper of the key-encryption key was asked to unwrap.");

    private static readonly Histogram<double> Took = StellarPayTelemetry.Meter.CreateHistogram(
        "stellarpay.key.unwrap.duration", "s", "Time until the keeper of the key-encryption key had unwrapped a data key.",
        tags: null, StellarPayTelemetry.Seconds);

    /// <summary>Unwraps, and tells how that went.</summary>
    public static async Task<byte[]> CountedUnwrapAsync(
        this IKeyEncryptionKey keeper, WrappedKey wrapped, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        var outcome = "failed";
        try
        {
            var dataKey = await keeper.UnwrapAsync(wrapped, cancellationToken);
            outcome = "unwrapped";
            return dataKey;
        }
        finally
        {
            var tag = new KeyValuePair<string, object?>(Outcome, outcome);
            Unwraps.Add(1, tag);
            Took.Record(TimeProvider.System.GetElapsedTime(began).TotalSeconds, tag);
        }
    }
}

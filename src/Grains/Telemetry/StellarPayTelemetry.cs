using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace StellarPay.Grains.Telemetry;

/// <summary>
/// The meter and the activity source of StellarPay itself; docs/telemetry.md lists what they tell. Nobody listens unless
/// a host says so, and then they cost nothing.
/// </summary>
public static class StellarPayTelemetry
{
    /// <summary>The name of both.</summary>
    public const string Name = "StellarPay";

    /// <summary>The span of a batch of ledgers that reaches the wallets; it has no parent.</summary>
    public const string FollowerSpan = "follower take";

    /// <summary>What is counted and measured. Attributes never hold an id of a user, an address or an amount.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>What is traced.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Bounds for what takes from a moment to minutes, in seconds.</summary>
    public static InstrumentAdvice<double> Seconds { get; } = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7.5, 10, 15, 30, 60, 120, 300],
    };
}

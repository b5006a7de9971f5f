using System.Diagnostics;
using System.Diagnostics.Metrics;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Telemetry;

/// <summary>How far the follower is behind the network: told by the silo where it lives, and by no other.</summary>
internal static class FollowerTelemetry
{
    private static volatile Lag? _lag;

    static FollowerTelemetry()
    {
        StellarPayTelemetry.Meter.CreateObservableGauge(
            "stellarpay.follower.lag", () => Observe(lag => lag.Ledgers), "{ledger}",
            "Ledgers that the network shows and the wallets do not have yet.");
        StellarPayTelemetry.Meter.CreateObservableGauge(
            "stellarpay.follower.delay", () => Observe(lag => lag.Delay.TotalSeconds), "s",
            "How much later the network's latest ledger closed than the last one that all wallets have.");
    }

    /// <summary>The follower has read so far.</summary>
    /// <param name="latest">The latest ledger that the network showed.</param>
    /// <param name="last">The number of the last one that all wallets have.</param>
    /// <param name="lastClosedAt">When that closed.</param>
    public static void Stands(LedgerMark latest, long last, DateTimeOffset? lastClosedAt)
    {
        var behind = Math.Max(0, latest.Sequence - last);
        _lag = new Lag(behind, behind > 0 && lastClosedAt is { } closed ? latest.ClosedAt - closed : TimeSpan.Zero);
    }

    /// <summary>The follower lives here no more.</summary>
    public static void Left() => _lag = null;

    /// <summary>The span of a batch that moves something.</summary>
    public static Activity? Take(LedgerBatch batch) => batch.Operations.Count + batch.Unread.Count > 0
        ? StellarPayTelemetry.Source.StartActivity(
            StellarPayTelemetry.FollowerSpan, ActivityKind.Consumer, parentContext: default,
            [
                new("stellar.ledger.first", batch.Ledgers[0].Sequence),
                new("stellar.ledger.last", batch.Ledgers[^1].Sequence),
                new("stellar.operation.count", batch.Operations.Count),
            ])
        : null;

    private static IEnumerable<Measurement<T>> Observe<T>(Func<Lag, T> value)
        where T : struct => _lag is { } lag ? [new Measurement<T>(value(lag))] : [];

    private sealed record Lag(long Ledgers, TimeSpan Delay);
}

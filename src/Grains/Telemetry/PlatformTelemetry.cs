using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Telemetry;

/// <summary>What the platform's accounts can spend, as it was seen last.</summary>
internal static class PlatformTelemetry
{
    // A silo that has lost an account's grain stops telling of it; each is looked at every five minutes.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);

    private static readonly ConcurrentDictionary<string, (double Xlm, long Seen)> Balances = [];

    static PlatformTelemetry() => StellarPayTelemetry.Meter.CreateObservableGauge(
        "stellarpay.platform.balance", Observe, "{XLM}", "XLM that a platform account can spend.");

    /// <summary>An account's balance was seen; null where the ledger has no such account.</summary>
    public static void Saw(string name, NetworkAccount? account) => Balances[name] =
        ((account?.AvailableStroops ?? 0) / (double)Amount.StroopsPerUnit, TimeProvider.System.GetTimestamp());

    /// <summary>What was seen is not so any more; the next look tells.</summary>
    public static void Changed(string name) => Balances.TryRemove(name, out _);

    private static IEnumerable<Measurement<double>> Observe() => Balances
        .Where(balance => TimeProvider.System.GetElapsedTime(balance.Value.Seen) < Fresh)
        .Select(balance => new Measurement<double>(
            balance.Value.Xlm, new KeyValuePair<string, object?>("stellarpay.platform.account", balance.Key)));
}

using System.Diagnostics.Metrics;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Frontdoor.Live;

/// <summary>How many listen at this front door.</summary>
internal static class LiveTelemetry
{
    private static readonly UpDownCounter<long> Connections = StellarPayTelemetry.Meter.CreateUpDownCounter<long>(
        "stellarpay.hub.connections", "{connection}", "Connections of the hub that listen.");

    private static readonly Counter<long> SetAside = StellarPayTelemetry.Meter.CreateCounter<long>(
        "stellarpay.hub.unreadable", "{event}", "Events that the hub could not read and passed over.");

    public static void Unreadable() => SetAside.Add(1);

    public static void Came() => Connections.Add(1);

    public static void Went() => Connections.Add(-1);
}

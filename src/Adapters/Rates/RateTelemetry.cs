using System.Diagnostics.Metrics;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Adapters.Rates;

/// <summary>How the sources of rates stand.</summary>
internal static class RateTelemetry
{
    private const string Source = "stellarpay.rates.source";

    private static readonly Counter<long> DroppedRates = StellarPayTelemetry.Meter.CreateCounter<long>(
        "stellarpay.rates.dropped", "{rate}", "Rates of a source that were left out for being too far from the others.");

    private static volatile IReadOnlyList<HttpRateSource> _sources = [];

    static RateTelemetry() => StellarPayTelemetry.Meter.CreateObservableGauge(
        "stellarpay.rates.breaker",
        () => _sources.Select(source => new Measurement<int>((int)source.Breaker.State, With(source.Name))),
        "{state}",
        "Whether a source of rates is asked: 0 yes, 1 on trial, 2 no, for it failed again and again.");

    /// <summary>Of these it is told.</summary>
    public static void Watch(IReadOnlyList<HttpRateSource> sources) => _sources = sources;

    public static void Dropped(string source) => DroppedRates.Add(1, With(source));

    private static KeyValuePair<string, object?> With(string source) => new(Source, source);
}

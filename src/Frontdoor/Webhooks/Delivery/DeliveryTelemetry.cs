using System.Diagnostics.Metrics;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>How calls of merchants' endpoints end, and how they stand.</summary>
internal static class DeliveryTelemetry
{
    private const string Outcome = "stellarpay.webhook.outcome";

    private static readonly Counter<long> Deliveries = StellarPayTelemetry.Meter.CreateCounter<long>(
        "stellarpay.webhook.deliveries", "{delivery}", "Tries to send an event to a merchant's endpoint.");

    private static readonly Histogram<double> Took = StellarPayTelemetry.Meter.CreateHistogram(
        "stellarpay.webhook.duration", "s", "Time from calling a merchant's endpoint until its answer.", advice: StellarPayTelemetry.Seconds);

    private static readonly Counter<long> Unsendable = StellarPayTelemetry.Meter.CreateCounter<long>(
        "stellarpay.webhook.unsendable", "{event}", "Events that could not be written for a merchant's endpoint and were passed over.");

    private static volatile WebhookStanding? _latest;

    static DeliveryTelemetry()
    {
        Gauge("stellarpay.webhook.breakers_open", "{endpoint}", "Merchants' endpoints whose breaker is open.", now => now.Open);
        Gauge("stellarpay.webhook.failing", "{endpoint}", "Merchants' endpoints that failed last.", now => now.Failing);
        Gauge("stellarpay.webhook.backlog", "{event}", "Events that merchants' endpoints have not been tried with yet.", now => now.Backlog);
        Gauge("stellarpay.webhook.retries", "{event}", "Events that are tried again with merchants' endpoints.", now => now.Retries);
    }

    /// <summary>A receiver was called.</summary>
    public static void Tried(WebhookAnswer answer)
    {
        var outcome = new KeyValuePair<string, object?>(Outcome, WebhookAnswer.NameOf(answer.Outcome));
        Deliveries.Add(1, outcome);
        Took.Record(answer.Took.TotalSeconds, outcome);
    }

    /// <summary>An event cannot be written, and is passed over.</summary>
    public static void PassedOver() => Unsendable.Add(1);

    /// <summary>The database was read; null where it could not be, and then nothing is told.</summary>
    public static void Stands(WebhookStanding? standing) => _latest = standing;

    private static void Gauge(string name, string unit, string description, Func<WebhookStanding, long> observe) =>
        StellarPayTelemetry.Meter.CreateObservableGauge(
            name, () => _latest is { } latest ? new[] { new Measurement<long>(observe(latest)) } : [], unit, description);
}

/// <summary>How merchants' endpoints stand.</summary>
internal sealed record WebhookStanding(long Open, long Failing, long Backlog, long Retries);

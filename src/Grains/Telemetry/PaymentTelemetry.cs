using System.Diagnostics;
using System.Diagnostics.Metrics;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Telemetry;

/// <summary>
/// Payments as metrics and spans. The trace of the request that confirmed a payment is kept with it, so that whoever
/// drives it later, perhaps after a restart and in another process, goes on with that trace.
/// </summary>
internal static class PaymentTelemetry
{
    private const string Status = "stellarpay.payment.status";

    private static readonly Counter<long> Reached = StellarPayTelemetry.Meter.CreateCounter<long>(
        "stellarpay.payments", "{payment}", "Payments that reached a status.");

    private static readonly Histogram<double> Took = StellarPayTelemetry.Meter.CreateHistogram(
        "stellarpay.payment.duration", "s", "Time from the confirmation of a payment until it reached a status.",
        tags: null, StellarPayTelemetry.Seconds);

    /// <summary>The present trace as W3C's traceparent; null where it is not recorded.</summary>
    public static string? PresentTrace() =>
        Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } present ? present.Id : null;

    /// <summary>A payment came to a status.</summary>
    /// <param name="status">The status.</param>
    /// <param name="method">By which kind of operation it is made.</param>
    /// <param name="sinceConfirmed">How long ago it was confirmed; null where it was not.</param>
    public static void Came(PaymentStatus status, PaymentMethod method, TimeSpan? sinceConfirmed)
    {
        var name = SnakeCase<PaymentStatus>.Of(status);
        Reached.Add(1, new(Status, name), new("stellarpay.payment.method", SnakeCase<PaymentMethod>.Of(method)));
        if (sinceConfirmed is { } time)
        {
            Took.Record(time.TotalSeconds, new KeyValuePair<string, object?>(Status, name));
        }
    }

    /// <summary>The span of driving a transaction until the ledger decides. The first trace has it, the others are linked.</summary>
    public static Activity? Drive(string transactionHash, string[] traces)
    {
        if (!StellarPayTelemetry.Source.HasListeners() || traces is not [var first, .. var others] || Parse(first) is not { } parent)
        {
            return null;
        }

        return StellarPayTelemetry.Source.StartActivity(
            "payment submit", ActivityKind.Internal, parent,
            [new("stellar.transaction.hash", transactionHash)],
            [.. others.Select(Parse).OfType<ActivityContext>().Select(context => new ActivityLink(context))]);
    }

    /// <summary>The span with which a payment's trace ends: the ledger has decided, and the wallet's books have it.</summary>
    public static void End(PaymentEnd end)
    {
        if (!StellarPayTelemetry.Source.HasListeners() || Parse(end.Trace) is not { } parent)
        {
            return;
        }

        // The turn in which it was learned belongs to somebody else's trace.
        var turn = Activity.Current;
        ActivityLink[] links = turn is null || turn.TraceId == parent.TraceId ? [] : [new ActivityLink(turn.Context)];
        using var span = StellarPayTelemetry.Source.StartActivity(
            "payment settle", ActivityKind.Consumer, parent,
            [
                new("stellarpay.payment.id", end.Payment),
                new(Status, SnakeCase<PaymentStatus>.Of(end.Status)),
                new("stellar.transaction.hash", end.TransactionHash),
                new("stellar.ledger.sequence", end.Ledger),
            ],
            links, end.At);
        if (end.FailureCode is not null)
        {
            span?.SetTag("error.type", end.FailureCode);
            span?.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static ActivityContext? Parse(string trace) =>
        ActivityContext.TryParse(trace, traceState: null, isRemote: true, out var context) ? context : null;
}

using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;

namespace StellarPay.Frontdoor.Tests.Telemetry;

/// <summary>The spans that are exported, as the exporter sees them.</summary>
internal sealed class RecordedSpans
{
    private readonly ConcurrentQueue<Activity> _spans = [];

    public BaseProcessor<Activity> Recorder() => new Processor(_spans);

    public void Forget() => _spans.Clear();

    public Activity[] Of(ActivityTraceId trace) => [.. _spans.Where(span => span.TraceId == trace)];

    /// <summary>
    /// The spans of the trace that settled a payment, once it has and each of those that are wanted has ended, for what others settle may
    /// be over before what led to it.
    /// </summary>
    public async Task<Activity[]> UntilSettledAsync(string payment, params Func<Activity, bool>[] wanted)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            if (_spans.FirstOrDefault(span => span.OperationName == "payment settle"
                && Equals(span.GetTagItem("stellarpay.payment.id"), payment)) is { } settled
                && Array.TrueForAll(wanted, Of(settled.TraceId).Any))
            {
                return Of(settled.TraceId);
            }

            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }

    /// <summary>The requests to a route so far.</summary>
    public Activity[] RequestsTo(string route) =>
        [.. _spans.Where(span => span.Kind == ActivityKind.Server && Equals(span.GetTagItem("http.route"), route))];

    /// <summary>The first span of a server whose route ends so, once there is one.</summary>
    public async Task<Activity> UntilRequestAsync(string route)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            if (_spans.FirstOrDefault(span => span.Kind == ActivityKind.Server
                && $"{span.GetTagItem("http.route")}".TrimEnd('/').EndsWith(route, StringComparison.Ordinal)) is { } request)
            {
                return request;
            }

            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }

    private sealed class Processor(ConcurrentQueue<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => spans.Enqueue(data);
    }
}

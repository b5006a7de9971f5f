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

    /// <summary>The spans of a trace, once one of them has this name.</summary>
    public async Task<Activity[]> UntilAsync(ActivityTraceId trace, string name)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Of(trace).All(span => span.OperationName != name))
        {
            await ticks.WaitForNextTickAsync(deadline.Token);
        }

        return Of(trace);
    }

    private sealed class Processor(ConcurrentQueue<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => spans.Enqueue(data);
    }
}

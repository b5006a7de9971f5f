using System.Diagnostics;

namespace StellarPay.Frontdoor.Tests.Telemetry;

/// <summary>Found by an attacker: whoever sent a traceparent had all of his requests traced, with text of his own in each span.</summary>
public sealed class StrangersTraceTests(TelemetryHost host) : IClassFixture<TelemetryHost>
{
    private const string TraceId = "cccccccccccccccccccccccccccccccc";

    [Theory]
    [InlineData("00")]
    [InlineData("01")]
    public async Task A_caller_decides_neither_whether_he_is_traced_nor_under_which_id_nor_what_spans_say(string flags)
    {
        host.Spans.Forget();
        using var handler = new SocketsHttpHandler { ActivityHeadersPropagator = null };
        using var http = new HttpClient(handler) { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/wallet");
        request.Headers.Add("traceparent", $"00-{TraceId}-dddddddddddddddd-{flags}");
        request.Headers.Add("tracestate", "s=STRANGERSTATE");
        request.Headers.Add("baggage", "who=STRANGERBAGGAGE");
        (await http.SendAsync(request, TestContext.Current.CancellationToken)).Dispose();

        var span = await host.Spans.UntilRequestAsync("/v1/wallet");

        span.TraceId.ToHexString().ShouldNotBe(TraceId);
        span.ParentSpanId.ShouldBe(default);
        span.TraceStateString.ShouldBeNull();
        span.Baggage.ShouldBeEmpty();
        host.Spans.Of(ActivityTraceId.CreateFromString(TraceId)).ShouldBeEmpty();
    }
}

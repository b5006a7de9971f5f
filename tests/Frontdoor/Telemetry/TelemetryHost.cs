using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using StellarPay.Adapters.Horizon;
using StellarPay.Demo;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Tests.Shared.Secrets;

namespace StellarPay.Frontdoor.Tests.Telemetry;

/// <summary>The whole system with somebody who collects what it tells.</summary>
public class TelemetryHost : WholeHost
{
    /// <summary>It is in the connection string, and nowhere else.</summary>
    internal const string CertificatePassword = "Certificate-4713+password";

    private readonly Collector _collector = new(FreePorts.Next());
    private readonly int _metricsPort = FreePorts.Next();

    internal RecordedSpans Spans { get; } = new();

    protected override Dictionary<string, string?> Settings => new(base.Settings)
    {
        ["STELLARPAY_POSTGRES"] = $"{Database.ConnectionString};SSL Password={CertificatePassword}",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["STELLARPAY_METRICS_PORT"] = $"{_metricsPort}",
    };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _collector.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>What <c>/metrics</c> says.</summary>
    internal async Task<string> ScrapeAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(
            new Uri($"http://127.0.0.1:{_metricsPort}/metrics"), TestContext.Current.CancellationToken);
    }

    /// <summary>All that was exported until now.</summary>
    internal Place[] Exports()
    {
        Services.GetRequiredService<TracerProvider>().ForceFlush();
        Services.GetRequiredService<MeterProvider>().ForceFlush();
        return [.. _collector.Exports];
    }

    protected override async Task<NetworkProfile> AddGrainsAsync(WebApplicationBuilder builder)
    {
        var network = await base.AddGrainsAsync(builder);
        builder.Services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddProcessor(Spans.Recorder()));
        return network;
    }
}

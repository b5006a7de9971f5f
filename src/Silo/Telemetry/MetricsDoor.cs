using System.Net;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using StellarPay.Adapters.Settings;

namespace StellarPay.Silo.Telemetry;

/// <summary>Serves <c>/metrics</c> and nothing else, on a port of its own that the front door's clients do not reach.</summary>
internal sealed class MetricsDoor(MeterProvider metrics, IOptions<StellarPaySettings> settings) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(settings.Value.MetricsAddress), settings.Value.MetricsPort);
        });
        _app = builder.Build();
        _app.UseOpenTelemetryPrometheusScrapingEndpoint(
            metrics, predicate: null, path: "/metrics", configureBranchedPipeline: null, optionsName: null);
        await _app.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;
}

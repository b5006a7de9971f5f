using System.Reflection;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orleans.Diagnostics;
using StellarPay.Adapters.Settings;
using StellarPay.Adapters.Telemetry;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Silo.Telemetry;

/// <summary>
/// Tells what a process does, as OpenTelemetry: spans and metrics by OTLP where an endpoint is set, metrics in
/// Prometheus' text where a port is. Where neither is, nothing listens. docs/telemetry.md says what is told.
/// </summary>
public static class TelemetryExtensions
{
    private const string ServiceName = "stellarpay";

    /// <summary>Adds it. The host must have the settings.</summary>
    public static IHostApplicationBuilder AddStellarPayTelemetry(this IHostApplicationBuilder builder, StellarPaySettings settings)
    {
        if (!settings.TellsMetrics)
        {
            return builder;
        }

        // ASP.NET Core's own propagator, the front door's, decides alone whose trace goes on: the instrumentation looks for a
        // caller's a second time unless this is its propagator.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, settings))
            .WithMetrics(metrics => Measure(metrics, settings));
        if (settings.TellsTraces && builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] is not (null or "" or "grpc" or "http/protobuf"))
        {
            throw new OptionsValidationException(
                ServiceName, typeof(OtlpExporterOptions), ["OTEL_EXPORTER_OTLP_PROTOCOL must be grpc or http/protobuf."]);
        }

        if (settings.TellsTraces)
        {
            telemetry.WithTracing(traces => Trace(traces, builder.Configuration));
        }

        if (settings.MetricsPort > 0)
        {
            builder.Services.AddHostedService<MetricsDoor>();
        }

        if (settings.Hosts("silo"))
        {
            builder.Services.AddStellarPayStanding();
        }

        return builder;
    }

    // What the standard variables say (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) is said last, and so holds.
    private static void Describe(ResourceBuilder resource, StellarPaySettings settings) => resource
        .AddService(ServiceName, serviceVersion: typeof(TelemetryExtensions).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion)
        .AddAttributes([new("stellarpay.roles", settings.Roles)])
        .AddEnvironmentVariableDetector();

    private static void Measure(MeterProviderBuilder metrics, StellarPaySettings settings)
    {
        metrics.AddMeter(StellarPayTelemetry.Name, "Microsoft.Orleans")
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation()
            .AddRuntimeInstrumentation()
            .AddNpgsqlInstrumentation();
        if (settings.TellsTraces)
        {
            metrics.AddOtlpExporter();
        }

        if (settings.MetricsPort > 0)
        {
            metrics.AddPrometheusExporter();
        }
    }

    // What asks every few seconds whether we live, and how.
    private static bool IsTold(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/health") && !context.Request.Path.StartsWithSegments("/metrics");

    private static void Trace(TracerProviderBuilder traces, IConfiguration configuration) => traces
        .SetSampler(new RootSampler(configuration))
        .AddSource(StellarPayTelemetry.Name, ActivitySources.AllActivitySourceName)
        .AddAspNetCoreInstrumentation(http => http.Filter = IsTold)
        .AddHttpClientInstrumentation()
        .AddNpgsql()
        // Before the exporter: it sees what the processor has left.
        .AddProcessor(new DiscretionProcessor())
        .AddOtlpExporter();
}

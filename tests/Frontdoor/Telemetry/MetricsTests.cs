using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Frontdoor.Tests.Telemetry;

public sealed partial class MetricsTests(TelemetryHost host) : IClassFixture<TelemetryHost>
{
    [Fact]
    public async Task What_docs_telemetry_md_lists_is_what_there_is_and_metrics_shows_it()
    {
        using var listener = new MeterListener();
        var tags = new HashSet<(string Instrument, string Attribute)>();
        Listen(listener, tags);
        var payer = await Payer.NewAsync(host);
        await payer.UntilSucceededAsync(await payer.PayAsync());
        listener.RecordObservableInstruments();
        var documented = TelemetryDocument.Read();

        var text = await UntilToldAsync(
            "stellarpay_projection_lag", "stellarpay_follower_lag", "stellarpay_payments_total{", "orleans_", "http_server_request_duration",
            "db_client_", "dotnet_", "db_client_connection_pool_name=\"stellarpay\"", "db_client_connection_pool_name=\"orleans\"");

        documented.Select(metric => metric.Line).ShouldBe(TelemetryDocument.Instruments(), ignoreOrder: true);
        lock (tags)
        {
            tags.Except(documented.SelectMany(metric => metric.Attributes.Select(attribute => (metric.Name, attribute)))).ShouldBeEmpty();
        }

        text.ShouldContain("stellarpay_payments_total{");
        text.ShouldContain("orleans_");
        text.ShouldContain("http_server_request_duration");
        text.ShouldContain("db_client_");
        text.ShouldContain("dotnet_");
        text.ShouldContain("db_client_connection_pool_name=\"stellarpay\"");
        text.ShouldContain("db_client_connection_pool_name=\"orleans\"");
        text.ShouldNotContain(TelemetryHost.CertificatePassword);
        Somebody().Matches(text).Select(match => match.Value).ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_nobody_collects_there_is_no_telemetry_at_all()
    {
        await using var quiet = new FrontdoorHost();
        await quiet.InitializeAsync();

        quiet.Services.GetService<TracerProvider>().ShouldBeNull();
        quiet.Services.GetService<MeterProvider>().ShouldBeNull();
    }

    private static void Listen(MeterListener listener, HashSet<(string, string)> tags)
    {
        void Keep<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> of, object? state)
        {
            lock (tags)
            {
                foreach (var tag in of)
                {
                    tags.Add((instrument.Name, tag.Key));
                }
            }
        }

        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == StellarPayTelemetry.Name)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>(Keep);
        listener.SetMeasurementEventCallback<double>(Keep);
        listener.Start();
    }

    private async Task<string> UntilToldAsync(params string[] names)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var text = await host.ScrapeAsync();
        while (!names.All(text.Contains))
        {
            await ticks.WaitForNextTickAsync(deadline.Token);
            text = await host.ScrapeAsync();
        }

        return text;
    }

    // An id of ours, an address or a hash of the network, an e-mail address.
    [GeneratedRegex(@"\b(usr|wal|txn|pay)_[0-9a-zA-Z]{10,}|\b[GM][A-Z2-7]{55,}|\b[0-9a-f]{64}\b|\S+@example\.com")]
    private static partial Regex Somebody();
}

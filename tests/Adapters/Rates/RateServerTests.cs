using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Rates;
using StellarPay.Grains.Money;
using StellarPay.Grains.Rates;
using StellarPay.Grains.Telemetry;
using StellarPay.Stellar.Horizon;
using StellarPay.Tests;

namespace StellarPay.Adapters.Tests.Rates;

/// <summary>
/// A server that tells rates, those who ask it, and a clock that only the test moves. One test after the other: the metric is of all
/// sources that there are.
/// </summary>
public abstract class RateServerTests : IAsyncLifetime
{
    private const string Issuer = "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN";

    private protected TestClock Clock { get; } = new();

    private protected Lines Log { get; } = new();

    private protected RateSourceOptions Settings { get; } = new() { AllowLoopback = true, OrderBook = false };

    private protected RateServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RateServer.StartAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Server.DisposeAsync();
    }

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected HttpRateOptions Source(string name, string path, string rate, params string[] names) =>
        Settings.Sources[name] = new HttpRateOptions { Url = Server.Url + path, Path = rate, Names = names };

    private protected HttpRates Rates() => new(Options.Create(Settings), Options.Create(new RateOptions()), Clock, Clock, Log);

    private protected RateSource Assets(HttpRates http)
    {
        var profile = new NetworkProfile(new Uri("http://horizon.test"), "passphrase", Asset.Issued("USDC", Issuer).Canonical, false, false);
        var horizon = new HorizonClient(new HttpClient(), new HorizonClientOptions { BaseUrls = [profile.Horizon] }, TimeProvider.System);
        return new RateSource(
            new OrderBookRates(horizon, profile, Options.Create(Settings), Clock, TimeProvider.System,
                Microsoft.Extensions.Logging.Abstractions.NullLogger<OrderBookRates>.Instance),
            http, Options.Create(Settings), profile, Clock);
    }

    protected static int BreakerOf(string source)
    {
        var state = -1;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, each) =>
        {
            if (instrument.Meter.Name == StellarPayTelemetry.Name && instrument.Name == "stellarpay.rates.breaker")
            {
                each.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) => state = tags[0].Value as string == source ? value : state);
        listener.Start();
        listener.RecordObservableInstruments();
        return state;
    }

    private protected sealed class Lines : ILogger<HttpRateSource>
    {
        private readonly List<string> _all = [];

        public IReadOnlyList<string> All
        {
            get
            {
                lock (_all)
                {
                    return [.. _all];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_all)
            {
                _all.Add(formatter(state, exception));
            }
        }
    }
}

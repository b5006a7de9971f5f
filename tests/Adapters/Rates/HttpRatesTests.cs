using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
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

/// <summary>Rates that other people's servers tell: read strictly, compared with each other, and not counted with where in doubt.</summary>
public sealed class HttpRatesTests : IAsyncLifetime
{
    private const string Issuer = "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN";

    private readonly TestClock _clock = new();
    private readonly Lines _lines = new();
    private readonly RateSourceOptions _options = new() { AllowLoopback = true, OrderBook = false };
    private RateServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RateServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_rate_is_where_the_settings_say_and_names_its_source()
    {
        Source("ecb", "/latest?of={code}", "$.rates.{code}", "EUR", "INR");
        _server.Tell("/latest?of=EUR", """{ "rates": { "EUR": "1.0825" } }""");
        _server.Tell("/latest?of=INR", """{ "rates": { "INR": 0.011901234567 } }""");
        using var rates = Rates();
        var fiat = new FiatRates(rates, Options.Create(_options), _clock);

        (await fiat.FindAsync("EUR", Stop)).ShouldBe(new FiatRate("EUR", 1.0825m, "ecb", _clock.GetUtcNow()));
        (await fiat.FindAsync("INR", Stop)).ShouldBe(new FiatRate("INR", 0.011901234567m, "ecb", _clock.GetUtcNow()));
        (await fiat.FindAsync("GBP", Stop)).ShouldBeNull();
        (await fiat.FindAsync("USD", Stop))!.Source.ShouldBe("settings");
    }

    [Fact]
    public async Task What_is_told_for_a_dollar_is_turned_over_and_an_assets_rate_stands_in_a_list()
    {
        Source("a", "/a", "$.rates['{code}']", "EUR").PerDollar = true;
        Source("b", "/b", "$[1].price", "XLM");
        _server.Tell("/a", """{ "rates": { "EUR": 0.8 } }""");
        _server.Tell("/b", """[{ "price": 7 }, { "price": "0.125" }]""");
        using var rates = Rates();

        (await rates.FindAsync("EUR", [], Stop))!.Dollars.ShouldBe(1.25m);
        (await Assets(rates).FindAsync(Asset.Native, Stop)).ShouldBe(new AssetRate(Asset.Native, 0.125m, _clock.GetUtcNow(), "b"));
    }

    [Theory]
    [InlineData("\"1e1\"")]
    [InlineData("1.08e0")]
    [InlineData("-1.08")]
    [InlineData("\"1,08\"")]
    [InlineData("\" 1.08\"")]
    [InlineData("\".5\"")]
    [InlineData("\"1.\"")]
    [InlineData("\"1.0.8\"")]
    [InlineData("\"٣\"")]
    [InlineData("0")]
    [InlineData("0.0000000001")]
    [InlineData("1000000001")]
    [InlineData("1.2345678901234567890123456789")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("1.08, \"EUR\": 9")]
    [InlineData("1.08 }")]
    public async Task What_is_not_plainly_a_rate_is_none(string told)
    {
        Source("ecb", "/r", "$.EUR", "EUR");
        _server.Tell("/r", $$"""{ "EUR": {{told}} }""");
        using var rates = Rates();

        (await rates.FindAsync("EUR", [], Stop)).ShouldBeNull();
        _lines.All.ShouldHaveSingleItem().ShouldStartWith("The source ecb told no rate of EUR: ");
    }

    [Fact]
    public async Task One_that_lies_is_outvoted_and_of_two_that_differ_neither_is_believed()
    {
        var told = new Dictionary<string, string> { ["/a"] = "1.08", ["/b"] = "1.10", ["/c"] = "108" };
        foreach (var (path, rate) in told)
        {
            Source(path.Trim('/'), path, "$", "EUR");
            _server.Tell(path, rate);
        }

        using var three = Rates();
        (await three.FindAsync("EUR", [], Stop)).ShouldBe(new RateQuote("median of a, b", 1.09m, _clock.GetUtcNow()));

        _server.Tell("/b", "1.30");
        using var alone = Rates();
        (await alone.FindAsync("EUR", [], Stop)).ShouldBeNull();

        _options.Sources.Remove("c");
        using var two = Rates();
        (await two.FindAsync("EUR", [], Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task As_many_must_agree_as_the_settings_ask_for()
    {
        Source("a", "/a", "$", "EUR");
        _server.Tell("/a", "1.08");
        _options.LeastSources = 2;
        using var rates = Rates();

        (await rates.FindAsync("EUR", [], Stop)).ShouldBeNull();
        // The order book may be the other.
        (await rates.FindAsync("EUR", [new RateQuote("order_book", 1.10m, _clock.GetUtcNow())], Stop))!.Source
            .ShouldBe("median of a, order_book");
    }

    [Fact]
    public async Task A_rate_is_as_old_as_its_source_says_and_one_that_is_too_old_does_not_vote()
    {
        Source("old", "/old", "$.rate", "EUR").TimePath = "$.at";
        Source("new", "/new", "$.rate", "EUR").TimePath = "$.at";
        var (now, before) = (_clock.GetUtcNow(), _clock.GetUtcNow().AddHours(-1));
        _server.Tell("/old", $$"""{ "rate": 9, "at": {{before.ToUnixTimeSeconds()}} }""");
        _server.Tell("/new", $$"""{ "rate": 1.08, "at": "{{now.AddSeconds(-10):O}}" }""");
        using var rates = Rates();

        (await rates.FindAsync("EUR", [], Stop)).ShouldBe(new RateQuote("new", 1.08m, now.AddSeconds(-10)));

        _server.Tell("/new", $$"""{ "rate": 1.08, "at": "{{now.AddHours(1):O}}" }""");
        using var ahead = Rates();
        (await ahead.FindAsync("EUR", [], Stop)).ShouldBe(new RateQuote("old", 9m, before));
        _lines.All.ShouldContain("The source new told no rate of EUR: The rate is of a time that is yet to come.");
    }

    [Fact]
    public async Task A_source_that_fails_again_and_again_is_left_alone_and_tried_now_and_then()
    {
        Source("ecb", "/r", "$", "EUR");
        _server.Tell("/r", "1.08");
        using var rates = Rates();
        (await rates.FindAsync("EUR", [], Stop)).ShouldNotBeNull();
        var told = _clock.GetUtcNow();
        BreakerOf("ecb").ShouldBe(0);

        _server.Fail("/r", 500);
        for (var minute = 0; minute < 10; minute++)
        {
            _clock.Advance(TimeSpan.FromSeconds(30));
            // What it told last, with its age.
            (await rates.FindAsync("EUR", [], Stop)).ShouldBe(new RateQuote("ecb", 1.08m, told));
        }

        // Five times until it is left alone, then after half a minute and a minute; the next would be after two.
        _server.Asked("/r").ShouldBe(1 + 5 + 2);
        BreakerOf("ecb").ShouldBe(2);
        _lines.All.Count(line => line.StartsWith("The source ecb of rates fails again and again", StringComparison.Ordinal)).ShouldBe(1);

        _server.Tell("/r", "1.09");
        _clock.Advance(TimeSpan.FromMinutes(2));
        (await rates.FindAsync("EUR", [], Stop))!.Dollars.ShouldBe(1.09m);
        BreakerOf("ecb").ShouldBe(0);
    }

    [Fact]
    public async Task One_that_hangs_is_waited_for_no_longer_than_the_settings_say()
    {
        Source("slow", "/r", "$", "EUR");
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Answers["/r"] = async context =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        using var rates = Rates();

        var finding = rates.FindAsync("EUR", [], Stop);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        _clock.Advance(TimeSpan.FromSeconds(3));

        (await finding.WaitAsync(TimeSpan.FromSeconds(30), Stop)).ShouldBeNull();
        _lines.All.ShouldBe(["The source slow told no rate of EUR: It took too long."]);
    }

    [Fact]
    public async Task A_long_answer_a_redirect_and_a_host_of_an_inner_network_are_refused()
    {
        Source("long", "/long", "$", "EUR");
        Source("elsewhere", "/elsewhere", "$", "EUR");
        _options.Sources["inner"] = new HttpRateOptions { Url = "https://10.0.0.1/?key=secret", Path = "$", Names = ["EUR"] };
        _server.Tell("/long", "1." + new string(' ', 70_000) + "08");
        _server.Tell("/target", "1.08");
        _server.Answers["/elsewhere"] = context =>
        {
            context.Response.Redirect("/target");
            return Task.CompletedTask;
        };
        using var rates = Rates();

        (await rates.FindAsync("EUR", [], Stop)).ShouldBeNull();

        _server.Asked("/target").ShouldBe(0);
        _lines.All.ShouldBe(
            [
                "The source elsewhere told no rate of EUR: It answered 302.",
                "The source inner told no rate of EUR: It cannot be reached.",
                "The source long told no rate of EUR: Its answer is too long.",
            ], ignoreOrder: true);
    }

    [Theory]
    [InlineData("http://rates.example.com", "$", "EUR", "StellarPay:Rates:Sources:x:Url must be an https URL.")]
    [InlineData("https://rates.example.com", "rates", "EUR", "StellarPay:Rates:Sources:x:Path must say where the rate is, such as $.rates.{code}.")]
    [InlineData("https://rates.example.com", "$..rates", "EUR", "StellarPay:Rates:Sources:x:Path must say where the rate is, such as $.rates.{code}.")]
    [InlineData("https://rates.example.com", "$[*]", "EUR", "StellarPay:Rates:Sources:x:Path must say where the rate is, such as $.rates.{code}.")]
    [InlineData("https://rates.example.com", "$", "Euro",
        "StellarPay:Rates:Sources:x:Names must be 1 to 64 of ISO 4217 codes in capitals, XLM, USDC or CODE-ISSUER.")]
    public void A_source_that_is_none_is_refused_with_a_sentence_that_names_it(string url, string path, string name, string sentence)
    {
        _options.Sources["x"] = new HttpRateOptions { Url = url, Path = path, Names = [name] };

        _options.Validate(new(_options)).Single().ErrorMessage.ShouldBe(sentence);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private HttpRateOptions Source(string name, string path, string rate, params string[] names) =>
        _options.Sources[name] = new HttpRateOptions { Url = _server.Url + path, Path = rate, Names = names };

    private HttpRates Rates() => new(Options.Create(_options), Options.Create(new RateOptions()), _clock, _clock, _lines);

    private RateSource Assets(HttpRates http)
    {
        var profile = new NetworkProfile(new Uri("http://horizon.test"), "passphrase", Asset.Issued("USDC", Issuer).Canonical, false, false);
        var horizon = new HorizonClient(new HttpClient(), new HorizonClientOptions { BaseUrls = [profile.Horizon] }, TimeProvider.System);
        return new RateSource(
            new OrderBookRates(horizon, profile, Options.Create(_options), _clock, TimeProvider.System,
                Microsoft.Extensions.Logging.Abstractions.NullLogger<OrderBookRates>.Instance),
            http, Options.Create(_options), profile, _clock);
    }

    private static int BreakerOf(string source)
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

    private sealed class Lines : ILogger<HttpRateSource>
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

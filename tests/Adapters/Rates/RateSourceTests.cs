using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Rates;
using StellarPay.Grains.Money;
using StellarPay.Grains.Rates;
using StellarPay.Stellar.Horizon;
using StellarPay.Tests;

namespace StellarPay.Adapters.Tests.Rates;

[Collection(nameof(RateServerTests))]
public sealed class RateSourceTests
{
    private const string Issuer = "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN";
    private static readonly Asset Usdc = Asset.Issued("USDC", Issuer);
    private static readonly Asset Euro = Asset.Issued("EURC", Issuer);
    private readonly TestClock _clock = new();
    private readonly BookServer _server = new();
    private OrderBookRates _books = null!;

    [Fact]
    public async Task A_price_of_the_settings_is_always_of_this_moment()
    {
        var rates = Rates(new() { ["XLM"] = "0.10", ["USDC"] = "1", ["EURC-" + Issuer] = "1.08" });
        _clock.Advance(TimeSpan.FromDays(400));

        (await FindAsync(rates, Asset.Native)).ShouldBe((0.10m, TimeSpan.Zero));
        (await FindAsync(rates, Usdc)).ShouldBe((1m, TimeSpan.Zero));
        (await FindAsync(rates, Euro)).ShouldBe((1.08m, TimeSpan.Zero));
        _server.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task What_nobody_has_set_has_no_price_unless_the_order_book_is_asked()
    {
        (await FindAsync(Rates([], orderBook: false), Asset.Native)).ShouldBeNull();
        _server.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task The_order_books_price_is_the_middle_of_bid_and_ask()
    {
        _server.Book = Book(("1", "10"), ("12", "100"));

        (await FindAsync(await LookedAtAsync([]), Asset.Native)).ShouldBe((0.11m, TimeSpan.Zero));
        _server.LastQuery.ShouldBe(
            $"?selling_asset_type=native&buying_asset_type=credit_alphanum4&buying_asset_code=USDC&buying_asset_issuer={Issuer}&limit=200");
    }

    [Theory]
    [InlineData(null, "12/100")]
    [InlineData("1/10", null)]
    [InlineData("1/10", "111/1000")]
    [InlineData("1/10", "9/100")]
    public async Task A_book_that_is_one_sided_wide_or_crossed_has_no_price(string? bid, string? ask)
    {
        _server.Book = Book(Level(bid), Level(ask));

        (await FindAsync(await LookedAtAsync([], spread: 10), Asset.Native)).ShouldBeNull();
    }

    [Fact]
    public async Task The_book_is_read_once_for_many_who_ask_and_again_behind_them_when_its_time_is_over()
    {
        _server.Book = Book(("1", "10"), ("1", "10"));
        var rates = await LookedAtAsync([]);
        _clock.Advance(TimeSpan.FromSeconds(30));
        var before = _server.Requests;

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => FindAsync(rates, Asset.Native)));
        // It is read behind them, and until it is none reads again.
        await _books.SampleAsync();
        _clock.Advance(TimeSpan.FromSeconds(29));
        await FindAsync(rates, Asset.Native);
        _server.Requests.ShouldBe(before + 1);

        _clock.Advance(TimeSpan.FromSeconds(1));
        _server.Book = Book(("102", "1000"), ("102", "1000"));
        await FindAsync(rates, Asset.Native);
        await _books.SampleAsync();
        (await FindAsync(rates, Asset.Native)).ShouldBe((0.1m, TimeSpan.Zero));
        _server.Requests.ShouldBe(before + 2);
    }

    [Fact]
    public async Task What_a_few_offers_say_is_no_price_for_more_than_they_are()
    {
        // A dollar's worth on top, whoever put it there, and behind it the market.
        _server.Book = BookOf(
            [("20", "100", "1.0000000"), ("10", "100", "5000.0000000")], [("21", "100", "5.0000000"), ("102", "1000", "50000.0000000")]);
        var rates = await LookedAtAsync([]);

        (await FindAsync(rates, Asset.Native))!.Value.Price.ShouldBeInRange(0.1m, 0.102m);
        (await rates.FindForAsync(Asset.Native, 5_100, Stop)).ShouldBeNull();
        (await rates.FindForAsync(Asset.Native, 4_000, Stop))!.Price.ShouldBeInRange(0.1m, 0.102m);
        (await FindAsync(await LookedAtAsync([], dollars: 6_000), Asset.Native)).ShouldBeNull();
    }

    [Fact]
    public async Task A_market_that_somebody_moves_for_a_moment_has_no_price_and_then_the_median_of_some_minutes()
    {
        _server.Book = Book(("1", "10"), ("1", "10"));
        var rates = Rates([]);
        await FindAsync(rates, Asset.Native);
        for (var sample = 0; sample < 6; sample++)
        {
            await NextSampleAsync();
        }

        _server.Book = Book(("5", "10"), ("5", "10"));
        await NextSampleAsync();
        (await FindAsync(rates, Asset.Native)).ShouldBeNull();

        _server.Book = Book(("104", "1000"), ("104", "1000"));
        await NextSampleAsync();
        (await FindAsync(rates, Asset.Native)).ShouldBe((0.1m, TimeSpan.Zero));

        for (var sample = 0; sample < 10; sample++)
        {
            await NextSampleAsync();
        }

        (await FindAsync(rates, Asset.Native)).ShouldBe((0.104m, TimeSpan.Zero));
    }

    [Fact]
    public async Task What_a_book_looked_like_once_or_twice_is_no_price()
    {
        _server.Book = Book(("1", "10"), ("1", "10"));
        var rates = Rates([]);

        (await FindAsync(rates, Asset.Native)).ShouldBeNull();
        await NextSampleAsync();
        (await FindAsync(rates, Asset.Native)).ShouldBeNull();
        await NextSampleAsync();
        (await FindAsync(rates, Asset.Native)).ShouldBe((0.1m, TimeSpan.Zero));
    }

    [Fact]
    public async Task Who_comes_to_a_book_that_others_have_left_does_not_set_its_price_alone()
    {
        _server.Book = Book(("1", "10"), null);
        var rates = await LookedAtAsync([]);
        await NextSampleAsync();

        _server.Book = Book(("9", "10"), ("9", "10"));
        for (var sample = 0; sample < 4; sample++)
        {
            await NextSampleAsync();
            (await FindAsync(rates, Asset.Native)).ShouldBeNull($"{sample + 1} of {sample + 5} looks");
        }

        await NextSampleAsync();
        (await FindAsync(rates, Asset.Native)).ShouldBe((0.9m, TimeSpan.Zero));
    }

    [Fact]
    public async Task An_answer_of_Horizon_that_nobody_can_read_stops_nobody_who_asks()
    {
        _server.Book = """{ "bids": [], "asks": [], "base": { "asset_type": "\ud800" }, "counter": {} }""";

        (await FindAsync(await LookedAtAsync([]), Asset.Native)).ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_waits_for_Horizon_while_the_last_price_is_young_enough()
    {
        _server.Book = Book(("1", "10"), ("1", "10"));
        var rates = await LookedAtAsync([]);
        _clock.Advance(TimeSpan.FromSeconds(30));
        _server.Hold = new TaskCompletionSource();

        (await FindAsync(rates, Asset.Native).WaitAsync(TimeSpan.FromSeconds(30), Stop)).ShouldBe((0.1m, TimeSpan.FromSeconds(30)));
        _server.Hold.SetResult();
    }

    [Fact]
    public async Task While_Horizon_does_not_answer_the_last_price_is_given_with_its_age()
    {
        _server.Book = Book(("1", "10"), ("1", "10"));
        var rates = await LookedAtAsync([]);
        _clock.Advance(TimeSpan.FromMinutes(10));
        _server.Book = null;

        (await FindAsync(rates, Asset.Native)).ShouldBe((0.1m, TimeSpan.FromMinutes(10)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("0.0000000000001")]
    public void A_price_that_is_none_is_refused_with_a_sentence_that_names_it(string price)
    {
        var options = new RateSourceOptions { Prices = new() { ["XLM"] = price } };

        options.Validate(new(options)).Single().ErrorMessage.ShouldBe(
            "StellarPay:Rates:Prices:XLM must be a decimal number above zero with at most 12 places, such as 0.10.");
    }

    [Theory]
    [InlineData("XML")]
    [InlineData("EURC")]
    [InlineData("EURC-nonsense")]
    public void The_price_of_nothing_is_refused_with_a_sentence_that_names_it(string asset)
    {
        var options = new RateSourceOptions { Prices = new() { [asset] = "1" } };

        options.Validate(new(options)).Single().ErrorMessage.ShouldBe(
            $"StellarPay:Rates:Prices:{asset} is the price of nothing: it takes XLM, USDC or CODE-ISSUER.");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RateSource Rates(Dictionary<string, string> prices, bool orderBook = true, int spread = 20, int dollars = 100)
    {
        var options = Options.Create(
            new RateSourceOptions { Prices = prices, OrderBook = orderBook, MaxSpreadPercent = spread, OrderBookDollars = dollars });
        var profile = new NetworkProfile(new Uri("http://horizon.test"), "passphrase", Usdc.Canonical, false, false);
        var horizon = new HorizonClient(
            new HttpClient(_server), new HorizonClientOptions { BaseUrls = [profile.Horizon] }, TimeProvider.System);
        _books = new OrderBookRates(horizon, profile, options, _clock, _clock, NullLogger<OrderBookRates>.Instance);
        return new RateSource(
            _books,
            new HttpRates(options, Options.Create(new RateOptions()), _clock, _clock, NullLogger<HttpRateSource>.Instance),
            options,
            profile,
            _clock);
    }

    private async Task<(decimal Price, TimeSpan Age)?> FindAsync(RateSource rates, Asset asset) =>
        await rates.FindAsync(asset, TestContext.Current.CancellationToken) is { } rate
            ? (rate.Price, _clock.GetUtcNow() - rate.At)
            : null;

    private static (string N, string D)? Level(string? price) => price is null ? null : (price.Split('/')[0], price.Split('/')[1]);

    // The book as it stands was looked at as often as it takes.
    private async Task<RateSource> LookedAtAsync(Dictionary<string, string> prices, int spread = 20, int dollars = 100)
    {
        var rates = Rates(prices, spread: spread, dollars: dollars);
        await FindAsync(rates, Asset.Native);
        for (var sample = 1; sample < OrderBookRates.LeastSamples; sample++)
        {
            await NextSampleAsync();
        }

        return rates;
    }

    private async Task NextSampleAsync()
    {
        _clock.Advance(TimeSpan.FromSeconds(30));
        await _books.SampleAsync();
    }

    private static string Book((string N, string D)? bid, (string N, string D)? ask) => BookWith(Json(bid), Json(ask));

    private static string BookOf((string N, string D, string Amount)[] bids, (string N, string D, string Amount)[] asks) =>
        BookWith(string.Join(',', bids.Select(JsonOf)), string.Join(',', asks.Select(JsonOf)));

    private static string BookWith(string bids, string asks) =>
        $$"""
        { "bids": [{{bids}}], "asks": [{{asks}}], "base": { "asset_type": "native" },
          "counter": { "asset_type": "credit_alphanum4", "asset_code": "USDC", "asset_issuer": "{{Issuer}}" } }
        """;

    private static string Json((string N, string D)? level) => level is var (n, d) ? JsonOf((n, d, "10000.0000000")) : "";

    private static string JsonOf((string N, string D, string Amount) level) =>
        $$"""{ "price_r": { "n": {{level.N}}, "d": {{level.D}} }, "price": "0.1000000", "amount": "{{level.Amount}}" }""";

    private sealed class BookServer : HttpMessageHandler
    {
        public string? Book { get; set; }

        public int Requests { get; private set; }

        public string LastQuery { get; private set; } = "";

        /// <summary>Until this ends nothing is answered.</summary>
        public TaskCompletionSource? Hold { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            LastQuery = request.RequestUri!.Query;
            await (Hold?.Task ?? Task.CompletedTask);
            return Book is null
                ? throw new HttpRequestException("Nobody is there.")
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Book, Encoding.UTF8, "application/json") };
        }
    }
}

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

public sealed class RateSourceTests
{
    private const string Issuer = "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN";
    private static readonly Asset Usdc = Asset.Issued("USDC", Issuer);
    private static readonly Asset Euro = Asset.Issued("EURC", Issuer);
    private readonly TestClock _clock = new();
    private readonly BookServer _server = new();

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

        (await FindAsync(Rates([]), Asset.Native)).ShouldBe((0.11m, TimeSpan.Zero));
        _server.LastQuery.ShouldBe(
            $"?selling_asset_type=native&buying_asset_type=credit_alphanum4&buying_asset_code=USDC&buying_asset_issuer={Issuer}");
    }

    [Theory]
    [InlineData(null, "12/100")]
    [InlineData("1/10", null)]
    [InlineData("1/10", "111/1000")]
    [InlineData("1/10", "9/100")]
    public async Task A_book_that_is_one_sided_wide_or_crossed_has_no_price(string? bid, string? ask)
    {
        _server.Book = Book(Level(bid), Level(ask));

        (await FindAsync(Rates([], spread: 10), Asset.Native)).ShouldBeNull();
    }

    [Fact]
    public async Task The_book_is_read_once_for_many_who_ask_and_again_when_its_time_is_over()
    {
        _server.Book = Book(("1", "10"), ("1", "10"));
        var rates = Rates([]);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => FindAsync(rates, Asset.Native)));
        _clock.Advance(TimeSpan.FromSeconds(29));
        await FindAsync(rates, Asset.Native);
        _server.Requests.ShouldBe(1);

        _clock.Advance(TimeSpan.FromSeconds(1));
        _server.Book = Book(("2", "10"), ("2", "10"));
        (await FindAsync(rates, Asset.Native)).ShouldBe((0.2m, TimeSpan.Zero));
        _server.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task While_Horizon_does_not_answer_the_last_price_is_given_with_its_age()
    {
        _server.Book = Book(("1", "10"), ("1", "10"));
        var rates = Rates([]);
        await FindAsync(rates, Asset.Native);
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

    private RateSource Rates(Dictionary<string, string> prices, bool orderBook = true, int spread = 20)
    {
        var options = Options.Create(new RateSourceOptions { Prices = prices, OrderBook = orderBook, MaxSpreadPercent = spread });
        var profile = new NetworkProfile(new Uri("http://horizon.test"), "passphrase", Usdc.Canonical, false, false);
        var horizon = new HorizonClient(
            new HttpClient(_server), new HorizonClientOptions { BaseUrls = [profile.Horizon] }, TimeProvider.System);
        return new RateSource(
            new OrderBookRates(horizon, profile, options, _clock, TimeProvider.System, NullLogger<OrderBookRates>.Instance),
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

    private static string Book((string N, string D)? bid, (string N, string D)? ask) =>
        $$"""
        { "bids": [{{Json(bid)}}], "asks": [{{Json(ask)}}], "base": { "asset_type": "native" },
          "counter": { "asset_type": "credit_alphanum4", "asset_code": "USDC", "asset_issuer": "{{Issuer}}" } }
        """;

    private static string Json((string N, string D)? level) => level is var (n, d)
        ? $$"""{ "price_r": { "n": {{n}}, "d": {{d}} }, "price": "0.1000000", "amount": "5.0000000" }"""
        : "";

    private sealed class BookServer : HttpMessageHandler
    {
        public string? Book { get; set; }

        public int Requests { get; private set; }

        public string LastQuery { get; private set; } = "";

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            LastQuery = request.RequestUri!.Query;
            return Book is null
                ? Task.FromException<HttpResponseMessage>(new HttpRequestException("Nobody is there."))
                : Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent(Book, Encoding.UTF8, "application/json"),
                });
        }
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Rates;
using StellarPay.Grains.Money;
using StellarPay.Grains.Rates;

namespace StellarPay.Adapters.Tests.Rates;

/// <summary>Rates that other people's servers tell: read strictly, compared with each other, and not counted with where in doubt.</summary>
[Collection(nameof(RateServerTests))]
public sealed class HttpRatesTests : RateServerTests
{
    [Fact]
    public async Task A_rate_is_where_the_settings_say_and_names_its_source()
    {
        Source("ecb", "/latest?of={code}", "$.rates.{code}", "EUR", "INR");
        Server.Tell("/latest?of=EUR", """{ "rates": { "EUR": "1.0825" } }""");
        Server.Tell("/latest?of=INR", """{ "rates": { "INR": 0.011901234567 } }""");
        using var rates = Rates();
        var fiat = new FiatRates(rates, Options.Create(Settings), Clock);

        (await fiat.FindAsync("EUR", Stop)).ShouldBe(new FiatRate("EUR", 1.0825m, "ecb", Clock.GetUtcNow()));
        (await fiat.FindAsync("INR", Stop)).ShouldBe(new FiatRate("INR", 0.011901234567m, "ecb", Clock.GetUtcNow()));
        (await fiat.FindAsync("GBP", Stop)).ShouldBeNull();
        (await fiat.FindAsync("USD", Stop))!.Source.ShouldBe("settings");
    }

    [Fact]
    public async Task What_is_told_for_a_dollar_is_turned_over_and_an_assets_rate_stands_in_a_list()
    {
        Source("a", "/a", "$.rates['{code}']", "EUR").PerDollar = true;
        Source("b", "/b", "$[1].price", "XLM");
        Server.Tell("/a", """{ "rates": { "EUR": 0.8 } }""");
        Server.Tell("/b", """[{ "price": 7 }, { "price": "0.125" }]""");
        using var rates = Rates();

        (await rates.FindAsync("EUR", null, Stop))!.Dollars.ShouldBe(1.25m);
        (await Assets(rates).FindAsync(Asset.Native, Stop)).ShouldBe(new AssetRate(Asset.Native, 0.125m, Clock.GetUtcNow(), "b"));
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
        Server.Tell("/r", $$"""{ "EUR": {{told}} }""");
        using var rates = Rates();

        (await rates.FindAsync("EUR", null, Stop)).ShouldBeNull();
        Log.All.ShouldHaveSingleItem().ShouldStartWith("The source ecb told no rate of EUR: ");
    }

    [Fact]
    public async Task One_that_lies_is_outvoted_and_of_two_that_differ_neither_is_believed()
    {
        var told = new Dictionary<string, string> { ["/a"] = "1.08", ["/b"] = "1.10", ["/c"] = "108" };
        foreach (var (path, rate) in told)
        {
            Source(path.Trim('/'), path, "$", "EUR");
            Server.Tell(path, rate);
        }

        using var three = Rates();
        (await three.FindAsync("EUR", null, Stop)).ShouldBe(new RateQuote("median of a, b", 1.09m, Clock.GetUtcNow()));

        Server.Tell("/b", "1.30");
        using var alone = Rates();
        (await alone.FindAsync("EUR", null, Stop)).ShouldBeNull();

        Settings.Sources.Remove("c");
        using var two = Rates();
        (await two.FindAsync("EUR", null, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task As_many_must_agree_as_the_settings_ask_for()
    {
        Source("a", "/a", "$", "EUR");
        Server.Tell("/a", "1.08");
        Settings.LeastSources = 2;
        using var rates = Rates();

        (await rates.FindAsync("EUR", null, Stop)).ShouldBeNull();
        // The order book may be the other.
        var book = new RateLook(() => new RateQuote("order_book", 1.10m, Clock.GetUtcNow()), Task.CompletedTask);
        (await rates.FindAsync("EUR", book, Stop))!.Source.ShouldBe("median of a, order_book");
    }

    [Fact]
    public async Task A_rate_is_as_old_as_its_source_says_and_one_that_is_too_old_does_not_vote()
    {
        Source("old", "/old", "$.rate", "EUR", "GBP").TimePath = "$.at";
        Source("new", "/new", "$.rate", "EUR").TimePath = "$.at";
        Source("now", "/now", "$", "EUR");
        var (now, before) = (Clock.GetUtcNow(), Clock.GetUtcNow().AddHours(-1));
        Server.Tell("/old", $$"""{ "rate": 1.081, "at": {{before.ToUnixTimeSeconds()}} }""");
        Server.Tell("/new", $$"""{ "rate": 1.08, "at": "{{now.AddSeconds(-10):O}}" }""");
        Server.Tell("/now", "1.09");
        using var rates = Rates();

        (await rates.FindAsync("EUR", null, Stop)).ShouldBe(new RateQuote("median of new, now", 1.085m, now.AddSeconds(-10)));
        (await rates.FindAsync("GBP", null, Stop)).ShouldBe(new RateQuote("old", 1.081m, before));

        // One of three is no majority of those that the operator named, though it is the only one that answers.
        Server.Tell("/new", $$"""{ "rate": 1.08, "at": "{{now.AddHours(1):O}}" }""");
        using var ahead = Rates();
        (await ahead.FindAsync("EUR", null, Stop)).ShouldBeNull();
        Log.All.ShouldContain("The source new told no rate of EUR: The rate is of a time that is yet to come.");
    }

    [Fact]
    public async Task Of_two_neither_is_believed_that_is_further_from_the_other_than_the_settings_say()
    {
        Source("a", "/a", "$", "EUR");
        Source("b", "/b", "$", "EUR");
        Server.Tell("/a", "1.00");
        Server.Tell("/b", "1.06");
        using var rates = Rates();

        (await rates.FindAsync("EUR", null, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task A_source_that_fails_again_and_again_is_left_alone_and_tried_now_and_then()
    {
        Source("ecb", "/r", "$", "EUR");
        Server.Tell("/r", "1.08");
        using var rates = Rates();
        (await rates.FindAsync("EUR", null, Stop)).ShouldNotBeNull();
        var told = Clock.GetUtcNow();
        BreakerOf("ecb").ShouldBe(0);

        Server.Fail("/r", 500);
        for (var minute = 0; minute < 10; minute++)
        {
            Clock.Advance(TimeSpan.FromSeconds(30));
            // What it told last, with its age.
            (await rates.FindAsync("EUR", null, Stop)).ShouldBe(new RateQuote("ecb", 1.08m, told));
            await rates.Readings.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        }

        // Five times until it is left alone, then after half a minute and a minute; the next would be after two.
        Server.Asked("/r").ShouldBe(1 + 5 + 2);
        BreakerOf("ecb").ShouldBe(2);
        Log.All.Count(line => line.StartsWith("The source ecb of rates fails again and again", StringComparison.Ordinal)).ShouldBe(1);

        Server.Tell("/r", "1.09");
        Clock.Advance(TimeSpan.FromMinutes(2));
        (await rates.FindAsync("EUR", null, Stop))!.Dollars.ShouldBe(1.09m);
        BreakerOf("ecb").ShouldBe(0);
    }

    [Fact]
    public async Task One_that_hangs_is_waited_for_no_longer_than_the_settings_say()
    {
        Source("slow", "/r", "$", "EUR");
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.Answers["/r"] = async context =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        using var rates = Rates();

        var finding = rates.FindAsync("EUR", null, Stop);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Clock.Advance(TimeSpan.FromSeconds(3));

        (await finding.WaitAsync(TimeSpan.FromSeconds(30), Stop)).ShouldBeNull();
        Log.All.ShouldBe(["The source slow told no rate of EUR: It took too long."]);
    }

    [Fact]
    public async Task A_long_answer_a_redirect_and_a_host_of_an_inner_network_are_refused()
    {
        Source("long", "/long", "$", "EUR");
        Source("elsewhere", "/elsewhere", "$", "EUR");
        Settings.Sources["inner"] = new HttpRateOptions { Url = "https://10.0.0.1/?key=secret", Path = "$", Names = ["EUR"] };
        Server.Tell("/long", "1." + new string(' ', 70_000) + "08");
        Server.Tell("/target", "1.08");
        Server.Answers["/elsewhere"] = context =>
        {
            context.Response.Redirect("/target");
            return Task.CompletedTask;
        };
        using var rates = Rates();

        (await rates.FindAsync("EUR", null, Stop)).ShouldBeNull();

        Server.Asked("/target").ShouldBe(0);
        Log.All.ShouldBe(
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
        Settings.Sources["x"] = new HttpRateOptions { Url = url, Path = path, Names = [name] };

        Settings.Validate(new(Settings)).Single().ErrorMessage.ShouldBe(sentence);
    }
}

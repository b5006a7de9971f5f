using Microsoft.AspNetCore.Http;
using StellarPay.Adapters.Rates;

namespace StellarPay.Adapters.Tests.Rates;

/// <summary>What one source, one name or one answer spoils is spoilt for nobody else.</summary>
[Collection(nameof(RateServerTests))]
public sealed class RateFaultTests : RateServerTests
{
    private static readonly byte[][] Spoilt =
    [
        """{ "EUR": "\ud800" }"""u8.ToArray(), """{ "EUR": "\udc001.08" }"""u8.ToArray(), """{ "\ud800": 1, "EUR": 1.08 }"""u8.ToArray(),
        [.. "{ \"EUR\": \""u8, 0xC3, 0x28, .. "\" }"u8], [.. "{ \""u8, 0xFF, .. "\": 1 }"u8], [0xEF, 0xBB, 0xBF, .. "{}"u8], [], [0x00],
        """{ "EUR": 1.08, "at": "\ud800" }"""u8.ToArray(),
    ];

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(200)]
    public async Task A_currency_that_a_source_does_not_tell_any_more_costs_only_whoever_asks_for_it(int status)
    {
        Source("ecb", "/r?of={code}", "$.{code}", "EUR", "KWD");
        Server.Tell("/r?of=EUR", """{ "EUR": 1.08 }""");
        Server.Answers["/r?of=KWD"] = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("{}");
        };
        using var rates = Rates();
        (await rates.FindAsync("EUR", null, Stop)).ShouldNotBeNull();

        for (var second = 0; second < 600; second += 2)
        {
            Clock.Advance(TimeSpan.FromSeconds(2));
            (await rates.FindAsync("KWD", null, Stop)).ShouldBeNull();
            BreakerOf("ecb").ShouldBe(0);
        }

        (await rates.FindAsync("EUR", null, Stop))!.At.ShouldBeGreaterThanOrEqualTo(Clock.GetUtcNow().AddMinutes(-5));
        // As seldom as anything else is asked for.
        Server.Asked("/r?of=KWD").ShouldBeLessThan(600 / 30 + 6);
    }

    [Fact]
    public async Task A_source_on_trial_is_asked_about_what_it_told_before_and_not_about_what_a_tenant_names()
    {
        Source("ecb", "/r?of={code}", "$", "EUR", "KWD");
        Server.Tell("/r?of=EUR", "1.08");
        Server.Fail("/r?of=KWD", 500);
        using var rates = Rates();
        (await rates.FindAsync("EUR", null, Stop)).ShouldNotBeNull();
        Server.Fail("/r?of=EUR", 500);
        for (var time = 0; time < 5; time++)
        {
            Clock.Advance(TimeSpan.FromSeconds(30));
            await rates.FindAsync("EUR", null, Stop);
            await rates.Readings.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        }

        BreakerOf("ecb").ShouldBe(2);
        Server.Tell("/r?of=EUR", "1.09");
        Clock.Advance(TimeSpan.FromSeconds(30));
        (await rates.FindAsync("KWD", null, Stop)).ShouldBeNull();

        BreakerOf("ecb").ShouldBe(0);
        (await rates.FindAsync("EUR", null, Stop))!.Dollars.ShouldBe(1.09m);
    }

    [Fact]
    public async Task An_answer_that_nobody_can_read_stops_neither_the_other_sources_nor_its_own_next()
    {
        Source("a", "/a", "$.EUR", "EUR").TimePath = "$.at";
        Source("b", "/b", "$", "EUR");
        Source("c", "/c", "$", "EUR");
        Server.Tell("/b", "1.08");
        Server.Tell("/c", "1.08");
        foreach (var body in Spoilt)
        {
            Server.Answers["/a"] = context => context.Response.Body.WriteAsync(body).AsTask();
            using var rates = Rates();

            (await rates.FindAsync("EUR", null, Stop))!.Source.ShouldBe("median of b, c");

            Server.Tell("/a", $$"""{ "EUR": 1.08, "at": "{{Clock.GetUtcNow():O}}" }""");
            Clock.Advance(TimeSpan.FromSeconds(30));
            await rates.FindAsync("EUR", null, Stop);
            await rates.Readings.WaitAsync(TimeSpan.FromSeconds(30), Stop);
            (await rates.FindAsync("EUR", null, Stop))!.Source.ShouldBe("median of a, b, c");
        }
    }

    [Fact]
    public void Whatever_an_answer_is_made_of_it_is_a_rate_or_refused()
    {
        var random = new Random(20_261_128);
        var path = RatePath.Parse("$.rates['EUR'][0].v");
        var seed = """{ "rates": { "EUR": [ { "v": "1.08", "at": "2026-01-02T03:04:05Z" } ], "\ud83d\ude00": null } }"""u8.ToArray();
        var at = RatePath.Parse("$.rates.EUR[0].at");
        var read = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = seed.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : seed[random.Next(seed.Length)];
            }

            try
            {
                using var document = RateDocument.Parse(bytes);
                RateDocument.DollarsOf(document.RootElement, path, perDollar: false).ShouldBeGreaterThan(0);
                RateDocument.AgeOf(document.RootElement, at, DateTimeOffset.MaxValue);
                read++;
            }
            catch (RateSourceException)
            {
                // Refused.
            }
        }

        read.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task Nobody_waits_for_a_source_that_hangs_while_what_it_told_is_young_enough()
    {
        Source("slow", "/r", "$", "EUR");
        Server.Tell("/r", "1.08");
        using var rates = Rates();
        await rates.FindAsync("EUR", null, Stop);
        var told = Clock.GetUtcNow();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.Answers["/r"] = async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        Clock.Advance(TimeSpan.FromSeconds(30));

        // By a clock that stands still nobody's patience ends.
        (await rates.FindAsync("EUR", null, Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop)).ShouldBe(new RateQuote("slow", 1.08m, told));
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        (await rates.FindAsync("EUR", null, Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop)).ShouldBe(new RateQuote("slow", 1.08m, told));
    }

    [Fact]
    public async Task Whoever_goes_away_takes_the_reading_from_nobody()
    {
        Source("slow", "/r", "$", "EUR");
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        Server.Answers["/r"] = async context =>
        {
            asked.TrySetResult();
            await answer.Task;
            await context.Response.WriteAsync("1.08");
        };
        using var rates = Rates();
        using var impatient = new CancellationTokenSource();
        var first = rates.FindAsync("EUR", null, impatient.Token);
        var second = rates.FindAsync("EUR", null, Stop);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);

        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        answer.SetResult();

        (await second.WaitAsync(TimeSpan.FromSeconds(30), Stop))!.Dollars.ShouldBe(1.08m);
        Server.Asked("/r").ShouldBe(1);
    }

    [Fact]
    public void A_trial_of_which_nobody_told_the_end_has_failed_and_is_not_for_ever()
    {
        var breaker = new RateBreaker(Clock);
        breaker.Open().ShouldBeTrue();
        breaker.TryEnter().ShouldBeNull();
        Clock.Advance(TimeSpan.FromSeconds(30));
        var trial = breaker.TryEnter();
        trial!.IsTrial.ShouldBeTrue();
        breaker.State.ShouldBe(RateBreakerState.HalfOpen);
        breaker.TryEnter().ShouldBeNull();

        trial.Dispose();

        breaker.State.ShouldBe(RateBreakerState.Open);
        Clock.Advance(TimeSpan.FromSeconds(60));
        using var next = breaker.TryEnter();
        next!.Answered().ShouldBeTrue();
        breaker.State.ShouldBe(RateBreakerState.Closed);
    }
}

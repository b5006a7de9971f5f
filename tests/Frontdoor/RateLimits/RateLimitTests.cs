using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.RateLimits;

public sealed class RateLimitTests(RateLimitTests.NarrowHost host) : IClassFixture<RateLimitTests.NarrowHost>
{
    private const int AuthPerAddress = 20;
    private const int LoginPerAccount = 5;
    private const int ApiPerUser = 7;

    [Fact]
    public async Task Each_limit_holds_and_says_when_to_come_again()
    {
        // One test, since all of it comes from one address.
        var api = await host.SignUpAsync();
        var other = await host.SignUpAsync();
        // The first was the confirmation of his address.
        for (var i = 1; i < ApiPerUser; i++)
        {
            (await api.GetAsync("/v1/wallet")).ShouldBeOk();
        }

        ShouldBeLimited(await api.GetAsync("/v1/wallet"));
        (await other.GetAsync("/v1/wallet")).ShouldBeOk();

        // The account's limit holds for an account that is not there too, and for each way to write it.
        for (var i = 0; i < LoginPerAccount; i++)
        {
            (await LoginAsync(i % 2 == 0 ? "nobody@example.com" : "NOBODY@example.com"))
                .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_credentials");
        }

        ShouldBeLimited(await LoginAsync("nobody@example.com"));
        (await LoginAsync("somebody@example.com")).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_credentials");

        for (var i = 2 + LoginPerAccount + 2; i < AuthPerAddress; i++)
        {
            (await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = "x" })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        ShouldBeLimited(await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = "x" }));
        (await host.Anonymous().GetAsync("/health/live")).ShouldBeOk();
    }

    [Fact]
    public async Task Payers_pages_are_counted_by_address_and_guesses_without_a_secret_more_narrowly()
    {
        const string page = "/v1/checkout/pay_06h26ggf49vv8r7m1xw5zczp";
        // What the first page of a front door takes is not to use up the five seconds after which there is room for one more.
        (await AskAsync($"{page[3..]}?key=wrong", "203.0.113.9")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await AskAsync(page, "203.0.113.1")).ShouldBeError(HttpStatusCode.NotFound, "payment_session_not_found");
        ShouldBeLimited(await AskAsync(page, "203.0.113.1"));

        for (var i = 0; i < 2; i++)
        {
            (await AskAsync($"{page}?key=wrong", "203.0.113.2")).ShouldBeError(HttpStatusCode.NotFound, "payment_session_not_found");
        }

        foreach (var path in new[] { $"{page}?key=wrong", $"{page}/events?key=wrong", $"{page[3..]}/qr.svg?key=wrong" })
        {
            await UseUpAsync();
            ShouldBeLimited(await AskAsync(path, "203.0.113.2"));
        }

        // People are told so by a page.
        await UseUpAsync();
        ShouldBeBusy(await AskAsync($"{page[3..]}?key=wrong&lang=de", "203.0.113.2"), "Diese Seite wurde zu oft abgerufen");
        var elsewhere = new HttpRequestMessage(HttpMethod.Get, $"{page[3..]}?key=wrong");
        elsewhere.Headers.Add("X-Forwarded-For", "203.0.113.2");
        elsewhere.Headers.Host = "api.example.com";
        await UseUpAsync();
        ShouldBeLimited(await host.Anonymous().SendAsync(elsewhere));

        (await AskAsync($"{page}?key=wrong", "203.0.113.3")).Status.ShouldBe(HttpStatusCode.NotFound);

        // Every five seconds there is room for one more, which is soon on a busy machine.
        async Task UseUpAsync()
        {
            while ((await AskAsync($"{page}?key=wrong", "203.0.113.2")).Status != HttpStatusCode.TooManyRequests)
            {
            }
        }
    }

    [Fact]
    public async Task Sessions_of_payment_links_are_counted_by_address_beside_looks_at_them()
    {
        // What the first of a front door takes is not to use up the ten seconds after which there is room for one more.
        (await MakeAsync("203.0.113.19")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await MakeAsync("203.0.113.11")).Status.ShouldBe(HttpStatusCode.NotFound);
        ShouldBeBusy(await MakeAsync("203.0.113.11"), "This page was asked for too often");
        (await AskAsync("/pay/nothing", "203.0.113.12")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await MakeAsync("203.0.113.12")).Status.ShouldBe(HttpStatusCode.NotFound);

        // A page of anybody's may send such a form in a visitor's name: it makes nothing, and takes nothing of his right to.
        (await MakeAsync("203.0.113.14", "cross-site")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await MakeAsync("203.0.113.14")).Status.ShouldBe(HttpStatusCode.NotFound);
        ShouldBeBusy(await MakeAsync("203.0.113.14", "cross-site"), "This page was asked for too often");

        // A link has no secret: who says one looks no oftener, be it in a frame or not.
        var framed = $"/pay/nothing?key=made-up&embed=pk_test_{new string('A', 43)}";
        (await AskAsync(framed, "203.0.113.13")).Status.ShouldBe(HttpStatusCode.NotFound);
        ShouldBeBusy(await AskAsync(framed, "203.0.113.13"), "This page was asked for too often");
    }

    private Task<Answer> MakeAsync(string caller, string site = "same-origin")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/pay/nothing") { Content = new FormUrlEncodedContent([]) };
        request.Headers.Add("Sec-Fetch-Site", site);
        request.Headers.Add("X-Forwarded-For", caller);
        return host.Anonymous().SendAsync(request);
    }

    private static void ShouldBeBusy(Answer answer, string text)
    {
        answer.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.ContentHeaders.ContentType!.MediaType.ShouldBe("text/html");
        answer.Text.ShouldContain(text);
        answer.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
    }

    private Task<Answer> AskAsync(string path, string caller)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Forwarded-For", caller);
        return host.Anonymous().SendAsync(request);
    }

    private static void ShouldBeLimited(Answer answer)
    {
        answer.ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
        answer.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
    }

    private Task<Answer> LoginAsync(string email) =>
        host.Anonymous().PostAsync("/v1/auth/login", new { email, password = Api.Password });

    public sealed class NarrowHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            ["StellarPay:RateLimits:AuthPerAddress"] = $"{AuthPerAddress}",
            ["StellarPay:RateLimits:LoginPerAccount"] = $"{LoginPerAccount}",
            // Two at once and one in ten seconds, and one at once.
            ["StellarPay:RateLimits:CheckoutPerAddress"] = "12",
            ["StellarPay:RateLimits:CheckoutWithoutKeyPerAddress"] = "6",
            ["StellarPay:RateLimits:PaymentLinksPerAddress"] = "6",
            ["StellarPay:Frontdoor:TrustedProxies:0"] = "127.0.0.0/8",
            ["StellarPay:RateLimits:ApiPerUser"] = $"{ApiPerUser}",
        };
    }
}

using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.RateLimits;

public sealed class ForwardedTests
{
    [Fact]
    public async Task What_a_trusted_proxy_says_about_the_caller_is_believed()
    {
        await using var host = new OneARequest("127.0.0.0/8");
        await host.InitializeAsync();

        (await RefreshAsync(host, "203.0.113.1")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await RefreshAsync(host, "203.0.113.2")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await RefreshAsync(host, "203.0.113.1")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task What_anyone_else_says_is_not()
    {
        // The bug kept away: a caller that makes up X-Forwarded-For has as many addresses as it likes.
        await using var host = new OneARequest("10.0.0.1");
        await host.InitializeAsync();

        (await RefreshAsync(host, "203.0.113.1")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await RefreshAsync(host, "203.0.113.2")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_proxy_that_is_no_address_stops_the_start()
    {
        await using var host = new OneARequest("the-proxy");

        var wrong = await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => host.InitializeAsync().AsTask());

        wrong.Message.ShouldContain("StellarPay:Frontdoor:TrustedProxies must be IP addresses or networks such as 10.0.0.0/8.");
    }

    private static Task<Answer> RefreshAsync(FrontdoorHost host, string caller)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/auth/refresh");
        request.Headers.Add("X-Forwarded-For", caller);
        request.Content = System.Net.Http.Json.JsonContent.Create(new { refresh_token = "x" });
        return host.Anonymous().SendAsync(request);
    }

    private sealed class OneARequest(string proxy) : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            ["StellarPay:RateLimits:AuthPerAddress"] = "1",
            ["StellarPay:Frontdoor:TrustedProxies:0"] = proxy,
        };
    }
}

using System.Net;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Tests;

namespace StellarPay.Frontdoor.Tests.RateLimits;

public sealed class AddressRateLimitTests
{
    private const int Burst = 10;

    [Fact]
    public void An_address_can_be_written()
    {
        // The bug kept away: a record writes its properties, and the site of a site was written for ever; each stranger's request did it.
        ClientAddress.Of(IPAddress.Parse("192.0.2.1")).ToString().ShouldBe("00000000c0000201");
        ClientAddress.Of(IPAddress.Parse("2001:db8:1:2::3")).ToString().ShouldBe("20010db800010002");
    }

    [Fact]
    public async Task An_address_that_asks_too_much_is_refused_before_its_token_is_read_and_no_other_is()
    {
        await using var host = new NarrowHost();
        await host.InitializeAsync();
        // The first answer of a front door may take longer than the ten seconds in which an address has one.
        await AskAsync(host, "203.0.113.9");
        (await AskAsync(host, "203.0.113.1")).ShouldBeError(HttpStatusCode.Unauthorized, "token_invalid");

        var refused = await AskAsync(host, "203.0.113.1");
        refused.ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        refused.Headers.Contains("X-Content-Type-Options").ShouldBeTrue();
        (await AskAsync(host, "203.0.113.2")).ShouldBeError(HttpStatusCode.Unauthorized, "token_invalid");
    }

    [Fact]
    public void What_is_used_up_comes_back_evenly()
    {
        var clock = new TestClock();
        var limit = new AddressRateLimit(Options.Create(new RateLimitOptions { AnyPerAddress = 60 }), clock);
        var address = ClientAddress.Of(IPAddress.Parse("203.0.113.1"));
        for (var i = 0; i < Burst; i++)
        {
            limit.Take(address).ShouldBeNull();
        }

        limit.Take(address).ShouldBe(TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(0.5));
        // Asking does not make it worse.
        limit.Take(address).ShouldBe(TimeSpan.FromSeconds(0.5));
        clock.Advance(TimeSpan.FromSeconds(0.5));
        limit.Take(address).ShouldBeNull();
        limit.Take(address).ShouldBe(TimeSpan.FromSeconds(1));
    }

    // The bug kept away: who has a network of IPv6 has more addresses than can be counted.
    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("203.0.113.1", "::ffff:203.0.113.1", true)]
    [InlineData("203.0.113.1", "203.0.113.2", false)]
    public void An_address_is_one_subscriber(string one, string other, bool same) =>
        (ClientAddress.Of(IPAddress.Parse(one)) == ClientAddress.Of(IPAddress.Parse(other))).ShouldBe(same);

    private static Task<Answer> AskAsync(FrontdoorHost host, string caller)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/wallet");
        request.Headers.Add("X-Forwarded-For", caller);
        request.Headers.Add("Authorization", "Bearer made.up.token");
        return host.Anonymous().SendAsync(request);
    }

    private sealed class NarrowHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            // One in ten seconds.
            ["StellarPay:RateLimits:AnyPerAddress"] = "6",
            ["StellarPay:Frontdoor:TrustedProxies:0"] = "127.0.0.0/8",
        };
    }
}

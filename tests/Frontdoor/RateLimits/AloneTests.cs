using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.RateLimits;

/// <summary>A front door whose cluster does not answer.</summary>
public sealed class AloneTests
{
    private const int AuthPerAddress = 10;

    [Fact]
    public async Task A_cluster_that_does_not_answer_refuses_nobody_and_lets_nobody_through_uncounted()
    {
        await using var host = new ImpatientHost();
        await host.InitializeAsync();
        host.Grains.RateLimits.Hangs = true;
        for (var i = 0; i < AuthPerAddress; i++)
        {
            (await RefreshAsync(host, "203.0.113.7")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        var refused = await RefreshAsync(host, "203.0.113.7");
        refused.ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
        (await RefreshAsync(host, "203.0.113.8")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static Task<Answer> RefreshAsync(FrontdoorHost host, string from) =>
        host.AnonymousAt(from).PostAsync("/v1/auth/refresh", new { refresh_token = "x" });

    private sealed class ImpatientHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            ["StellarPay:RateLimits:AnswerMilliseconds"] = "100",
            ["StellarPay:RateLimits:AuthPerAddress"] = $"{AuthPerAddress}",
            ["StellarPay:Frontdoor:TrustedProxies:0"] = "127.0.0.0/8",
        };
    }
}

using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Door;

/// <summary>Outside development nothing but health is served in clear, and only a trusted proxy says that it was not.</summary>
public sealed class HttpsOnlyTests
{
    [Fact]
    public async Task What_comes_in_clear_is_refused_and_not_sent_elsewhere()
    {
        await using var host = new Host("127.0.0.0/8");
        await host.InitializeAsync();

        foreach (var path in (string[])["/v1/wallet", "/v1/auth/login", "/hubs/live", "/docs/index.html", "/openapi/v1.json", "/V1/wallet"])
        {
            var answer = await AskAsync(host, path, forwarded: null);
            answer.ShouldBeError(HttpStatusCode.Forbidden, "https_required");
            answer.Headers.Location.ShouldBeNull();
            answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
            (await AskAsync(host, path, "http")).ShouldBeError(HttpStatusCode.Forbidden, "https_required");
        }

        (await AskAsync(host, "/health/live", forwarded: null)).ShouldBeOk();
    }

    [Fact]
    public async Task What_a_trusted_proxy_got_by_https_is_served_and_kept_at_it()
    {
        await using var host = new Host("127.0.0.0/8");
        await host.InitializeAsync();

        var answer = await AskAsync(host, "/v1/wallet", "https");
        answer.ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated");
        answer.Headers.GetValues("Strict-Transport-Security").Single().ShouldBe("max-age=31536000; includeSubDomains");
    }

    [Fact]
    public async Task What_anyone_else_says_of_https_is_not_believed()
    {
        await using var host = new Host("10.0.0.1");
        await host.InitializeAsync();

        (await AskAsync(host, "/v1/wallet", "https")).ShouldBeError(HttpStatusCode.Forbidden, "https_required");
        (await AskAsync(host, "/v1/wallet", "https, https")).ShouldBeError(HttpStatusCode.Forbidden, "https_required");
    }

    private static Task<Answer> AskAsync(FrontdoorHost host, string path, string? forwarded)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (forwarded is not null)
        {
            request.Headers.Add("X-Forwarded-Proto", forwarded);
            request.Headers.Add("X-Forwarded-For", "203.0.113.1");
        }

        return host.Anonymous().SendAsync(request);
    }

    private sealed class Host(string proxy) : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            ["StellarPay:Frontdoor:TrustedProxies:0"] = proxy,
            // As it is outside development where nothing is set.
            ["StellarPay:Frontdoor:RequireHttps"] = null,
        };
    }
}

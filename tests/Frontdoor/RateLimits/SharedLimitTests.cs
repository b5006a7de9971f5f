using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.RateLimits;

/// <summary>Limits that hold for all front doors together.</summary>
public sealed class SharedLimitTests(SharedLimitTests.NarrowHost host) : IClassFixture<SharedLimitTests.NarrowHost>
{
    private const int Connections = 50;
    private const int LookUps = 60;

    // So few that eighty times as many are asked for within the minute that it is about, however busy the machine.
    private const int AuthPerAddress = 4;

    [Fact]
    public async Task Fifty_connections_through_two_doors_get_as_much_as_one()
    {
        var api = await host.SignUpAsync();
        await using var second = await host.StartAnotherAsync();
        Uri[] doors = [host.Address, new(second.Urls.Single())];
        var answers = new ConcurrentBag<HttpStatusCode>();

        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async n =>
        {
            using var http = new HttpClient { BaseAddress = doors[n % doors.Length] };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", api.AccessToken);
            for (var i = 0; i < 4; i++)
            {
                using var answer = await http.PostAsync(
                    "/v1/payments", JsonOf($"nobody-{n}-{i}@example.com"), TestContext.Current.CancellationToken);
                answers.Add(answer.StatusCode);
                if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                {
                    answer.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(65));
                }
            }
        }));

        answers.Count(status => status == HttpStatusCode.UnprocessableEntity).ShouldBe(LookUps);
        answers.Count(status => status == HttpStatusCode.TooManyRequests).ShouldBe((Connections * 4) - LookUps);
    }

    // The bug kept away: who has a /48 has 65,536 networks, and each was a key of its own.
    [Fact]
    public async Task Networks_of_one_site_share_a_limit_and_leave_no_more_keys_than_it_lets_through()
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < (AuthPerAddress * 10) + 20; i++)
        {
            statuses.Add((await RefreshAsync($"2001:db8:7:{i:x}::1")).Status);
        }

        statuses.Count(status => status == HttpStatusCode.Unauthorized).ShouldBe(AuthPerAddress * 10);
        (await RefreshAsync("2001:db8:8::1")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        host.Grains.RateLimits.Keys.Count(key => key.StartsWith("rl_auth_20010db80007", StringComparison.Ordinal))
            .ShouldBe(AuthPerAddress * 10);
    }

    // The bug kept away: who has a /40 has 256 sites, each of which had as much as ten addresses and as many keys.
    [Fact]
    public async Task Sites_of_one_block_share_a_limit()
    {
        const int OfBlock = AuthPerAddress * 80;
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < OfBlock + 20; i++)
        {
            statuses.Add((await RefreshAsync($"2001:db8:{0x5500 + (i % 256):x}:{i:x}::1")).Status);
        }

        statuses.Count(status => status == HttpStatusCode.Unauthorized).ShouldBe(OfBlock);
        (await RefreshAsync("2001:db8:5600::1")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    // A grain's key is in logs.
    [Fact]
    public async Task No_name_is_in_a_key()
    {
        (await host.AnonymousAt("203.0.113.200").PostAsync(
            "/v1/auth/login", new { email = "somebody.private@example.com", password = Api.Password }))
            .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_credentials");

        host.Grains.RateLimits.Keys.ShouldContain(key => key.StartsWith("rl_login_", StringComparison.Ordinal));
        host.Grains.RateLimits.Keys.ShouldNotContain(key => key.Contains("private", StringComparison.OrdinalIgnoreCase));
    }

    private static StringContent JsonOf(string recipient) => new(
        $$"""{"recipient":"{{recipient}}","asset":"USDC","amount":"1"}""", System.Text.Encoding.UTF8, "application/json");

    private Task<Answer> RefreshAsync(string from) =>
        host.AnonymousAt(from).PostAsync("/v1/auth/refresh", new { refresh_token = "x" });

    public sealed class NarrowHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            ["StellarPay:RateLimits:LookupPerUser"] = $"{LookUps}",
            ["StellarPay:RateLimits:AuthPerAddress"] = $"{AuthPerAddress}",
            ["StellarPay:Frontdoor:TrustedProxies:0"] = "127.0.0.0/8",
        };
    }
}

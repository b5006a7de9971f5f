using System.Net;
using System.Net.Http.Json;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.RateLimits;

/// <summary>
/// Logins a minute are a network's, and a known device's own. The bug kept away: they were the name's, so that whoever asked twenty times
/// a minute, from anywhere, kept its owner out.
/// </summary>
public sealed class LoginRationTests(LoginRationTests.NarrowHost host) : IClassFixture<LoginRationTests.NarrowHost>
{
    private const int LoginPerAccount = 3;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Strangers_use_up_what_their_network_has_and_nothing_of_other_networks_or_known_devices()
    {
        var owner = await host.SignUpAsync();
        (await LoginAsync("198.51.100.1", owner.Email, Api.Password, "HomePhone/1.0")).ShouldBeOk();
        var unknown = FrontdoorHost.NewEmail();
        foreach (var (name, right) in new[] { (owner.Email, HttpStatusCode.OK), (unknown, HttpStatusCode.Unauthorized) })
        {
            for (var i = 0; i < LoginPerAccount; i++)
            {
                (await LoginAsync($"203.0.113.{i}", name, "wrong horse battery")).Status.ShouldBe(HttpStatusCode.Unauthorized);
                await LoginAsync($"198.51.100.{i}", name, "wrong horse battery");
            }

            (await LoginAsync("203.0.113.9", name, Api.Password)).ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
            (await LoginAsync("198.51.100.9", name, Api.Password)).ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
            (await LoginAsync("192.0.2.1", name, Api.Password)).Status.ShouldBe(right);
        }

        // In the same network, with what he has logged in with.
        for (var i = 0; i < LoginPerAccount; i++)
        {
            (await LoginAsync("198.51.100.1", owner.Email, Api.Password, "HomePhone/1.1")).ShouldBeOk();
        }

        (await LoginAsync("198.51.100.1", owner.Email, Api.Password, "HomePhone/1.1")).ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
        (await LoginAsync("198.51.100.1", unknown, Api.Password, "HomePhone/1.1")).ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
    }

    [Fact]
    public async Task Whoever_goes_on_beyond_that_is_answered_from_memory_whatever_he_calls_himself()
    {
        // The bug kept away: each request more was two queries, and another amount of work for a name that somebody has.
        var owner = await host.SignUpAsync();
        (await LoginAsync("198.51.101.1", owner.Email, Api.Password, "HomePhone/1.0")).ShouldBeOk();
        string[] names = [owner.Email, FrontdoorHost.NewEmail()];
        foreach (var name in names)
        {
            for (var i = 0; i < LoginPerAccount; i++)
            {
                await LoginAsync("198.51.101.1", name, "wrong horse battery");
            }

            (await LoginAsync("198.51.101.1", name, Api.Password)).ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
        }

        // Nobody reads them now.
        await using var held = await HeldTransaction.BeginAsync(
            host.Database.DataSource, "LOCK TABLE identity.users, identity.devices, identity.attempts IN ACCESS EXCLUSIVE MODE");
        foreach (var name in names)
        {
            for (var program = 0; program < 10; program++)
            {
                (await LoginAsync("198.51.101.1", name, Api.Password, $"Program{program}/1.0").WaitAsync(Deadline, Cancelled))
                    .ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
            }
        }

        await held.CommitAsync();
        (await LoginAsync("198.51.101.1", owner.Email, Api.Password, "HomePhone/1.0")).ShouldBeOk();
    }

    private Task<Answer> LoginAsync(string from, string email, string password, string program = "Stranger/1.0")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/auth/login") { Content = JsonContent.Create(new { email, password }) };
        request.Headers.Add("X-Forwarded-For", from);
        request.Headers.TryAddWithoutValidation("User-Agent", program);
        return host.Anonymous().SendAsync(request);
    }

    public sealed class NarrowHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            ["StellarPay:RateLimits:LoginPerAccount"] = $"{LoginPerAccount}",
            ["StellarPay:Frontdoor:TrustedProxies:0"] = "127.0.0.0/8",
        };
    }
}

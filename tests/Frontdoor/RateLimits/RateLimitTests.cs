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
            ["StellarPay:RateLimits:ApiPerUser"] = $"{ApiPerUser}",
        };
    }
}

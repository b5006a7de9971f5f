using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.RateLimits;

/// <summary>
/// Who has confirmed nothing asks little. The bug kept away: ten thousand such accounts, which cost nothing, asked as much as everybody
/// else, and each request unwrapped a key.
/// </summary>
public sealed class UnconfirmedLimitTests(UnconfirmedLimitTests.NarrowHost host) : IClassFixture<UnconfirmedLimitTests.NarrowHost>
{
    private const int ApiPerUnconfirmedUser = 4;
    private const int ApiPerUser = 40;

    [Fact]
    public async Task Who_has_confirmed_nothing_asks_little_and_from_his_confirmation_on_as_much_as_others()
    {
        var stranger = await host.SignUpUnconfirmedAsync();
        for (var i = 0; i < ApiPerUnconfirmedUser; i++)
        {
            (await stranger.GetAsync("/v1/me")).ShouldBeOk();
        }

        for (var i = 0; i < 3; i++)
        {
            (await stranger.GetAsync("/v1/me")).ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
        }

        // The confirmation was one of his, too.
        var user = await host.SignUpAsync();
        var answers = await Task.WhenAll(Enumerable.Range(1, ApiPerUser - 1).Select(_ => user.GetAsync("/v1/me")));
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        (await user.GetAsync("/v1/me")).ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
    }

    public sealed class NarrowHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            ["StellarPay:RateLimits:ApiPerUnconfirmedUser"] = $"{ApiPerUnconfirmedUser}",
            ["StellarPay:RateLimits:ApiPerUser"] = $"{ApiPerUser}",
        };
    }
}

using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.RateLimits;

/// <summary>What the token of a session uses up that its user has ended.</summary>
public sealed class EndedSessionTests(EndedSessionTests.NarrowHost host) : IClassFixture<EndedSessionTests.NarrowHost>
{
    private const int ApiPerUser = 30;

    // The bug kept away: its requests were refused, and counted as the user's, who was told for an hour that he sent too many.
    [Fact]
    public async Task A_token_that_is_over_uses_up_nothing_of_its_users()
    {
        var owner = await host.SignUpAsync();
        var thief = host.Anonymous();
        thief.Take((await thief.PostAsync("/v1/auth/login", new { email = owner.Email, password = Api.Password })).ShouldBeOk());
        (await owner.DeleteAsync("/v1/sessions")).ShouldBeOk();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while ((await thief.GetAsync("/v1/contacts")).Status != HttpStatusCode.Unauthorized)
        {
            await ticks.WaitForNextTickAsync(deadline.Token);
        }

        for (var i = 0; i < 2 * ApiPerUser; i++)
        {
            ((int)(await thief.GetAsync("/v1/contacts")).Status).ShouldBeOneOf(401, 429);
        }

        (await owner.GetAsync("/v1/contacts")).ShouldBeOk();
    }

    public sealed class NarrowHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new() { ["StellarPay:RateLimits:ApiPerUser"] = $"{ApiPerUser}" };
    }
}

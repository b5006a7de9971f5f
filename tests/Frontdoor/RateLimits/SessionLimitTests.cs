using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Tests.Auth.Passkeys;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.RateLimits;

/// <summary>What makes rows of a session, or sessions of a user, is limited by session and by user, not by address alone.</summary>
public sealed class SessionLimitTests(SessionLimitTests.NarrowHost host) : IClassFixture<SessionLimitTests.NarrowHost>
{
    private const int RefreshPerSession = 5;
    private const int LoginPerAccount = 3;
    private const int ApiPerUser = 40;

    [Fact]
    public async Task One_session_is_refreshed_so_often_and_another_goes_on()
    {
        var (api, other) = (await host.SignUpAsync(), await host.SignUpAsync());
        for (var i = 0; i < RefreshPerSession; i++)
        {
            api.Take((await RefreshAsync(api)).ShouldBeOk());
        }

        (await RefreshAsync(api)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await RefreshAsync(other)).ShouldBeOk();
    }

    [Fact]
    public async Task Logins_by_a_passkey_are_counted_by_account()
    {
        var api = await host.SignUpAsync();
        using var authenticator = new SoftwareAuthenticator();
        (await api.AddPasskeyAsync(authenticator)).ShouldBeOk();
        for (var i = 0; i < LoginPerAccount; i++)
        {
            (await host.Anonymous().LogInByPasskeyAsync(authenticator)).ShouldBeOk();
        }

        (await host.Anonymous().LogInByPasskeyAsync(authenticator)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Sessions_that_were_ended_go_once_no_access_token_of_theirs_is_about()
    {
        // The bug kept away: they were kept for a week, and each login walked over all of them.
        var api = await host.SignUpAsync();
        (await api.PostAsync("/v1/auth/logout", new { refresh_token = api.RefreshToken })).ShouldBeOk();
        var spent = host.Services.GetServices<IHostedService>().OfType<SpentSessions>().Single();
        await spent.RemoveAsync(Cancelled);
        (await SessionsOfAsync(api)).ShouldBe(1);

        host.Clock.Advance(EndedSessions.Kept + TimeSpan.FromSeconds(1));
        // It passes over what somebody else has in hand, such as itself when its time has come.
        await Eventually.UntilAsync(
            async () =>
            {
                await spent.RemoveAsync(Cancelled);
                return await SessionsOfAsync(api) == 0;
            },
            "it is gone");
    }

    // The bug kept away: whoever had found a session asked so much in it that its owner could not end it, nor see that it was there.
    [Fact]
    public async Task Whoever_has_found_a_session_does_not_keep_its_owner_from_ending_it()
    {
        var owner = await host.SignUpAsync();
        var thief = host.Anonymous();
        thief.Take((await thief.PostAsync("/v1/auth/login", new { email = owner.Email, password = Api.Password })).ShouldBeOk());
        for (var asked = 0; (await thief.GetAsync("/v1/me")).Status == HttpStatusCode.OK; asked++)
        {
            asked.ShouldBeLessThan(ApiPerUser);
        }

        for (var i = 0; i < 100; i++)
        {
            await thief.GetAsync("/v1/sessions");
        }

        (await thief.GetAsync("/v1/sessions")).ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
        (await owner.GetAsync("/v1/me")).ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");

        (await owner.GetAsync("/v1/sessions")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(2);
        (await owner.DeleteAsync("/v1/sessions")).ShouldBeOk();
        (await owner.GetAsync("/v1/sessions")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private async Task<long> SessionsOfAsync(Api api)
    {
        await using var count = host.Database.DataSource.CreateCommand("SELECT count(*) FROM identity.sessions WHERE user_id = $1");
        count.Parameters.AddWithValue(api.UserId);
        return (long)(await count.ExecuteScalarAsync(Cancelled))!;
    }

    private Task<Answer> RefreshAsync(Api api) =>
        host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken });

    public sealed class NarrowHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            ["StellarPay:RateLimits:RefreshPerSession"] = $"{RefreshPerSession}",
            ["StellarPay:RateLimits:ApiPerUser"] = $"{ApiPerUser}",
            ["StellarPay:RateLimits:LoginPerAccount"] = $"{LoginPerAccount}",
        };
    }
}

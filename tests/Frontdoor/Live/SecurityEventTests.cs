using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Live;

[Collection<SessionsCollection>]
public sealed class SecurityEventTests(FrontdoorHost host)
{
    [Fact]
    public async Task A_login_elsewhere_is_told_to_the_user_and_to_nobody_else()
    {
        var api = await host.SignUpAsync();
        var other = await host.SignUpAsync();
        await using var client = await ConnectAsync(api);
        await using var others = await ConnectAsync(other);

        var session = SessionOf(await LogInAsync(api));
        var othersSession = SessionOf(await LogInAsync(other));

        var told = (await client.SecurityUntilAsync("login", session))[^1];
        told.GetProperty("object").GetString().ShouldBe("security_event");
        told.GetProperty("session").GetString().ShouldStartWith("ses_");
        told.GetProperty("id").GetString().ShouldStartWith("evt_");
        (await others.SecurityUntilAsync("login", othersSession)).ShouldAllBe(it => it.GetProperty("session").GetString() != session);
        client.Waiting.ShouldBe(0);
        others.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task A_logout_is_told_and_ends_the_connections_of_that_session_only()
    {
        var api = await host.SignUpAsync();
        var elsewhere = host.Anonymous();
        elsewhere.AccessToken = await LogInAsync(api);
        var session = SessionOf(elsewhere.AccessToken);
        await using var stays = await ConnectAsync(api);
        await using var ends = await ConnectAsync(elsewhere);

        (await elsewhere.PostAsync("/v1/auth/logout", new { })).Status.ShouldBe(HttpStatusCode.NoContent);

        await stays.SecurityUntilAsync("logout", session);
        (await ends.SecurityUntilAsync("logout", session))[^1].GetProperty("reason").GetString().ShouldBe("logout");
        await ends.Closed;
        await stays.SecurityUntilAsync("login", SessionOf(await LogInAsync(api)));
    }

    [Fact]
    public async Task A_refresh_token_that_comes_twice_ends_its_session_and_the_user_is_told_why_once()
    {
        var api = await host.SignUpAsync();
        var login = await LogInElsewhereAsync(api);
        var stolen = login.Body.GetProperty("refresh_token").GetString();
        var session = SessionOf(login.Body.GetProperty("access_token").GetString()!);
        await using var client = await ConnectAsync(api);
        var thief = host.Anonymous();

        (await thief.PostAsync("/v1/auth/refresh", new { refresh_token = stolen })).ShouldBeOk();
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        for (var i = 0; i < 2; i++)
        {
            (await thief.PostAsync("/v1/auth/refresh", new { refresh_token = stolen })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        var told = await client.SecurityUntilAsync("login", SessionOf(await LogInAsync(api)));
        var revoked = told.Where(it => it.GetProperty("type").GetString() == "session_revoked").ShouldHaveSingleItem();
        revoked.GetProperty("session").GetString().ShouldBe(session);
        revoked.GetProperty("reason").GetString().ShouldBe("reuse");
    }

    [Fact]
    public async Task Wrong_passwords_that_lock_the_account_are_told_with_the_end_of_the_lock()
    {
        var api = await host.SignUpAsync();
        await using var client = await ConnectAsync(api);

        for (var i = 0; i < 12; i++)
        {
            await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = "not this one at all" });
        }

        var told = (await client.SecurityUntilAsync("locked_out", session: null))[^1];
        told.GetProperty("until").GetDateTimeOffset().ShouldBe(host.Clock.GetUtcNow().AddMinutes(15), TimeSpan.FromSeconds(1));
        client.Waiting.ShouldBe(0);
    }

    private async Task<LiveClient> ConnectAsync(Api api)
    {
        // What has happened so far is told to nobody who connects after it can be read.
        await host.UntilEventsAreReadableAsync();
        var client = await LiveClient.ConnectAsync(host.Address, api.AccessToken!, security: true);
        await client.NextAsync("state");
        return client;
    }

    private async Task<string> LogInAsync(Api api) =>
        (await LogInElsewhereAsync(api)).Body.GetProperty("access_token").GetString()!;

    private async Task<Answer> LogInElsewhereAsync(Api api)
    {
        var answer = await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password });
        return answer.ShouldBeOk();
    }

    // As the token's own claims say.
    private static string SessionOf(string accessToken)
    {
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(accessToken.Split('.')[1]));
        return claims.RootElement.GetProperty("sid").GetString()!;
    }
}

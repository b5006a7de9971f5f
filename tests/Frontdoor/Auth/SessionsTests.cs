using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth;

/// <summary>The list of one's sessions, and what ends them.</summary>
[Collection<SessionsCollection>]
public sealed class SessionsTests(FrontdoorHost host)
{
    [Fact]
    public async Task A_user_sees_where_he_is_logged_in_and_nobody_elses_sessions()
    {
        await host.SignUpAsync();
        var api = await host.SignUpAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(100));
        var loggedIn = host.Clock.GetUtcNow();
        var phone = await LogInAsync(api, "Phone/2.0 (Paris)");

        var answer = (await phone.GetAsync("/v1/sessions")).ShouldBeOk().Body;

        answer.GetProperty("object").GetString().ShouldBe("list");
        answer.GetProperty("has_more").GetBoolean().ShouldBeFalse();
        var (newest, first) = (answer.GetProperty("data")[0], answer.GetProperty("data")[1]);
        answer.GetProperty("data").GetArrayLength().ShouldBe(2);
        newest.EnumerateObject().Select(field => field.Name).ShouldBe(
            ["object", "id", "user_agent", "created_at", "last_used_at", "expires_at", "current"]);
        newest.GetProperty("object").GetString().ShouldBe("active_session");
        newest.GetProperty("user_agent").GetString().ShouldBe("Phone/2.0 (Paris)");
        newest.GetProperty("created_at").GetDateTimeOffset().ShouldBe(loggedIn, TimeSpan.FromSeconds(1));
        newest.GetProperty("current").GetBoolean().ShouldBeTrue();
        newest.GetProperty("last_used_at").GetDateTimeOffset().Minute.ShouldBe(0);
        first.GetProperty("current").GetBoolean().ShouldBeFalse();
        first.GetProperty("user_agent").ValueKind.ShouldBe(JsonValueKind.Null);
        first.GetProperty("last_used_at").GetDateTimeOffset().ShouldBeLessThan(newest.GetProperty("last_used_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task Using_a_session_is_seen_to_the_hour()
    {
        var api = await host.SignUpAsync();
        host.Clock.Advance(TimeSpan.FromHours(2));
        api.Take((await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken })).ShouldBeOk());

        var session = (await api.GetAsync("/v1/sessions")).ShouldBeOk().Body.GetProperty("data")[0];

        var hour = session.GetProperty("last_used_at").GetDateTimeOffset();
        hour.ShouldBeInRange(host.Clock.GetUtcNow() - TimeSpan.FromHours(1), host.Clock.GetUtcNow());
        (hour.Minute, hour.Second).ShouldBe((0, 0));
        session.GetProperty("expires_at").GetDateTimeOffset().ShouldBe(host.Clock.GetUtcNow().AddDays(7), TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("  spaces  ", "spaces")]
    [InlineData("right\u202Eto left", "rightto left")]
    [InlineData("tab\tand soft\u00ADhyphen", "taband softhyphen")]
    [InlineData("<script>alert(1)</script>", "<script>alert(1)</script>")]
    [InlineData("'; DROP TABLE identity.sessions; --", "'; DROP TABLE identity.sessions; --")]
    [InlineData("\u200B", null)]
    public async Task What_a_client_calls_itself_is_kept_as_text_that_can_be_shown(string given, string? shown)
    {
        var api = await host.SignUpAsync();
        var other = await LogInAsync(api, given);

        (await UserAgentAsync(other)).ShouldBe(shown);
    }

    [Fact]
    public async Task What_a_client_calls_itself_is_cut_between_characters()
    {
        var api = await host.SignUpAsync();

        (await UserAgentAsync(await LogInAsync(api, new string('x', 5_000)))).ShouldBe(new string('x', 256));
        (await UserAgentAsync(await LogInAsync(api, new string('x', 255) + "\U0001F600 and more"))).ShouldBe(new string('x', 255));
    }

    [Fact]
    public async Task A_user_ends_one_session_and_the_others_stay()
    {
        var api = await host.SignUpAsync();
        var phone = await LogInAsync(api);
        var tablet = await LogInAsync(api);

        (await api.DeleteAsync($"/v1/sessions/{await SessionOfAsync(phone)}")).Status.ShouldBe(HttpStatusCode.NoContent);

        await ShouldBeOverAsync(phone);
        await ShouldBeAliveAsync(tablet);
        await ShouldBeAliveAsync(api);
        (await api.GetAsync("/v1/sessions")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Ending_a_session_twice_or_ones_own_is_fine()
    {
        var api = await host.SignUpAsync();
        var phone = await SessionOfAsync(await LogInAsync(api));
        for (var i = 0; i < 2; i++)
        {
            (await api.DeleteAsync($"/v1/sessions/{phone}")).Status.ShouldBe(HttpStatusCode.NoContent);
        }

        (await api.DeleteAsync($"/v1/sessions/{await SessionOfAsync(api)}")).Status.ShouldBe(HttpStatusCode.NoContent);

        await ShouldBeOverAsync(api);
    }

    [Fact]
    public async Task All_others_are_ended_with_one_call()
    {
        var stranger = await host.SignUpAsync();
        var api = await host.SignUpAsync();
        var others = new List<Api>();
        for (var i = 0; i < 3; i++)
        {
            others.Add(await LogInAsync(api));
        }

        for (var i = 0; i < 2; i++)
        {
            (await api.DeleteAsync("/v1/sessions")).Status.ShouldBe(HttpStatusCode.NoContent);
        }

        foreach (var other in others)
        {
            await ShouldBeOverAsync(other);
        }

        await ShouldBeAliveAsync(api);
        await ShouldBeAliveAsync(stranger);
        (await api.GetAsync("/v1/sessions")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
            .ShouldHaveSingleItem().GetProperty("current").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_ends_or_finds_anothers_session()
    {
        var victim = await host.SignUpAsync();
        var attacker = await host.SignUpAsync();
        var session = await SessionOfAsync(victim);
        foreach (var id in new[]
        {
            session, session.ToUpperInvariant(), session + "0", session[..^1], "ses_", "x", "ses_00000000000000000000000000000000",
            "' OR 1=1--", "%27%20OR%201=1--", victim.UserId, session.Replace("ses_", "SES_", StringComparison.Ordinal),
        })
        {
            (await attacker.DeleteAsync($"/v1/sessions/{Uri.EscapeDataString(id)}"))
                .ShouldBeError(HttpStatusCode.NotFound, "session_not_found");
        }

        await ShouldBeAliveAsync(victim);
        (await host.Anonymous().DeleteAsync("/v1/sessions")).ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated");
        (await host.Anonymous().DeleteAsync($"/v1/sessions/{session}")).ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated");
        (await host.Anonymous().GetAsync("/v1/sessions")).ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated");
        await ShouldBeAliveAsync(victim);
    }

    [Fact]
    public async Task A_session_that_was_ended_ends_no_other()
    {
        var api = await host.SignUpAsync();
        var stolen = await LogInAsync(api);
        (await api.DeleteAsync("/v1/sessions")).ShouldBeOk();

        (await stolen.DeleteAsync("/v1/sessions")).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
        (await stolen.DeleteAsync($"/v1/sessions/{await SessionOfAsync(api)}")).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");

        await ShouldBeAliveAsync(api);
    }

    private static async Task<string?> UserAgentAsync(Api api) => (await api.GetAsync("/v1/sessions")).ShouldBeOk().Body
        .GetProperty("data").EnumerateArray().Single(session => session.GetProperty("current").GetBoolean()).GetProperty("user_agent").GetString();

    private static async Task<string> SessionOfAsync(Api api) => (await api.GetAsync("/v1/sessions")).ShouldBeOk().Body
        .GetProperty("data").EnumerateArray().Single(session => session.GetProperty("current").GetBoolean()).GetProperty("id").GetString()!;

    // A name of one's own is set, for that is checked at once.
    private static async Task ShouldBeOverAsync(Api api) =>
        (await api.PutAsync("/v1/me/handle", new { handle = $"h{Guid.NewGuid():N}"[..20] }))
            .ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");

    private static async Task ShouldBeAliveAsync(Api api) =>
        (await api.PostAsync("/v1/contacts", new { nickname = $"N{Guid.NewGuid():N}"[..20], recipient = "a@example.com" })).ShouldBeOk();

    private async Task<Api> LogInAsync(Api api, string? userAgent = null)
    {
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/auth/login")
        {
            Content = JsonContent.Create(new { email = api.Email, password = Api.Password }),
        };
        if (userAgent is not null)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        }

        var other = host.Anonymous();
        using var inUtf8 = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 })
        {
            BaseAddress = host.Address,
        };
        other.Take((await new Api(inUtf8).SendAsync(request)).ShouldBeOk());
        return other;
    }
}

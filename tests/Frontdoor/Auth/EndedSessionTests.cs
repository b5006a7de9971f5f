using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Live;

namespace StellarPay.Frontdoor.Tests.Auth;

/// <summary>
/// What is left of an access token whose session was ended: nothing that moves, at once and at every front door, and nothing
/// that reads after five seconds. The bug kept away: after a logout the old token paid until its hour was over.
/// </summary>
public sealed class EndedSessionTests(FrontdoorHost host) : IClassFixture<FrontdoorHost>
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Nothing_moves_after_a_logout_at_no_front_door()
    {
        await using var second = await host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(second.Urls.Single()) };
        var changing = Changing(host.Services);
        changing.Length.ShouldBeGreaterThan(25);
        var doors = new[] { host.Anonymous(), new Api(http) };
        foreach (var admin in new[] { false, true })
        {
            var api = admin ? await host.NewAdminAsync() : await host.SignUpAsync();
            doors[0].AccessToken = doors[1].AccessToken = api.AccessToken;
            (await api.PostAsync("/v1/auth/logout")).Status.ShouldBe(HttpStatusCode.NoContent);
            var before = await host.CountChangesAsync();
            foreach (var (method, path) in changing)
            {
                foreach (var door in doors)
                {
                    var answer = await door.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
                    answer.ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
                    answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"invalid_token\"");
                }
            }

            (await host.CountChangesAsync()).ShouldBe(before);
        }
    }

    [Fact]
    public async Task Nothing_reads_five_seconds_after_a_logout_at_no_front_door()
    {
        await using var second = await host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(second.Urls.Single()) };
        var api = await host.SignUpAsync();
        var elsewhere = new Api(http) { AccessToken = api.AccessToken };
        await UntilReadsAreOfMemoryAsync(host.Services);
        await UntilReadsAreOfMemoryAsync(second.Services);
        (await elsewhere.GetAsync("/v1/wallet")).ShouldBeOk();

        (await api.PostAsync("/v1/auth/logout")).ShouldBeOk();

        await ShouldNotReadForLongAsync(api, elsewhere);
    }

    [Fact]
    public async Task A_transaction_that_holds_events_back_holds_the_end_of_a_session_back_for_nobody()
    {
        var api = await host.SignUpAsync();
        await UntilReadsAreOfMemoryAsync(host.Services);
        await using var connection = await host.Database.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var holding = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var write = connection.CreateCommand())
        {
            write.CommandText = "SELECT pg_current_xact_id()";
            await write.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }

        (await api.PostAsync("/v1/auth/logout")).ShouldBeOk();

        await ShouldNotReadForLongAsync(api);
    }

    [Fact]
    public async Task What_ends_more_sessions_at_once_than_a_page_holds_up_no_front_door()
    {
        // The bug kept away: the next page began at the same transaction, and was the same page, for ever.
        var api = await host.SignUpAsync();
        await UntilReadsAreOfMemoryAsync(host.Services);
        await using var many = host.Database.DataSource.CreateCommand(
            """
            SELECT count(identity.security_event('stellarpay', 'evt_' || md5(n::text), 'session_revoked', $1, now(),
                jsonb_build_object('sessionId', 'ses_many_' || n)))
            FROM generate_series(1, 2500) AS n
            """);
        many.Parameters.AddWithValue(api.UserId);
        await many.ExecuteScalarAsync(TestContext.Current.CancellationToken);

        var ended = host.Services.GetRequiredService<Frontdoor.Auth.Sessions.EndedSessions>();
        await Eventually.UntilAsync(() => Task.FromResult(ended.Contains("ses_many_2500")), "the last of them is known");
        (await api.PostAsync("/v1/auth/logout")).ShouldBeOk();
        await ShouldNotReadForLongAsync(api);
    }

    [Fact]
    public async Task A_front_door_that_starts_afterwards_knows_of_it()
    {
        var api = await host.SignUpAsync();
        (await api.PostAsync("/v1/auth/logout")).ShouldBeOk();
        await using var late = await host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(late.Urls.Single()) };
        var there = new Api(http) { AccessToken = api.AccessToken };

        (await there.GetAsync("/v1/wallet")).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
        await UntilReadsAreOfMemoryAsync(late.Services);
        (await there.GetAsync("/v1/wallet")).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    public async Task The_hub_of_another_front_door_tells_and_closes_and_is_closed_to_who_comes_later()
    {
        await using var second = await host.StartAnotherAsync();
        var api = await host.SignUpAsync();
        await host.UntilEventsAreReadableAsync();
        await using var there = await LiveClient.ConnectAsync(new Uri(second.Urls.Single()), api.AccessToken!, security: true);
        await there.NextAsync("state");

        (await api.PostAsync("/v1/auth/logout")).ShouldBeOk();

        (await there.FirstAsync("security")).GetProperty("type").GetString().ShouldBeOneOf("login", "logout");
        await there.Closed;

        // Whoever gets in while a front door does not know yet is closed as soon as it does.
        await using var late = await ConnectOrNullAsync(new Uri(second.Urls.Single()), api.AccessToken!);
        if (late is not null)
        {
            await late.Closed;
        }
    }

    [Fact]
    public async Task A_role_that_was_taken_away_ends_at_once_at_every_front_door_whatever_the_token_says()
    {
        await using var second = await host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(second.Urls.Single()) };
        var admin = await host.NewAdminAsync();
        var victim = await host.SignUpAsync();
        var elsewhere = new Api(http) { AccessToken = admin.AccessToken };
        (await elsewhere.GetAsync($"/v1/admin/users/{victim.UserId}")).ShouldBeOk();

        (await host.Administrators.SetRoleAsync("tests", admin.Email, Roles.User, TestContext.Current.CancellationToken))
            .ShouldBe(RoleChange.Set);

        foreach (var door in new[] { admin, elsewhere })
        {
            (await door.GetAsync($"/v1/admin/users/{victim.UserId}")).ShouldBeError(HttpStatusCode.Forbidden, "forbidden");
            (await door.PostAsync($"/v1/admin/wallets/{victim.WalletId}/freeze", new { reason = "revenge" }))
                .ShouldBeError(HttpStatusCode.Forbidden, "forbidden");
            (await door.GetAsync("/v1/wallet")).ShouldBeOk();
        }

        (await host.AuditOf(victim.WalletId)).ShouldBeEmpty();
    }

    private static (string Method, string Path)[] Changing(IServiceProvider services) =>
    [
        .. services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null)
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods
                .Select(method => (method, PathOf(endpoint))) ?? [])
            .Where(route => route.method is not ("GET" or "HEAD")),
    ];

    // With ids that have the form of one and name nothing.
    private static string PathOf(RouteEndpoint endpoint) => "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment =>
        segment.Parts[0] is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "x"));

    private static async Task ShouldNotReadForLongAsync(params Api[] doors)
    {
        var since = Stopwatch.StartNew();
        foreach (var door in doors)
        {
            while (true)
            {
                var asked = since.Elapsed;
                var answer = await door.GetAsync("/v1/wallet");
                if (answer.Status != HttpStatusCode.OK)
                {
                    answer.ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
                    break;
                }

                // However slow this machine is: what is asked later than this is never answered.
                asked.ShouldBeLessThan(Longest);
            }
        }
    }

    private static async Task UntilReadsAreOfMemoryAsync(IServiceProvider door)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var ended = door.GetRequiredService<Frontdoor.Auth.Sessions.EndedSessions>();
        while (!ended.AreCurrent)
        {
            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }

    private static async Task<LiveClient?> ConnectOrNullAsync(Uri door, string token)
    {
        try
        {
            return await LiveClient.ConnectAsync(door, token);
        }
        catch (WebSocketException)
        {
            return null;
        }
    }
}

using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Door;

/// <summary>A page of another origin uses the API if a setting names it, and no other page does.</summary>
public sealed class CrossOriginTests(CrossOriginTests.Host host) : IClassFixture<CrossOriginTests.Host>
{
    private const string Ours = "https://app.example.com";
    private const string Second = "http://localhost:3000";

    [Theory]
    [InlineData(Ours, "/v1/payments", "POST", "authorization,content-type,idempotency-key")]
    [InlineData(Second, "/v1/wallet", "GET", "authorization,if-none-match")]
    [InlineData(Ours, "/v1/contacts/x", "PATCH", "authorization,content-type")]
    [InlineData(Ours, "/hubs/live/negotiate", "POST", "authorization,x-requested-with,x-signalr-user-agent")]
    public async Task A_preflight_of_an_origin_of_ours_is_answered_and_kept(string origin, string path, string method, string headers)
    {
        var answer = await PreflightAsync(origin, path, method, headers);

        ((int)answer.Status).ShouldBe(204, answer.Text);
        One(answer, "Access-Control-Allow-Origin").ShouldBe(origin);
        One(answer, "Access-Control-Allow-Credentials").ShouldBe("true");
        One(answer, "Access-Control-Max-Age").ShouldBe("7200");
        One(answer, "Access-Control-Allow-Methods")!.ShouldContain(method);
        One(answer, "Access-Control-Allow-Headers")!.ToLowerInvariant().Split(',').ShouldBeSubsetOf(
            ["authorization", "content-type", "idempotency-key", "if-none-match", "x-request-id", "stellarpay-version", "stellarpay-merchant", "x-requested-with", "x-signalr-user-agent"]);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("https://app.example.com.evil.example")]
    [InlineData("https://evilapp.example.com")]
    [InlineData("http://app.example.com")]
    [InlineData("https://app.example.com:8443")]
    [InlineData("https://APP.example.com")]
    [InlineData("https://app.example.com/")]
    [InlineData("*")]
    public async Task No_other_origin_is_let_in(string origin)
    {
        var preflight = await PreflightAsync(origin, "/v1/payments", "POST", "authorization");
        One(preflight, "Access-Control-Allow-Origin").ShouldBeNull();
        var read = await SendAsync(HttpMethod.Get, "/v1/wallet", origin);
        One(read, "Access-Control-Allow-Origin").ShouldBeNull();
        One(read, "Access-Control-Allow-Credentials").ShouldBeNull();
    }

    [Fact]
    public async Task A_page_of_ours_reads_answers_and_refusals_too()
    {
        var api = await host.SignUpAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/wallet");
        request.Headers.Add("Origin", Ours);
        var answer = (await api.SendAsync(request)).ShouldBeOk();
        One(answer, "Access-Control-Allow-Origin").ShouldBe(Ours);
        One(answer, "Access-Control-Expose-Headers")!.ShouldContain("X-Request-Id");
        answer.Headers.Vary.ShouldContain("Origin");

        foreach (var refused in (Answer[])
        [
            (await SendAsync(HttpMethod.Get, "/v1/wallet", Ours)).ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated"),
            (await SendAsync(HttpMethod.Get, "/v1/nothing", Ours)).ShouldBeError(HttpStatusCode.NotFound, "not_found"),
        ])
        {
            One(refused, "Access-Control-Allow-Origin").ShouldBe(Ours);
        }
    }

    // What keeps an answer for everybody would keep one of an origin of ours, and no shop could read its script.
    [Fact]
    public async Task The_script_of_shops_pages_is_for_all_alike()
    {
        var script = await SendAsync(HttpMethod.Get, "/js/v1.js", Ours);

        One(script.ShouldBeOk(), "Access-Control-Allow-Origin").ShouldBe("*");
        One(script, "Access-Control-Allow-Credentials").ShouldBeNull();
    }

    [Theory]
    [InlineData("*")]
    [InlineData("https://*.example.com")]
    [InlineData("https://app.example.com/")]
    [InlineData("https://app.example.com/page")]
    [InlineData("https://me:pass@app.example.com")]
    [InlineData("http://app.example.com")]
    [InlineData("app.example.com")]
    [InlineData("null")]
    public async Task An_origin_that_is_none_stops_the_start(string origin)
    {
        await using var own = new Host { Origin = origin };
        var wrong = await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => own.InitializeAsync().AsTask());
        wrong.Message.ShouldContain("StellarPay:Frontdoor:AllowedOrigins must be origins such as https://app.example.com");
    }

    private Task<Answer> PreflightAsync(string origin, string path, string method, string headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", headers);
        return host.Anonymous().SendAsync(request);
    }

    private Task<Answer> SendAsync(HttpMethod method, string path, string origin)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        return host.Anonymous().SendAsync(request);
    }

    private static string? One(Answer answer, string header) =>
        answer.Headers.TryGetValues(header, out var values) ? string.Join(',', values) : null;

    public sealed class Host : FrontdoorHost
    {
        internal string Origin { get; init; } = Ours;

        protected override Dictionary<string, string?> Settings => new()
        {
            ["StellarPay:Frontdoor:AllowedOrigins:0"] = Origin,
            ["StellarPay:Frontdoor:AllowedOrigins:1"] = Second,
        };
    }
}

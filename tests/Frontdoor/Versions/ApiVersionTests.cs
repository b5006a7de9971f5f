using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Versions;

namespace StellarPay.Frontdoor.Tests.Versions;

[Collection<WireCollection>]
public sealed class ApiVersionTests(FrontdoorHost host)
{
    private const string Header = "StellarPay-Version";
    private const string First = "2026-11-27";

    private static readonly DateTimeOffset Noon = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/wallet")]
    [InlineData("/v1/nothing/here")]
    public async Task Every_answer_of_the_api_names_the_version_that_it_is_of_also_a_refusal(string path)
    {
        var user = await host.SignUpAsync();

        foreach (var api in new[] { user, host.Anonymous() })
        {
            (await api.GetAsync(path)).Headers.GetValues(Header).ShouldBe([First]);
            (await AskAsync(api, path, First)).Headers.GetValues(Header).ShouldBe([First]);
        }
    }

    [Fact]
    public async Task The_version_that_is_served_may_be_named_and_nothing_else_changes()
    {
        var user = await host.SignUpAsync();

        (await AskAsync(user, "/v1/me", First)).ShouldBeOk().Text.ShouldBe((await user.GetAsync("/v1/me")).Text);
        (await user.GetAsync("/v1/me")).Headers.Contains("Deprecation").ShouldBeFalse();
        (await user.GetAsync("/v1/me")).Headers.Contains("Sunset").ShouldBeFalse();
    }

    [Theory]
    [InlineData("2026-11-26")]
    [InlineData("2026-11-28")]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    public async Task A_version_that_is_not_served_is_refused_with_those_that_are(string version)
    {
        var answer = await AskAsync(await host.SignUpAsync(), "/v1/wallet", version);

        answer.ShouldBeError(HttpStatusCode.BadRequest, "version_unknown", Header);
        answer.Text.ShouldContain("must name a version that is served: 2026-11-27.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData("2026-11-27 ,2026-11-27")]
    [InlineData("2026-11-27T00:00:00Z")]
    [InlineData("26-11-27")]
    [InlineData("2026-1-27")]
    [InlineData("2026-13-27")]
    [InlineData("2026-02-30")]
    [InlineData("../2026-11-27")]
    public async Task What_is_no_date_is_refused_with_the_rule(string version)
    {
        var answer = await AskAsync(host.Anonymous(), "/v1/wallet", version);

        answer.ShouldBeError(HttpStatusCode.BadRequest, "version_malformed", Header);
        answer.Text.ShouldContain("must be one date written as YYYY-MM-DD");
    }

    [Fact]
    public async Task Two_versions_at_once_are_none()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/wallet");
        request.Headers.Add(Header, [First, First]);

        (await host.Anonymous().SendAsync(request)).ShouldBeError(HttpStatusCode.BadRequest, "version_malformed", Header);
    }

    [Fact]
    public async Task What_is_not_of_the_api_has_no_version()
    {
        (await AskAsync(host.Anonymous(), "/health/live", "nonsense")).ShouldBeOk().Headers.Contains(Header).ShouldBeFalse();
        (await AskAsync(host.Anonymous(), "/openapi/v1.json", "nonsense")).ShouldBeOk().Headers.Contains(Header).ShouldBeFalse();
    }

    [Fact]
    public async Task The_document_says_of_every_operation_that_it_takes_a_version()
    {
        var document = (await host.Anonymous().GetAsync("/openapi/v1.json")).ShouldBeOk().Body;
        foreach (var path in document.GetProperty("paths").EnumerateObject().Where(path => path.Name.StartsWith("/v1/", StringComparison.Ordinal)))
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                operation.Value.GetProperty("parameters").EnumerateArray()
                    .Count(parameter => parameter.GetProperty("name").GetString() == Header).ShouldBe(1, $"{operation.Name} {path.Name}");
                operation.Value.TryGetProperty("deprecated", out _).ShouldBeFalse();
            }
        }
    }

    [Fact]
    public async Task A_version_that_goes_out_of_use_says_since_when_until_when_and_where_to_read_on()
    {
        var old = new ApiVersion(
            new DateOnly(2026, 11, 27), new Deprecation(Noon, Noon.AddDays(365), new Uri("https://example.com/versions")));
        await using var app = await StartAsync(new ApiVersions(old, new ApiVersion(new DateOnly(2027, 3, 1))), deprecated: null);

        var (version, deprecation, sunset, link) = await HeadersAsync(app, version: null);
        (version, deprecation, sunset, link).ShouldBe(
            ("2026-11-27", "@1803902400", "Tue, 29 Feb 2028 12:00:00 GMT", "<https://example.com/versions>; rel=\"deprecation\"; type=\"text/html\""));
        (await HeadersAsync(app, "2027-03-01")).ShouldBe(("2027-03-01", null, null, null));
    }

    [Fact]
    public async Task An_endpoint_that_goes_out_of_use_says_so_in_every_version_and_what_ends_first_is_told()
    {
        var endpoint = new Deprecation(Noon, Noon.AddDays(30), new Uri("https://example.com/endpoint"));
        var old = new ApiVersion(new DateOnly(2026, 11, 27), endpoint with { Sunset = Noon.AddDays(60), Page = new Uri("https://example.com/versions") });
        await using var app = await StartAsync(new ApiVersions(old, new ApiVersion(new DateOnly(2027, 3, 1))), endpoint);

        foreach (var version in new[] { "2026-11-27", "2027-03-01" })
        {
            (await HeadersAsync(app, version)).ShouldBe(
                (version, "@1803902400", "Wed, 31 Mar 2027 12:00:00 GMT", "<https://example.com/endpoint>; rel=\"deprecation\"; type=\"text/html\""));
        }
    }

    private static Task<Answer> AskAsync(Api api, string path, string version)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation(Header, version);
        return api.SendAsync(request);
    }

    private static async Task<WebApplication> StartAsync(ApiVersions versions, Deprecation? deprecated)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(versions);
        var app = builder.Build();
        app.UseMiddleware<ApiVersionMiddleware>();
        app.UseRouting();
        var endpoint = app.MapGet("/v1/thing", () => Results.Ok());
        if (deprecated is not null)
        {
            endpoint.WithMetadata(deprecated);
        }

        await app.StartAsync(Cancelled);
        return app;
    }

    private static async Task<(string? Version, string? Deprecation, string? Sunset, string? Link)> HeadersAsync(
        WebApplication app, string? version)
    {
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/thing");
        if (version is not null)
        {
            request.Headers.Add(Header, version);
        }

        using var answer = await http.SendAsync(request, Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var sunset = answer.Content.Headers.Concat(answer.Headers).Where(header => header.Key == "Sunset").SelectMany(header => header.Value);
        return (One(Header), One("Deprecation"), sunset.SingleOrDefault(), One("Link"));

        string? One(string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;
    }
}

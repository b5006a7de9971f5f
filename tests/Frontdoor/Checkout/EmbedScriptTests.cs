using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using StellarPay.Frontdoor.Checkout.Embed;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>The script that shops put into their pages, as files go.</summary>
[Collection<WireCollection>]
public sealed partial class EmbedScriptTests(FrontdoorHost host)
{
    private const int MostBytes = 8 * 1024;

    [Fact]
    public async Task It_is_small_every_page_may_load_and_read_it_and_what_one_has_is_not_sent_again()
    {
        var script = (await AskAsync("/js/v1.js")).ShouldBeOk();
        script.ContentHeaders.ContentType!.MediaType.ShouldBe("text/javascript");
        script.Bytes.Length.ShouldBeInRange(1, MostBytes);
        (One(script, "Access-Control-Allow-Origin"), One(script, "Cross-Origin-Resource-Policy")).ShouldBe(("*", "cross-origin"));
        (script.Headers.CacheControl!.Public, script.Headers.CacheControl.MaxAge).ShouldBe((true, TimeSpan.FromMinutes(5)));

        var tag = script.Headers.ETag!.ToString();
        (await AskAsync("/js/v1.js", ("If-None-Match", tag))).ShouldSatisfyAllConditions(
            same => same.Status.ShouldBe(HttpStatusCode.NotModified), same => same.Bytes.ShouldBeEmpty());
        (await AskAsync("/js/v1.js", ("If-None-Match", "W/\"other\""))).Bytes.ShouldBe(script.Bytes);

        var pinned = (await AskAsync($"/js/{EmbedScripts.Pinned}")).ShouldBeOk();
        pinned.Bytes.ShouldBe(script.Bytes);
        pinned.Headers.CacheControl!.ToString().ShouldContain("immutable");
        EmbedScripts.Pinned.ShouldBe($"v1.{Convert.ToHexStringLower(SHA256.HashData(script.Bytes))[..16]}.js");
    }

    [Fact]
    public async Task It_is_at_the_checkouts_origin_alone_and_no_other_name_is_one()
    {
        foreach (var path in new[] { "/js/v2.js", "/js/v1.0000000000000000.js", "/js/v1", "/js/checkout.js" })
        {
            (await AskAsync(path)).ShouldBeError(HttpStatusCode.NotFound, "not_found");
        }

        (await AskAsync("/js/v1.js", ("Host", "api.example.com"))).ShouldBeError(HttpStatusCode.NotFound, "not_found");
    }

    // A shop copies it from there, and its browsers refuse any other.
    [Fact]
    public async Task The_guide_names_the_script_that_is_served_and_its_digest()
    {
        var guide = await File.ReadAllTextAsync(GuidePath(), TestContext.Current.CancellationToken);
        var script = await AskAsync("/js/v1.js");

        Name().Matches(guide).Select(match => match.Value).Distinct().ShouldBe([EmbedScripts.Pinned]);
        Digest().Matches(guide).Select(match => match.Value).Distinct()
            .ShouldBe([$"sha384-{Convert.ToBase64String(SHA384.HashData(script.Bytes))}"]);
    }

    private Task<Answer> AskAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return host.Anonymous().SendAsync(request);
    }

    private static string One(Answer answer, string header) => answer.Headers.GetValues(header).Single();

    private static string GuidePath([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/guides/embedded-checkout.md"));

    [GeneratedRegex(@"v1\.[0-9a-f]{16}\.js")]
    private static partial Regex Name();

    [GeneratedRegex("sha384-[A-Za-z0-9+/=]+")]
    private static partial Regex Digest();
}

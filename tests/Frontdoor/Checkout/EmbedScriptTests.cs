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

    // What keeps answers for everybody would keep one that names an origin of ours, and shops that demand the script by its digest lose it.
    [Fact]
    public async Task Whoever_asks_it_is_the_same_answer_and_a_question_without_the_file_is_one()
    {
        foreach (var origin in new[] { FrontdoorHost.CheckoutOrigin, "https://shop.test", "null" })
        {
            var script = (await AskAsync($"/js/{EmbedScripts.Pinned}", ("Origin", origin))).ShouldBeOk();
            (One(script, "Access-Control-Allow-Origin"), script.Headers.Contains("Access-Control-Allow-Credentials")).ShouldBe(("*", false), origin);
        }

        var head = (await host.Anonymous().SendAsync(new HttpRequestMessage(HttpMethod.Head, "/js/v1.js"))).ShouldBeOk();
        (One(head, "Access-Control-Allow-Origin"), head.Bytes.Length).ShouldBe(("*", 0));
    }

    // Shops name them in their pages: a line comes with each change of the script that was released, and none goes.
    [Fact]
    public async Task Every_script_that_was_released_is_served_for_ever()
    {
        var released = await File.ReadAllLinesAsync(PathOf("tests/Frontdoor/Checkout/released-scripts.txt"), TestContext.Current.CancellationToken);

        released.ShouldContain(EmbedScripts.Pinned);
        foreach (var name in released)
        {
            var script = (await AskAsync($"/js/{name}")).ShouldBeOk();
            name.ShouldBe($"v1.{Convert.ToHexStringLower(SHA256.HashData(script.Bytes))[..16]}.js");
        }
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
        var guide = await File.ReadAllTextAsync(PathOf("docs/guides/embedded-checkout.md"), TestContext.Current.CancellationToken);
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

    private static string PathOf(string file, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../..", file));

    [GeneratedRegex(@"v1\.[0-9a-f]{16}\.js")]
    private static partial Regex Name();

    [GeneratedRegex("sha384-[A-Za-z0-9+/=]+")]
    private static partial Regex Digest();
}

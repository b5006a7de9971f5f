using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Merchants;

/// <summary>Pages of merchants: which may ask, by which key, and what they may read.</summary>
[Collection<ShopsCollection>]
public sealed class MerchantOriginTests(MerchantHost host)
{
    [Fact]
    public async Task A_preflight_of_a_page_is_answered_as_long_as_some_publishable_key_lists_it_and_without_credentials()
    {
        await using var second = await host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(second.Urls.Single()) };
        var (shop, other, page) = (await Shop.OpenAsync(host), await Shop.OpenAsync(host), NewOrigin());
        (await AllowedAsync(host.Anonymous(), page)).ShouldBeNull();

        var (_, first) = await shop.PublishableAsync(page, NewOrigin());
        var (_, theirs) = await other.PublishableAsync(page);

        // Here at once, elsewhere soon.
        var preflight = await PreflightAsync(host.Anonymous(), page);
        preflight.Status.ShouldBe(HttpStatusCode.NoContent, preflight.Text);
        One(preflight, "Access-Control-Allow-Origin").ShouldBe(page);
        One(preflight, "Access-Control-Allow-Credentials").ShouldBeNull();
        One(preflight, "Access-Control-Max-Age").ShouldBe("7200");
        One(preflight, "Access-Control-Allow-Methods")!.Split(',').ShouldBe(["GET", "POST"], ignoreOrder: true);
        One(preflight, "Access-Control-Allow-Headers")!.ShouldNotContain("*");
        preflight.Headers.Vary.ShouldContain("Origin");
        await Eventually.UntilAsync(async () => await AllowedAsync(new Api(http), page) == page, "the other front door knows the page");

        (await shop.RevokeAsync(first)).ShouldBeOk();
        (await AllowedAsync(host.Anonymous(), page)).ShouldBe(page, "another key lists it still");
        (await other.Owner.PatchAsync(
            $"{other.Path}/api_keys/{theirs}", new { allowed_origins = new[] { NewOrigin() }, password = Api.Password })).ShouldBeOk();
        (await AllowedAsync(host.Anonymous(), page)).ShouldBeNull();
        await Eventually.UntilAsync(async () => await AllowedAsync(new Api(http), page) is null, "the other front door has forgotten the page");
    }

    [Fact]
    public async Task A_page_that_its_key_lists_reads_the_answer_and_each_refusal()
    {
        var (shop, page) = (await Shop.OpenAsync(host), NewOrigin());
        var (key, _) = await shop.PublishableAsync(page);

        var read = (await AskAsync(key, page)).ShouldBeOk();
        One(read, "Access-Control-Allow-Origin").ShouldBe(page);
        One(read, "Access-Control-Allow-Credentials").ShouldBeNull();
        One(read, "Access-Control-Expose-Headers")!.ShouldContain("X-Request-Id");
        read.Headers.Vary.ShouldContain("Origin");
        var refused = await AskAsync(key, page, "/v1/test/sessions");
        refused.ShouldBeError(HttpStatusCode.Forbidden, "permission_missing");
        One(refused, "Access-Control-Allow-Origin").ShouldBe(page);
        // Without a page there is nothing to compare: programs that are no browsers.
        (await host.With(key).GetAsync("/v1/merchant")).ShouldBeOk();
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://shop.example")]
    [InlineData("https://shop.example:8443")]
    [InlineData("https://shop.example.evil.example")]
    [InlineData("https://SHOP.example")]
    [InlineData(MerchantHost.Ours)]
    public async Task A_page_that_its_key_does_not_list_is_refused_and_can_read_why(string origin)
    {
        var shop = await Shop.OpenAsync(host);
        var (key, _) = await shop.PublishableAsync("https://shop.example");

        var refused = await AskAsync(key, origin);

        refused.ShouldBeError(HttpStatusCode.Forbidden, "origin_not_allowed");
        One(refused, "Access-Control-Allow-Origin").ShouldBe(origin);
        refused.Text.ShouldNotContain("Books");
    }

    [Fact]
    public async Task A_page_that_another_merchant_s_key_lists_uses_that_one_alone()
    {
        var (shop, other, page) = (await Shop.OpenAsync(host), await Shop.OpenAsync(host), NewOrigin());
        var ((key, _), (theirs, _)) = (await shop.PublishableAsync(NewOrigin()), await other.PublishableAsync(page));

        (await AskAsync(key, page)).ShouldBeError(HttpStatusCode.Forbidden, "origin_not_allowed");
        (await AskAsync(theirs, page)).ShouldBeOk();
    }

    [Fact]
    public async Task A_secret_key_is_never_taken_from_a_page()
    {
        var (shop, page) = (await Shop.OpenAsync(host), NewOrigin());
        var ((secret, _), _) = (await shop.SecretAsync(), await shop.PublishableAsync(page));
        var (restricted, _) = await shop.KeyAsync(new
        {
            kind = "restricted", name = "Server", permissions = new[] { "payment_sessions:read" }, password = Api.Password,
        });

        foreach (var key in new[] { secret, restricted })
        {
            foreach (var origin in new[] { page, "https://evil.example", "null" })
            {
                (await AskAsync(key, origin)).ShouldBeError(HttpStatusCode.Forbidden, "secret_key_in_browser");
                One(await AskAsync(key, origin, "/v1/test/sessions"), "Access-Control-Allow-Origin").ShouldBe(origin);
            }

            (await host.With(key).GetAsync("/v1/merchant")).ShouldBeOk();
        }
    }

    [Fact]
    public async Task A_merchant_s_page_reads_nothing_by_an_access_token_and_ours_does()
    {
        var (shop, page) = (await Shop.OpenAsync(host), NewOrigin());
        await shop.PublishableAsync(page);

        One(await AskAsync(shop.Owner.AccessToken!, page, "/v1/wallet"), "Access-Control-Allow-Origin").ShouldBeNull();
        One(await AskAsync(shop.Owner.AccessToken!, page, shop.Path), "Access-Control-Allow-Origin").ShouldBeNull();
        var ours = (await AskAsync(shop.Owner.AccessToken!, MerchantHost.Ours, shop.Path)).ShouldBeOk();
        One(ours, "Access-Control-Allow-Origin").ShouldBe(MerchantHost.Ours);
        One(ours, "Access-Control-Allow-Credentials").ShouldBe("true");
    }

    [Fact]
    public async Task A_page_whose_merchant_is_suspended_is_let_in_no_more()
    {
        var (shop, page, admin) = (await Shop.OpenAsync(host), NewOrigin(), await host.NewAdminAsync());
        await shop.PublishableAsync(page);
        (await AllowedAsync(host.Anonymous(), page)).ShouldBe(page);

        (await admin.PostAsync($"/v1/admin/merchants/{shop.Id}/suspend", new { reason = "Asked by a test" })).ShouldBeOk();
        (await AllowedAsync(host.Anonymous(), page)).ShouldBeNull();
        (await admin.PostAsync($"/v1/admin/merchants/{shop.Id}/reinstate", new { reason = "Asked by a test" })).ShouldBeOk();
        (await AllowedAsync(host.Anonymous(), page)).ShouldBe(page);
    }

    [Fact]
    public async Task A_front_door_that_starts_knows_the_pages_that_were_listed_before()
    {
        var (shop, page) = (await Shop.OpenAsync(host), NewOrigin());
        await shop.PublishableAsync(page);

        await using var late = await host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(late.Urls.Single()) };

        await Eventually.UntilAsync(async () => await AllowedAsync(new Api(http), page) == page, "the new front door knows the page");
    }

    private static string NewOrigin() => $"https://shop-{Guid.NewGuid():N}.example";

    private static async Task<string?> AllowedAsync(Api door, string origin) =>
        One(await PreflightAsync(door, origin), "Access-Control-Allow-Origin");

    private static Task<Answer> PreflightAsync(Api door, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/v1/merchant");
        request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Access-Control-Request-Headers", "authorization");
        return door.SendAsync(request);
    }

    private Task<Answer> AskAsync(string token, string origin, string path = "/v1/merchant")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        return host.With(token).SendAsync(request);
    }

    private static string? One(Answer answer, string header) =>
        answer.Headers.TryGetValues(header, out var values) ? string.Join(',', values) : null;
}

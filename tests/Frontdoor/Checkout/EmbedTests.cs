using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentLinks;
using StellarPay.Frontdoor.Tests.PaymentSessions;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>Payers' pages within shops' pages: which may show them, and what is on them there.</summary>
[Collection<SessionHostCollection>]
public sealed class EmbedTests(SessionHost host)
{
    private const string Nobody = "'none'";
    private static readonly string[] Origins = ["https://shop.test", "http://localhost:3000"];

    [Fact]
    public async Task Pages_of_the_origins_that_the_merchants_key_lists_may_frame_it_and_nobody_else_may()
    {
        var (shop, other) = (await PaidShop.OpenAsync(host), await PaidShop.OpenAsync(host));
        var (checkout, link) = (await OpenCheckout.NewAsync(shop), await NewLinkAsync(shop));
        var (key, id) = await KeyAsync(shop, Origins);
        var (theirs, _) = await KeyAsync(other, ["https://other.test"]);
        var (bare, _) = await KeyAsync(shop, []);
        var (distant, _) = await KeyAsync(shop, Origins, addresses: ["203.0.113.0/24"]);

        foreach (var path in new[] { checkout.Url.PathAndQuery + "&embed=", link.Url.AbsolutePath + "?embed=" })
        {
            var framed = (await checkout.AskAsync(path + key)).ShouldBeOk();
            AncestorsOf(framed).ShouldBe(string.Join(' ', Origins), path);
            framed.Headers.Contains("X-Frame-Options").ShouldBeFalse(path);
            framed.Headers.CacheControl!.NoStore.ShouldBeTrue(path);
            framed.Text.ShouldContain($"data-framed-by=\"{string.Join(' ', Origins)}\"");
            foreach (var wrong in new[]
            {
                "", "x", "*", "https://evil.test", key[..^1], $"{key}A", $"pk_live_{key["pk_test_".Length..]}", $"pk_test_{new string('A', 43)}",
                theirs, bare, distant, shop.Server.AccessToken!,
            })
            {
                ShouldBeInNoFrame(await checkout.AskAsync(path + Uri.EscapeDataString(wrong)), $"{path}{wrong}");
            }
        }

        // Without the secret, and of nothing, there is nothing to be shown elsewhere.
        ShouldBeInNoFrame(await checkout.AskAsync($"/checkout/{checkout.Id}?embed={key}"), "without the secret");
        ShouldBeInNoFrame(await checkout.AskAsync($"/checkout/nothing?embed={key}"), "of nothing");
        ShouldBeInNoFrame(await checkout.AskAsync($"/pay/nothing?embed={key}"), "of no link");
        ShouldBeInNoFrame(await checkout.AskAsync($"/checkout/{checkout.Id}/qr.svg?key={checkout.Key}&embed={key}"), "a picture");

        (await shop.Owner.PatchAsync(
            $"/v1/merchants/{shop.Id}/api_keys/{id}", new { allowed_origins = new[] { "https://new.test" }, password = Api.Password })).ShouldBeOk();
        await Eventually.UntilAsync(async () => AncestorsOf(await FramedAsync()) == "https://new.test", "the new page may");
        (await shop.Owner.PostAsync($"/v1/merchants/{shop.Id}/api_keys/{id}/revoke")).ShouldBeOk();
        await Eventually.UntilAsync(async () => AncestorsOf(await FramedAsync()) == Nobody, "nobody may");

        Task<Answer> FramedAsync() => checkout.AskAsync($"{checkout.Url.PathAndQuery}&embed={key}");
    }

    [Fact]
    public async Task In_a_frame_nothing_leads_away_and_all_that_stays_within_stays_in_the_frame()
    {
        var shop = await PaidShop.OpenAsync(host);
        var (key, _) = await KeyAsync(shop, Origins);
        var checkout = await OpenCheckout.NewAsync(shop, new
        {
            amount_decimal = "3", currency = "USD", success_url = "https://shop.test/ok", cancel_url = "https://shop.test/no",
        });
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "20");

        (await checkout.TextAsync()).ShouldContain("https://shop.test/no");
        var page = await checkout.TextAsync($"&embed={key}");
        page.ShouldContain($"data-session=\"{checkout.Id}\"");
        page.ShouldContain("/checkout/assets/frame.");
        page.ShouldContain("target=\"_blank\" rel=\"noopener\"");
        // No login is in a frame: it has a window of its own, and there the page stands by itself.
        page.ShouldContain($"<a class=\"wallet\" href=\"/checkout/{checkout.Id}/wallet?key={checkout.Key}\" target=\"_blank\" rel=\"noopener\">");
        page.ShouldContain($"embed={key}&asset=XLM");
        page.ShouldContain($"embed={key}&lang=de");
        page.ShouldContain($"name=\"embed\" value=\"{key}\"");
        page.ShouldNotContain("https://shop.test/no");
        (await checkout.TextAsync()).ShouldNotContain("embed");
        (await checkout.TextAsync()).ShouldNotContain("_blank");

        using var seen = await PostAsync($"/checkout/{checkout.Id}/viewed", ("key", checkout.Key), ("embed", key));
        seen.Headers.Location!.ToString().ShouldBe($"/checkout/{checkout.Id}?key={checkout.Key}&embed={key}");
        using var elsewhere = await PostAsync($"/checkout/{checkout.Id}/viewed", ("key", checkout.Key), ("embed", "x&y=https://evil.test"));
        elsewhere.Headers.Location!.ToString().ShouldBe($"/checkout/{checkout.Id}?key={checkout.Key}");
        using var refused = await PostAsync($"/checkout/{checkout.Id}/address", ("key", checkout.Key), ("embed", key));
        refused.Headers.Location!.ToString().ShouldBe($"/checkout/{checkout.Id}?key={checkout.Key}&embed={key}&address=refused");

        await payer.PayAsync(await checkout.ScanAsync("USDC"));
        await checkout.UntilAsync("paid");
        (await checkout.TextAsync()).ShouldContain("https://shop.test/ok");
        page = await checkout.TextAsync($"&embed={key}");
        page.ShouldContain("data-state=\"paid\"");
        // What he has paid for may be there, and there alone; it takes the shop's page's place, not the frame's.
        page.ShouldContain("<a class=\"next\" href=\"https://shop.test/ok\" rel=\"noreferrer\" target=\"_top\"");
    }

    [Fact]
    public async Task A_links_form_in_a_frame_leads_to_the_sessions_page_in_the_frame_and_its_refusals_are_there_too()
    {
        var shop = await PaidShop.OpenAsync(host);
        var (key, _) = await KeyAsync(shop, Origins);
        var link = await OpenLink.NewAsync(shop, new { amount_type = "suggested", amount_decimal = "3", minimum_decimal = "2", currency = "USDC" });

        (await link.PageAsync($"?lang=de&embed={key}")).Text.ShouldContain($"action=\"{link.Url.AbsolutePath}?lang=de&amp;embed={key}\"");
        var (status, location, text) = await link.PayAsync("5", query: $"?embed={key}", with: [("Sec-Fetch-Site", "same-origin")]);
        status.ShouldBe(HttpStatusCode.SeeOther, text);
        location!.Query.ShouldEndWith($"&embed={key}");
        (await link.PayAsync("5", query: "?embed=x")).Location!.Query.ShouldNotContain("embed");
        AncestorsOf((await link.Shop.Host.Anonymous().GetAsync(location.PathAndQuery)).ShouldBeOk()).ShouldBe(string.Join(' ', Origins));

        using var refused = await PostAsync($"{link.Url.AbsolutePath}?embed={key}", ("amount", "1"));
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        AncestorsOf(refused.Headers.GetValues("Content-Security-Policy").Single()).ShouldBe(string.Join(' ', Origins));
    }

    // A page of anybody's would make sessions in the name of whoever looks at it, as many as it likes.
    [Fact]
    public async Task A_form_of_a_shops_page_is_shown_with_its_amount_and_makes_nothing_however_often_it_is_sent()
    {
        var shop = await PaidShop.OpenAsync(host);
        var (key, _) = await KeyAsync(shop, Origins);
        var suggested = await OpenLink.NewAsync(shop, new { amount_type = "suggested", amount = 300, currency = "EUR" });
        var price = await NewLinkAsync(shop);
        foreach (var query in new[] { "", $"?embed={key}" })
        {
            for (var i = 0; i < 10; i++)
            {
                var (status, _, text) = await suggested.PayAsync(
                    "7.50", query: query, with: [("Sec-Fetch-Site", "cross-site"), ("Origin", Origins[0])]);
                status.ShouldBe(HttpStatusCode.OK);
                text.ShouldContain("name=\"amount\"");
                text.ShouldContain("value=\"7.50\"");
            }

            // A price is a price.
            (await price.PayAsync("0.01", query: query, with: [("Sec-Fetch-Site", "cross-site")])).ShouldSatisfyAllConditions(
                shown => shown.Status.ShouldBe(HttpStatusCode.OK), shown => shown.Text.ShouldContain("12.50 EUR"),
                shown => shown.Text.ShouldNotContain("0.01"));
        }

        (await suggested.SessionsAsync()).ShouldBe(0);
        (await suggested.SessionAsync("7.50")).GetProperty("amount").GetInt64().ShouldBe(750);
    }

    [Fact]
    public async Task A_form_that_cannot_be_read_is_one_that_says_nothing()
    {
        var shop = await PaidShop.OpenAsync(host);
        var checkout = await OpenCheckout.NewAsync(shop);
        var link = await OpenLink.NewAsync(shop, new { amount_type = "chosen", currency = "EUR" });
        using var http = new HttpClient { BaseAddress = host.Address };
        foreach (var type in new[] { "multipart/form-data", "multipart/form-data; boundary=x" })
        {
            foreach (var (path, status) in new[]
            {
                ($"/checkout/{checkout.Id}/viewed", HttpStatusCode.NotFound),
                ($"/checkout/{checkout.Id}/address", HttpStatusCode.NotFound), (link.Url.AbsolutePath, HttpStatusCode.BadRequest),
            })
            {
                using var content = new StringContent("--x\r\nContent-Disposition: form-data; name=\"amount\"\r\n\r\n1");
                content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
                using var answer = await http.PostAsync(path, content, TestContext.Current.CancellationToken);
                answer.StatusCode.ShouldBe(status, $"{path} {type}");
            }
        }

        // The one that is looked at, and no other.
        (await link.SessionsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task An_origin_that_no_policy_can_name_frames_nothing_and_one_in_other_letters_is_written_as_browsers_send_it()
    {
        var shop = await PaidShop.OpenAsync(host);
        var checkout = await OpenCheckout.NewAsync(shop);
        (await shop.Owner.PostAsync($"/v1/merchants/{shop.Id}/api_keys", new
        {
            kind = "publishable", name = "Page", allowed_origins = new[] { "https://m\u00fcller.test" }, password = Api.Password,
        })).ShouldBeError(HttpStatusCode.BadRequest, "allowed_origins_invalid", "allowed_origins");

        var (key, _) = await KeyAsync(shop, ["https://xn--mller-kva.test", "http://[::1]:3000", "https://my_shop.test"]);
        AncestorsOf(await checkout.AskAsync($"{checkout.Url.PathAndQuery}&embed={key}")).ShouldBe("https://xn--mller-kva.test");
        var (alone, _) = await KeyAsync(shop, ["http://[::1]:3000"]);
        ShouldBeInNoFrame(await checkout.AskAsync($"{checkout.Url.PathAndQuery}&embed={alone}"), "none that can be named");
    }

    private static Task<OpenLink> NewLinkAsync(PaidShop shop) => OpenLink.NewAsync(shop, new { amount = 1250, currency = "EUR" });

    private static async Task<(string Key, string Id)> KeyAsync(PaidShop shop, string[] origins, string[]? addresses = null)
    {
        var made = (await shop.Owner.PostAsync($"/v1/merchants/{shop.Id}/api_keys", new
        {
            kind = "publishable", name = "Page", allowed_origins = origins, allowed_addresses = addresses ?? [], password = Api.Password,
        })).ShouldBeOk().Body;
        return (made.GetProperty("key").GetString()!, made.GetProperty("id").GetString()!);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] form)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = host.Address };
        return await http.PostAsync(
            path, new FormUrlEncodedContent(form.Select(each => KeyValuePair.Create(each.Name, each.Value))),
            TestContext.Current.CancellationToken);
    }

    private static void ShouldBeInNoFrame(Answer answer, string what)
    {
        AncestorsOf(answer).ShouldBe(Nobody, what);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"], what);
        answer.Text.ShouldNotContain("/checkout/assets/frame.");
        answer.Text.ShouldNotContain("data-framed-by");
    }

    private static string AncestorsOf(Answer answer) => AncestorsOf(answer.Headers.GetValues("Content-Security-Policy").Single());

    private static string AncestorsOf(string policy) =>
        policy.Split("; ").Single(each => each.StartsWith("frame-ancestors ", StringComparison.Ordinal))["frame-ancestors ".Length..];
}

using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Playwright;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentLinks;
using StellarPay.Frontdoor.Tests.PaymentSessions;

namespace StellarPay.Frontdoor.Tests.Browsers;

/// <summary>The checkout in a shop's page, whose own policy is as strict as it can be, in a real browser.</summary>
[Collection<SessionHostCollection>]
public sealed class EmbedBrowserTests(SessionHost host, Chromium browser) : IClassFixture<Chromium>
{
    private const string Listed = "http://localhost:3000";
    private const string Unlisted = "https://evil.test";
    private const string Pays = FrontdoorHost.CheckoutOrigin;

    // What a shop has to allow is in the guide: scripts and frames of the checkout's origin, and no style of anybody's.
    private const string Policy =
        $"default-src 'none'; script-src {Pays} 'nonce-shop'; frame-src {Pays}; form-action {Pays}; img-src 'self'; base-uri 'none'";

    private static readonly ViewportSize Small = new() { Width = 360, Height = 640 };
    private static readonly ViewportSize Large = new() { Width = 1280, Height = 900 };

    [Fact]
    public async Task A_button_of_a_listed_page_is_paid_within_it_and_the_page_is_told()
    {
        var shop = await PaidShop.OpenAsync(host);
        var key = await KeyAsync(shop);
        var link = await OpenLink.NewAsync(shop, new
        {
            amount_decimal = "3", currency = "USDC", after_completion = new { type = "redirect", redirect = new { url = $"{Listed}/ok" } },
        });
        using var wallet = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        await host.CatchUpWithLedgersAsync();
        await using var profile = await NewProfileAsync(new BrowserNewContextOptions { ViewportSize = Large });
        await using var page = await OpenShopAsync(
            profile, Listed,
            $"""<script src="{Pays}/js/v1.js" integrity="{await IntegrityAsync()}" crossorigin="anonymous" data-link="{SlugOf(link)}" data-key="{key}"></script>""");

        await page.Page.Locator("a.stellarpay-button").PressAsync("Enter");
        var frame = page.Page.FrameLocator("dialog iframe");
        await frame.Locator("form.again button").ClickAsync();
        await frame.Locator("main[data-state=waiting]").WaitForAsync();
        (await page.Page.EvaluateAsync<int>("heard.length")).ShouldBe(0);

        // Who has a wallet here logs in nowhere but in a window of its own.
        var window = await profile.RunAndWaitForPageAsync(() => frame.Locator("a.wallet").ClickAsync());
        await window.Locator("main[data-state=wallet_login]").WaitForAsync();
        (await window.EvaluateAsync<bool>("window.opener === null && window.top === window")).ShouldBeTrue();
        await window.CloseAsync();

        // Closed and opened again, it is the same sale: he may have paid it.
        await page.Page.Locator("dialog > button").ClickAsync();
        await page.Page.WaitForFunctionAsync("() => heard.length === 1 && !document.querySelector('dialog')");
        await page.Page.Locator("a.stellarpay-button").PressAsync("Enter");
        await frame.Locator("main[data-state=waiting]").WaitForAsync();
        (await link.SessionsAsync()).ShouldBe(1);
        await page.Page.EvaluateAsync("heard.length = 0");
        await wallet.PayAsync((await frame.Locator("a.button").GetAttributeAsync("href")).ShouldNotBeNull());

        await page.Page.WaitForFunctionAsync("() => heard.length === 1");
        await frame.Locator("main[data-state=paid]").WaitForAsync();
        var paid = (await HeardAsync(page))[0];
        var session = paid[1].GetProperty("session").GetString()!;
        (paid[0].GetString(), paid[1].GetProperty("state").GetString(), paid[1].EnumerateObject().Count()).ShouldBe(("paid", "paid", 2));
        (await shop.SessionAsync(session)).GetProperty("status").GetString().ShouldBe("paid");
        (await frame.Locator("a.next").GetAttributeAsync("target")).ShouldBe("_top");

        // The dialog hears no keys that are pressed in its frame.
        await frame.Locator("nav a").First.PressAsync("Escape");
        await page.Page.WaitForFunctionAsync("() => heard.length === 2 && !document.querySelector('dialog')");
        var closed = (await HeardAsync(page))[1];
        (closed[0].GetString(), closed[1].GetProperty("paid").GetBoolean(), closed[1].GetProperty("session").GetString()).ShouldBe(("close", true, session));
        (await page.Page.EvaluateAsync<string>("document.activeElement.className")).ShouldBe("stellarpay-button");
        page.Page.Url.ShouldBe($"{Listed}/");
        page.Complaints.ShouldBeEmpty();
        page.Requests.Select(request => new Uri(request.Url).GetLeftPart(UriPartial.Authority)).Distinct()
            .ShouldBe([Pays, Listed], ignoreOrder: true);
    }

    [Fact]
    public async Task On_a_page_that_is_not_listed_the_browser_shows_no_frame_and_who_pays_is_led_to_the_page_itself()
    {
        var shop = await PaidShop.OpenAsync(host);
        var link = await OpenLink.NewAsync(shop, new { amount_decimal = "3", currency = "USDC" });
        await using var profile = await NewProfileAsync(new BrowserNewContextOptions());
        await using var page = await OpenShopAsync(
            profile, Unlisted, $$"""
                <script src="{{Pays}}/js/v1.js" data-link="{{SlugOf(link)}}" data-key="{{await KeyAsync(shop)}}"></script>
                <script nonce="shop">document.addEventListener('stellarpay:close', () => location.assign('/basket'));</script>
                """);

        // A shop that goes on when a dialog was closed is not to undo this.
        await page.Page.ClickAsync("a.stellarpay-button");
        await page.Page.WaitForURLAsync($"{Pays}{link.Url.AbsolutePath}?lang=en");

        await page.UntilAsync("link");
        page.Complaints.ShouldContain(complaint => complaint.Contains($"frame-ancestors {Listed}", StringComparison.Ordinal));
        (await link.SessionsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Without_JavaScript_the_link_and_the_form_lead_to_the_page()
    {
        var shop = await PaidShop.OpenAsync(host);
        var price = await OpenLink.NewAsync(shop, new { amount = 1250, currency = "EUR" });
        var gift = await OpenLink.NewAsync(shop, new { amount_type = "suggested", amount = 300, currency = "EUR" });
        await host.CatchUpWithLedgersAsync();
        await using var profile = await NewProfileAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        await using var page = await OpenShopAsync(profile, Listed, $"""
            <script src="{Pays}/js/v1.js" data-key="{await KeyAsync(shop)}"></script>
            <a class="stellarpay-button" href="{Pays}{price.Url.AbsolutePath}">Pay 12.50 EUR</a>
            <form method="post" action="{Pays}{gift.Url.AbsolutePath}">
              <label>Your gift <input name="amount" value="7.50"></label> <button>Give</button>
            </form>
            """);

        await page.Page.ClickAsync("a.stellarpay-button");
        await page.UntilAsync("link");
        page.Page.Url.ShouldBe($"{Pays}{price.Url.AbsolutePath}");
        (await page.Page.Locator("main").InnerTextAsync()).ShouldContain("12.50 EUR");

        await page.Page.GoBackAsync();
        await page.Page.ClickAsync("form button");
        await page.UntilAsync("link");
        (await page.Page.Locator("#amount").InputValueAsync()).ShouldBe("7.50");
        (await gift.SessionsAsync()).ShouldBe(0);
        await page.Page.ClickAsync("form.again button");
        await page.UntilAsync("waiting");
        (await page.Page.Locator("main").InnerTextAsync()).ShouldContain("7.50 EUR");
        (await gift.SessionsAsync()).ShouldBe(1);
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_dialog_is_fit_for_everybody_and_a_page_that_plays_the_checkout_is_not_believed()
    {
        var shop = await PaidShop.OpenAsync(host);
        var checkout = await OpenCheckout.NewAsync(shop, new { amount_decimal = "3", currency = "USDC", cancel_url = $"{Listed}/no" });
        var key = await KeyAsync(shop);
        foreach (var (name, device) in new (string, BrowserNewContextOptions)[]
        {
            ("phone", new() { ViewportSize = Small, HasTouch = true, IsMobile = true, ReducedMotion = ReducedMotion.Reduce }),
            ("desktop-dark", new() { ViewportSize = Large, ColorScheme = ColorScheme.Dark, ReducedMotion = ReducedMotion.NoPreference }),
        })
        {
            await using var profile = await NewProfileAsync(device);
            await using var page = await OpenShopAsync(profile, Listed, $$"""
                <script src="{{Pays}}/js/v1.js"></script>
                <button id="buy">Buy it<br>now</button>
                <script nonce="shop">
                  document.getElementById('buy').addEventListener('click', () => StellarPay('{{key}}').checkout(
                    { url: '{{checkout.Url.AbsoluteUri}}', onPaid: one => heard.push(['paid', one]),
                      onClose: one => heard.push(['close', one]) }));
                </script>
                """);
            await page.Page.ClickAsync("#buy");
            var frame = page.Page.FrameLocator("dialog iframe");
            await frame.Locator("main[data-state=waiting]").WaitForAsync();
            (await page.Page.EvaluateAsync<bool>("document.querySelector('dialog').contains(document.activeElement)")).ShouldBeTrue();
            (await page.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('dialog')).animationName"))
                .ShouldBe(name == "phone" ? "none" : "stellarpay-in");
            // It grows as it comes.
            await page.Page.Locator("dialog").EvaluateAsync("one => Promise.all(one.getAnimations().map(each => each.finished)).then(() => true)");
            var box = (await page.Page.Locator("dialog").BoundingBoxAsync()).ShouldNotBeNull();
            ((int)box.Width, (int)box.Height).ShouldBe(name == "phone" ? (Small.Width, Small.Height) : (512, 736));
            await page.ShouldBeFitForAllAsync($"embedded-{name}");
            await PayersPage.ShouldBeFitAsync(page.Page.Frames.Single(one => one.Url.StartsWith(Pays, StringComparison.Ordinal)), name);
            (await frame.Locator("a.next").CountAsync()).ShouldBe(0);

            await page.Page.EvaluateAsync("postMessage({ stellarpay: 1, state: 'paid', session: 'pay_1' }, location.origin)");
            await page.Page.Locator("dialog > button").PressAsync("Escape");
            await page.Page.WaitForFunctionAsync("() => heard.length === 1 && !document.querySelector('dialog')");
            var closed = (await HeardAsync(page))[0];
            (closed[0].GetString(), closed[1].ToString()).ShouldBe(("close", $$"""{"state":"waiting","session":"{{checkout.Id}}","paid":false}"""));
            (await page.Page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("buy");
            page.Complaints.ShouldBeEmpty();
        }
    }

    // Somebody's words in the shop's page may be links and images with names, even where no script of his runs.
    [Fact]
    public async Task What_others_may_write_into_the_page_neither_moves_the_checkout_nor_brings_a_key()
    {
        var (shop, other) = (await PaidShop.OpenAsync(host), await PaidShop.OpenAsync(host));
        var theirs = await OpenLink.NewAsync(other, new { amount_decimal = "3", currency = "USDC" });
        await using var profile = await NewProfileAsync(new BrowserNewContextOptions());
        await using var page = await OpenShopAsync(profile, Listed, $"""
            <img name="currentScript" src="https://evil.test/js/x" alt="A review">
            <script src="{Pays}/js/v1.js" data-key="{await KeyAsync(shop)}"></script>
            <a class="stellarpay-button" data-key="{await KeyAsync(other)}" href="{Pays}{theirs.Url.AbsolutePath}">Pay</a>
            """);

        (await page.Page.EvaluateAsync<string>(
            "() => { try { StellarPay('pk_test_1').checkout(); return ''; } catch (wrong) { return wrong.message; } }")).ShouldContain(Pays);
        await page.Page.ClickAsync("a.stellarpay-button");

        await page.UntilAsync("link");
        page.Page.Url.ShouldBe($"{Pays}{theirs.Url.AbsolutePath}");
    }

    // There the checkout may not be shown, and what leads to it would take the place of the shop alone, where it may not be shown either.
    [Fact]
    public async Task A_shop_that_is_in_somebodys_frame_opens_the_page_in_a_window()
    {
        var shop = await PaidShop.OpenAsync(host);
        var link = await OpenLink.NewAsync(shop, new { amount_decimal = "3", currency = "USDC" });
        await using var profile = await NewProfileAsync(new BrowserNewContextOptions());
        await profile.RouteAsync("https://portal.test/**", route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/html", Body = $"<!doctype html><title>A portal</title><iframe src=\"{Listed}/\"></iframe>",
        }));
        await using var page = await OpenShopAsync(
            profile, Listed, $"""<script src="{Pays}/js/v1.js" data-link="{SlugOf(link)}" data-key="{await KeyAsync(shop)}"></script>""",
            at: "https://portal.test/");

        var opened = await profile.RunAndWaitForPageAsync(() => page.Page.FrameLocator("iframe").Locator("a.stellarpay-button").ClickAsync());

        await opened.WaitForURLAsync($"{Pays}{link.Url.AbsolutePath}?lang=en");
        (await opened.EvaluateAsync<bool>("opener === null")).ShouldBeTrue();
        (await page.Page.FrameLocator("iframe").Locator("dialog").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_secret_key_and_an_address_that_is_not_the_checkouts_are_refused_by_the_script()
    {
        await using var profile = await NewProfileAsync(new BrowserNewContextOptions());
        await using var page = await OpenShopAsync(profile, Listed, $"""<script src="{Pays}/js/v1.js"></script>""");
        foreach (var (call, said) in new[]
        {
            ("StellarPay('sk_test_1')", "is to be revoked now"),
            ("StellarPay('pk_test_1').checkout({ url: 'https://evil.test/pay/x' })", "'url' is a checkout_url"),
            ($"StellarPay('pk_test_1').checkout({{ url: '{Pays}/docs' }})", "'url' is a checkout_url"),
            ("StellarPay('pk_test_1').checkout()", "'url' is a checkout_url"),
        })
        {
            (await page.Page.EvaluateAsync<string>($"() => {{ try {{ {call}; return ''; }} catch (wrong) {{ return wrong.message; }} }}")).ShouldContain(said);
        }

        (await page.Page.Locator("dialog").CountAsync()).ShouldBe(0);
    }

    private static Task<string> KeyAsync(PaidShop shop) => shop.KeyAsync(
        new { kind = "publishable", name = "Page", allowed_origins = new[] { Listed }, password = Api.Password });

    private static string SlugOf(OpenLink link) => link.Url.AbsolutePath["/pay/".Length..];

    private async Task<string> IntegrityAsync() =>
        $"sha384-{Convert.ToBase64String(SHA384.HashData((await host.Anonymous().GetAsync("/js/v1.js")).ShouldBeOk().Bytes))}";

    // The checkout's origin is where the browser believes it to be: the front door takes what it would send to a proxy.
    private Task<IBrowserContext> NewProfileAsync(BrowserNewContextOptions device) =>
        browser.NewProfileAsync(new BrowserNewContextOptions(device)
        {
            Proxy = new Proxy { Server = host.Address.GetLeftPart(UriPartial.Authority), Bypass = "<-loopback>" },
        });

    private static async Task<PayersPage> OpenShopAsync(IBrowserContext profile, string origin, string button, string? at = null)
    {
        await profile.RouteAsync($"{origin}/**", route => route.FulfillAsync(new RouteFulfillOptions
        {
            Headers = [new("Content-Type", "text/html; charset=utf-8"), new("Content-Security-Policy", Policy)],
            Body = $$"""
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A shop</title></head>
                <body>
                <main>
                <h1>A shop</h1>
                <script nonce="shop">
                  window.heard = [];
                  for (const name of ['paid', 'close'])
                    document.addEventListener(`stellarpay:${name}`, event => heard.push([name, event.detail]));
                </script>
                {{button}}
                </main>
                </body>
                </html>
                """,
        }));
        return await PayersPage.OpenAsync(profile, at ?? $"{origin}/");
    }

    private static async Task<JsonElement[]> HeardAsync(PayersPage page) =>
        [.. JsonDocument.Parse(await page.Page.EvaluateAsync<string>("JSON.stringify(heard)")).RootElement.EnumerateArray()];
}

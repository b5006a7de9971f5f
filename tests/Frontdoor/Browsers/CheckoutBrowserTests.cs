using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Invoices;
using StellarPay.Frontdoor.Tests.Merchants;
using StellarPay.Frontdoor.Tests.PaymentSessions;

namespace StellarPay.Frontdoor.Tests.Browsers;

/// <summary>
/// A session's page in a real browser: with its script and without, on small screens and large, by light and by dark, from both sides.
/// </summary>
[Collection<SessionHostCollection>]
public sealed class CheckoutBrowserTests(SessionHost host, Chromium browser) : IClassFixture<Chromium>
{
    private const int MostBytes = 60 * 1024;

    // The narrowest that WCAG asks for.
    private static readonly BrowserNewContextOptions Phone = new()
    {
        ViewportSize = new ViewportSize { Width = 320, Height = 640 }, ColorScheme = ColorScheme.Light, HasTouch = true, IsMobile = true,
    };

    private static readonly BrowserNewContextOptions Desktop = new()
    {
        ViewportSize = new ViewportSize { Width = 1280, Height = 900 }, ColorScheme = ColorScheme.Dark,
        Permissions = ["clipboard-read", "clipboard-write"],
    };

    [Fact]
    public async Task An_open_page_turns_to_paid_by_itself_when_a_wallet_pays_what_it_asks_for_and_leads_on()
    {
        var shop = await PaidShop.OpenAsync(host);
        var checkout = await OpenCheckout.NewAsync(
            shop, new { amount_decimal = "3", currency = "USDC", success_url = "https://shop.test/ok?sid={CHECKOUT_SESSION_ID}" });
        using var wallet = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        await using var profile = await browser.NewProfileAsync(Desktop);
        // It leads on some seconds after it is paid, which may be before all of it is looked at: the shop answers only then.
        var looked = new TaskCompletionSource();
        await profile.RouteAsync("https://shop.test/**", async route =>
        {
            await looked.Task;
            await route.FulfillAsync(new RouteFulfillOptions { Body = "Thank you" });
        });
        await using var page = await PayersPage.OpenAsync(profile, UrlOf(checkout));
        await page.UntilAsync("waiting");
        // A page that were loaded anew would forget it.
        await page.Page.EvaluateAsync("window.still = true");

        await ShouldCountDownAsync(page);
        await ShouldCopyByKeyboardAsync(page, checkout);
        var uri = await page.UriAsync();
        uri.ShouldBe((await checkout.ScanAsync("USDC")).ToString());
        await Eventually.UntilAsync(
            async () => (await shop.SessionAsync(checkout.Id)).GetProperty("viewed_at").ValueKind != JsonValueKind.Null,
            "the shop knows that it was seen");

        await wallet.PayAsync(uri, 12_500_000);
        await page.UntilAsync("underpaid");
        (await page.Page.Locator("#due").InnerTextAsync()).ShouldContain("1.75 USDC");
        (await page.Page.Locator("#said").InnerTextAsync()).ShouldBe("Part of it has come");
        var transaction = await wallet.PayAsync(await page.UriAsync());
        await page.UntilAsync("paid");
        (await page.Page.Locator("main").InnerTextAsync()).ShouldContain(transaction);
        (await page.Page.Locator("figure, a.button, #address").CountAsync()).ShouldBe(0);
        (await page.Page.EvaluateAsync<bool>("window.still === true")).ShouldBeTrue();

        page.Requests.Select(request => new Uri(request.Url).GetLeftPart(UriPartial.Authority)).Where(origin => origin != "https://shop.test")
            .Distinct().ShouldBe([host.Address.GetLeftPart(UriPartial.Authority)]);
        page.Requests.ShouldContain(request => request.Url.Contains("/events?", StringComparison.Ordinal));
        page.Complaints.ShouldBeEmpty();
        looked.SetResult();
        await page.Page.WaitForURLAsync($"https://shop.test/ok?sid={checkout.Id}");
    }

    [Fact]
    public async Task Without_JavaScript_who_pays_comes_to_the_same_end()
    {
        var shop = await PaidShop.OpenAsync(host);
        var checkout = await OpenCheckout.NewAsync(
            shop, new { amount_decimal = "3", currency = "USDC", success_url = "https://shop.test/ok?sid={CHECKOUT_SESSION_ID}" });
        using var wallet = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        await using var profile = await browser.NewProfileAsync(new BrowserNewContextOptions(Phone) { JavaScriptEnabled = false });
        await using var page = await PayersPage.OpenAsync(profile, UrlOf(checkout));
        (await page.Page.Locator(".left, .copy").EvaluateAllAsync<bool>("all => all.every(one => one.hidden)")).ShouldBeTrue();
        await page.Page.ScreenshotAsync(new PageScreenshotOptions { Path = PayersPage.PictureOf("without-script"), FullPage = true });

        await wallet.PayAsync(await page.UriAsync(), 10_000_000);
        await checkout.UntilAsync("underpaid");
        await page.Page.ClickAsync(".again button");
        await page.UntilAsync("underpaid");
        page.Page.Url.ShouldBe(UrlOf(checkout));
        await wallet.PayAsync(await page.UriAsync());
        await checkout.UntilAsync("paid");
        await page.Page.ReloadAsync();

        (await page.Page.Locator("main").GetAttributeAsync("data-state")).ShouldBe("paid");
        (await page.Page.Locator("a.next").GetAttributeAsync("href")).ShouldBe($"https://shop.test/ok?sid={checkout.Id}");
        (await shop.SessionAsync(checkout.Id)).GetProperty("viewed_at").ValueKind.ShouldBe(JsonValueKind.String);
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_state_is_fit_for_everybody_small_and_large_light_and_dark_from_left_and_from_right()
    {
        var shop = await PaidShop.OpenAsync(host);
        (await shop.Owner.PatchAsync($"/v1/merchants/{shop.Id}", new { brand_color = "#ffcc00", logo = LogoTests.Of(0x0a, 0x50, 0x20) })).ShouldBeOk();
        await using var phone = await browser.NewProfileAsync(Phone);
        await using var desktop = await browser.NewProfileAsync(Desktop);
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "40");

        var paid = await NewAsync(shop);
        await LookAsync(paid, "waiting");
        var request = await paid.ScanAsync("USDC");
        await payer.PayAsync(request, "1.25");
        await LookAsync(paid, "underpaid");
        await payer.PayAsync(request, "1.75");
        await LookAsync(paid, "paid");
        await payer.PayAsync(request, "1");
        await LookAsync(paid, "overpaid");

        var canceled = await NewAsync(shop);
        await LookAsync(canceled, "waiting", "bare", $"/checkout/{canceled.Id}?");
        (await shop.Server.PostAsync($"/v1/payment_sessions/{canceled.Id}/cancel")).ShouldBeOk();
        await LookAsync(canceled, "canceled");
        await LookAsync(canceled, "none", "none", "/checkout/nothing?");
        var invoice = await OpenInvoice.NewAsync(shop, new
        {
            currency = "EUR", customer_name = "Grace Hopper", description = "Lessons", footer = "Thank you",
            line_items = new[] { new { name = "Lesson", quantity = 3, amount = "12.50" } },
        });
        await LookAsync(canceled, "invoice_open", "invoice", invoice.Url.PathAndQuery);

        // So long that no ledger is past its end while it is looked at.
        var expired = await NewAsync(shop, seconds: 900);
        request = await expired.ScanAsync("USDC");
        host.Clock.Advance(TimeSpan.FromSeconds(901));
        await LookAsync(expired, "processing");
        await ExpireAsync(expired);
        await LookAsync(expired, "expired");
        await payer.PayAsync(request);
        await LookAsync(expired, "late");
        var back = new Uri((await shop.SessionAsync(expired.Id)).GetProperty("refund_url").GetString()!).PathAndQuery;
        await LookAsync(expired, "refund", "refund", back);
        await using var claiming = await PayersPage.OpenAsync(phone, $"{host.Address}{back[1..]}");
        await claiming.Page.CheckAsync(".claim input[type=checkbox]");
        await claiming.Page.ClickAsync(".claim button");
        await claiming.UntilAsync("refund_done");
        claiming.Complaints.ShouldBeEmpty();
        await LookAsync(expired, "refund_done", "refund-done", back);

        async Task LookAsync(OpenCheckout checkout, string state, string? name = null, string? path = null)
        {
            if (path is null)
            {
                await checkout.UntilAsync(state);
            }

            foreach (var (profile, look) in new[] { (phone, "en"), (desktop, "ar") })
            {
                await using var page = await PayersPage.OpenAsync(profile, $"{host.Address}{(path ?? checkout.Url.PathAndQuery)[1..]}&lang={look}");
                (await page.Page.Locator("main").GetAttributeAsync("data-state")).ShouldBe(state);
                await page.ShouldBeFitForAllAsync($"{name ?? state}-{(look == "en" ? "phone-light" : "desktop-dark-rtl")}");
                (await page.WeightAsync()).ShouldBeInRange(1, MostBytes);
                page.Complaints.Where(complaint => state != "none" || !complaint.Contains("404", StringComparison.Ordinal)).ShouldBeEmpty(state);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_has_a_wallet_here_logs_in_and_pays_by_one_click(bool hasScript)
    {
        var shop = await PaidShop.OpenAsync(host);
        var payer = await host.PayerAsync("20");
        var checkout = await NewAsync(shop);
        await using var profile = await browser.NewProfileAsync(
            hasScript ? Desktop : new BrowserNewContextOptions(Phone) { JavaScriptEnabled = false });
        await profile.RouteAsync("https://shop.test/**", route => route.FulfillAsync(new RouteFulfillOptions { Body = "Thank you" }));
        await using var page = await PayersPage.OpenAsync(profile, UrlOf(checkout) + (hasScript ? "&lang=ar" : ""));

        await page.Page.ClickAsync("a.wallet");
        await page.UntilAsync("wallet_login");
        await LookAsync("login");
        await page.Page.FillAsync("#name", payer.Email);
        await page.Page.FillAsync("#password", "wrong horse battery");
        await page.Page.ClickAsync("main button");
        await page.Page.Locator("#wrong").WaitForAsync();
        await LookAsync("login-wrong");
        await page.Page.FillAsync("#password", Api.Password);
        await page.Page.PressAsync("#password", "Enter");
        await page.UntilAsync("wallet_confirm");
        await LookAsync("confirm");
        (await page.Page.Locator("dl").InnerTextAsync()).ShouldContain("17 USDC");
        await page.Page.Locator("main button").First.ClickAsync();

        if (!hasScript)
        {
            // He looks again, until it is there.
            await checkout.UntilAsync("paid");
            await page.Page.GotoAsync(page.Page.Url);
        }

        await page.UntilAsync("paid");
        (await shop.SessionAsync(checkout.Id)).GetProperty("payment_count").GetInt32().ShouldBe(1);
        page.Requests.Select(request => new Uri(request.Url).GetLeftPart(UriPartial.Authority)).Where(origin => origin != "https://shop.test")
            .Distinct().ShouldBe([host.Address.GetLeftPart(UriPartial.Authority)]);
        // That a password was wrong is a status of its own, which browsers mention.
        page.Complaints.Where(complaint => !complaint.Contains("401", StringComparison.Ordinal)).ShouldBeEmpty();

        async Task LookAsync(string name)
        {
            var picture = $"wallet-{name}-{(hasScript ? "desktop-dark-rtl" : "phone-light-without-script")}";
            if (hasScript)
            {
                await page.ShouldBeFitForAllAsync(picture);
            }
            else
            {
                await page.Page.ScreenshotAsync(new PageScreenshotOptions { Path = PayersPage.PictureOf(picture), FullPage = true });
            }
        }
    }

    private static Task<OpenCheckout> NewAsync(PaidShop shop, int seconds = 600) => OpenCheckout.NewAsync(shop, new
    {
        amount_decimal = "3", currency = "USDC", expires_in = seconds, description = "A book & a map",
        line_items = new[] { new { name = "On Numbers", quantity = 2 } }, success_url = "https://shop.test/ok", cancel_url = "https://shop.test/no",
    });

    private string UrlOf(OpenCheckout checkout) => $"{host.Address.GetLeftPart(UriPartial.Authority)}{checkout.Url.PathAndQuery}";

    // Fifteen minutes less the margin, and less from second to second.
    private static async Task ShouldCountDownAsync(PayersPage page)
    {
        var first = await page.Page.Locator("#left").InnerTextAsync();
        Seconds(first).ShouldBeInRange(14 * 60, 14 * 60 + 30);
        await page.Page.WaitForFunctionAsync("first => document.getElementById('left').textContent !== first", first);
        Seconds(await page.Page.Locator("#left").InnerTextAsync()).ShouldBeInRange(1, Seconds(first) - 1);
    }

    private static int Seconds(string text) =>
        60 * int.Parse(text.Split(':')[0], CultureInfo.InvariantCulture) + int.Parse(text.Split(':')[1], CultureInfo.InvariantCulture);

    private static async Task ShouldCopyByKeyboardAsync(PayersPage page, OpenCheckout checkout)
    {
        var payTo = (await checkout.DataAsync()).GetProperty("pay_to");
        foreach (var (id, member) in new[] { ("address", "address"), ("memo", "memo"), ("memo_id", "memo_id"), ("muxed", "muxed_address") })
        {
            await page.Page.Locator($"[data-copy={id}]").PressAsync("Enter");
            await page.Page.WaitForFunctionAsync(
                "async wanted => await navigator.clipboard.readText() === wanted", payTo.GetProperty(member).GetString());
            (await page.Page.Locator("#said").InnerTextAsync()).ShouldStartWith("Copied: ");
        }
    }

    private async Task ExpireAsync(OpenCheckout checkout)
    {
        await host.LetLedgersCatchUpAsync();
        await Eventually.UntilAsync(
            async () =>
            {
                host.Clock.Advance(TimeSpan.FromSeconds(1));
                return (await checkout.DataAsync()).GetProperty("state").GetString() == "expired";
            },
            "the page is expired");
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using StellarPay.Frontdoor.Books;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;
using StellarPay.Grains.Books;
using StellarPay.Grains.Network;
using StellarPay.Tests.Shared.Node;

namespace StellarPay.Frontdoor.Tests.Browsers;

/// <summary>
/// A shop from its page to its books, with nothing of ours but the product: a shop's server on Node with the official stripe client, a real
/// browser, and a wallet on the official Stellar SDK that sees no more than the picture of the QR code. On a host of its own, for its
/// books are looked at as a whole.
/// </summary>
public sealed class ShopTests(SessionHost host, Chromium browser) : IClassFixture<SessionHost>, IClassFixture<Chromium>
{
    private const string Price = "12.3456789";
    private const string Returned = "10.5";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shops_page_sells_a_wallet_pays_the_picture_the_webhook_is_verified_and_the_books_balance()
    {
        var shop = await PaidShop.OpenAsync(host);
        using var server = await NodeScripts.StartAsync(
            "shop.mjs", ("API_URL", host.Address.ToString()), ("API_KEY", shop.Server.AccessToken!), ("PRICE", Price));
        using var http = new HttpClient { BaseAddress = new Uri(server.FirstLine) };
        await using var profile = await browser.NewProfileAsync(new BrowserNewContextOptions());
        // What a proxy does before a front door: the pages have an origin of their own.
        await profile.RouteAsync($"{FrontdoorHost.CheckoutOrigin}/checkout/**", route => route.FulfillAsync(new RouteFulfillOptions
        {
            Status = 302, Headers = [new("Location", $"{host.Address.GetLeftPart(UriPartial.Authority)}{new Uri(route.Request.Url).PathAndQuery}")],
        }));
        await host.CatchUpWithLedgersAsync();

        await using var page = await PayersPage.OpenAsync(profile, server.FirstLine);
        await page.Page.ClickAsync("text=Buy the book");
        await page.Page.GetByText("Pay now").First.WaitForAsync();
        await page.Page.ClickAsync("text=Pay now");
        await page.UntilAsync("waiting");
        var paid = await PayAsync(page);

        await page.UntilAsync("paid");
        // It leads back to the shop by itself, which may not have been told yet.
        await page.Page.WaitForURLAsync($"{server.FirstLine}/thanks?session=*");
        var order = await UntilAsync(http, one => one["status"]!.GetValue<string>() == "paid", "the shop is told");
        await page.Page.ReloadAsync();
        (await page.Page.Locator("#order").InnerTextAsync()).ShouldBe("paid");
        page.Complaints.ShouldBeEmpty();
        order["transaction"]!.GetValue<string>().ShouldBe(paid["hash"]!.GetValue<string>());
        paid["amount"]!.GetValue<string>().ShouldBe(Price);

        await ShouldRefuseAsync(http);
        var before = await HoldsAsync(paid);
        var session = order["session"]!.GetValue<string>();
        (await http.PostAsync(new Uri($"/refund?session={session}&amount={Returned}", UriKind.Relative), content: null, Cancelled)).EnsureSuccessStatusCode();
        await UntilAsync(http, one => one["refund"]?.GetValue<string>() == "succeeded", "the shop is told of its refund");
        (await HoldsAsync(paid) - before).ShouldBe(decimal.Parse(Returned, System.Globalization.CultureInfo.InvariantCulture));

        await ShouldBalanceAsync(shop);
    }

    private async Task<JsonNode> PayAsync(PayersPage page) => JsonNode.Parse(await NodeScripts.RunProgramAsync(
        "wallet.mjs", ("SANDBOX_URL", host.Sandbox.ToString()), ("URI", await ScanAsync(page))))!;

    // What a phone's camera sees, held up until there is something: the page may just be drawing itself anew.
    private static async Task<string> ScanAsync(PayersPage page)
    {
        var picture = Path.Combine(Path.GetTempPath(), $"page-{Guid.NewGuid():N}.png");
        try
        {
            var read = "";
            await Eventually.UntilAsync(
                async () =>
                {
                    await page.Page.ScreenshotAsync(new PageScreenshotOptions { Path = picture, FullPage = true });
                    read = (await NodeScripts.RunProgramAsync("scan.mjs", ("PICTURE", picture))).Trim();
                    return read.Length > 0;
                },
                "the QR code is read");
            return read;
        }
        finally
        {
            File.Delete(picture);
        }
    }

    // Whoever knows the shop's address and not its secret.
    private static async Task ShouldRefuseAsync(HttpClient shop)
    {
        using var forged = new StringContent("""{"id":"evt_1","type":"payment_session.paid","data":{"object":{"id":"pay_1"}}}""");
        forged.Headers.Add("Stripe-Signature", $"t={TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()},v1={new string('0', 64)}");
        (await shop.PostAsync(new Uri("/webhooks", UriKind.Relative), forged, Cancelled)).IsSuccessStatusCode.ShouldBeFalse();
        (await shop.GetFromJsonAsync<JsonNode>("/orders", Cancelled))!["refused"]!.AsArray().Select(one => one!.GetValue<string>())
            .ShouldBe(["StripeSignatureVerificationError"]);
    }

    private static async Task<JsonNode> UntilAsync(HttpClient shop, Func<JsonNode, bool> isSo, string what)
    {
        JsonNode? order = null;
        await Eventually.UntilAsync(
            async () =>
            {
                order = (await shop.GetFromJsonAsync<JsonNode>("/orders", Cancelled))!["orders"]!.AsArray().Single()!;
                return isSo(order);
            },
            what);
        return order!;
    }

    private async Task<decimal> HoldsAsync(JsonNode wallet)
    {
        using var sandbox = new HttpClient { BaseAddress = host.Sandbox };
        var account = await sandbox.GetFromJsonAsync<JsonElement>($"/accounts/{wallet["account"]}", Cancelled);
        return account.GetProperty("balances").EnumerateArray().Where(one => one.GetProperty("asset_type").GetString() == "native")
            .Select(one => decimal.Parse(one.GetProperty("balance").GetString()!, System.Globalization.CultureInfo.InvariantCulture)).Single();
    }

    private async Task ShouldBalanceAsync(PaidShop shop)
    {
        var books = host.Services.GetRequiredService<IBooks>();
        var network = host.Services.GetRequiredService<INetworkQuestions>();
        var said = "";
        // The shop's account books what left it by itself, and the books what it says.
        await Eventually.UntilAsync(
            async () =>
            {
                var output = new StringWriter();
                var came = await new ReconcileReport(books, output).CompareAsync(
                    new Reconciliation(books, network, TimeProvider.System), Cancelled);
                said = output.ToString();
                var balances = await books.ReadBalancesAsync(DateTimeOffset.MaxValue, shop.Id, Cancelled);
                return came == 0 && balances.Where(one => one.Account is "merchant_refunds" or "merchant_unallocated").All(one => one.Stroops == 0)
                    && balances.Any(one => one.Account == "ledger");
            },
            "the books agree with the chain");
        (await books.ReadBalancesAsync(DateTimeOffset.MaxValue, null, Cancelled)).GroupBy(balance => balance.Asset)
            .ShouldAllBe(asset => asset.Sum(balance => balance.Stroops) == 0, said);
    }
}

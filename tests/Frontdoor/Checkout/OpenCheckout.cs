using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;
using StellarPay.Stellar;
using StellarPay.Stellar.Sep7;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>A session's page as a payer has it: by its URL, in a browser that knows nobody.</summary>
internal sealed partial class OpenCheckout
{
    private OpenCheckout(PaidShop shop, string id, Uri url) => (Shop, Id, Url) = (shop, id, url);

    public PaidShop Shop { get; }

    public string Id { get; }

    public Uri Url { get; }

    public string Key => Url.Query["?key=".Length..];

    private Api Browser => Shop.Host.Anonymous();

    public static async Task<OpenCheckout> NewAsync(PaidShop shop, object? request = null)
    {
        var made = await shop.NewSessionAsync(request);
        return new OpenCheckout(shop, made.GetProperty("id").GetString()!, new Uri(made.GetProperty("checkout_url").GetString()!));
    }

    /// <summary>The page.</summary>
    public Task<Answer> PageAsync(string more = "", string? languages = null) => AskAsync(Url.PathAndQuery + more, languages);

    public async Task<string> TextAsync(string more = "") => WebUtility.HtmlDecode((await PageAsync(more)).ShouldBeOk().Text);

    /// <summary>The same for programs.</summary>
    public async Task<JsonElement> DataAsync() => (await AskAsync($"/v1/checkout/{Id}?key={Key}")).ShouldBeOk().Body;

    public Task<Answer> AskAsync(string path, string? languages = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (languages is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Language", languages);
        }

        return Browser.SendAsync(request);
    }

    public Task UntilAsync(string state) => Eventually.UntilAsync(
        async () => (await DataAsync()).GetProperty("state").GetString() == state, $"the page is {state}");

    /// <summary>What a wallet reads out of the page's QR code.</summary>
    public async Task<PayRequest> ScanAsync(string asset)
    {
        var svg = (await AskAsync($"/checkout/{Id}/qr.svg?key={Key}&asset={asset}")).ShouldBeOk();
        svg.ContentHeaders.ContentType!.MediaType.ShouldBe("image/svg+xml");
        return StellarUri.Parse(WebUtility.HtmlDecode(Title().Match(svg.Text).Groups[1].Value)).ShouldBeOfType<PayRequest>();
    }

    /// <summary>Has somebody pay what a request asks for, or another amount.</summary>
    public static async Task PayAsync(Api payer, PayRequest request, string? amount = null) => (await payer.PostAsync(
        "/v1/payments",
        new
        {
            recipient = request.Destination, asset = "USDC", amount = amount ?? StellarAmount.Format(request.Amount!.Value),
            memo = ((Stellar.Xdr.MemoText)request.Memo).Text.ToString(), confirm = true,
        },
        Api.NewKey())).ShouldBeOk();

    /// <summary>Tells that it is seen, as the script and the form do.</summary>
    public async Task<HttpResponseMessage> SeeAsync(string? key = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Shop.Host.Address };
        return await http.PostAsync(
            $"/checkout/{Id}/viewed", new FormUrlEncodedContent([new("key", key ?? Key)]), TestContext.Current.CancellationToken);
    }

    /// <summary>Somebody with so many USDC.</summary>
    public static async Task<Api> PayerAsync(SessionHost host, string usdc)
    {
        var payer = await host.SignUpAsync();
        var wallet = await Eventually.UntilAsync(
            () => payer.GetAsync("/v1/wallet"), answer => answer.Body.GetProperty("status").GetString() == "active");
        using var sandbox = new HttpClient { BaseAddress = host.Sandbox };
        (await sandbox.PostAsJsonAsync(
            "/admin/issue", new { account = wallet.Body.GetProperty("address").GetString(), asset = "USDC", amount = usdc },
            TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await Eventually.UntilAsync(
            async () => (await payer.GetAsync("/v1/wallet")).Text.Contains($"\"{usdc}.0000000\"", StringComparison.Ordinal), "he has money");
        return payer;
    }

    [GeneratedRegex("<title>(.*?)</title>")]
    private static partial Regex Title();
}

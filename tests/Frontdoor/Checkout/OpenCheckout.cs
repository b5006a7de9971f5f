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

    /// <summary>Tells that it is seen, as the script and the form do.</summary>
    public async Task<HttpResponseMessage> SeeAsync(string? key = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Shop.Host.Address };
        return await http.PostAsync(
            $"/checkout/{Id}/viewed", new FormUrlEncodedContent([new("key", key ?? Key)]), TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("<title>(.*?)</title>")]
    private static partial Regex Title();
}

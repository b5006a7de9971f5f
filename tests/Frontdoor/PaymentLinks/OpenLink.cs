using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;

namespace StellarPay.Frontdoor.Tests.PaymentLinks;

/// <summary>A payment link as its payers have it: by its URL, in browsers that know nobody.</summary>
internal sealed class OpenLink
{
    private OpenLink(PaidShop shop, JsonElement made) =>
        (Shop, Made, Id, Url) = (shop, made, made.GetProperty("id").GetString()!, new Uri(made.GetProperty("url").GetString()!));

    public PaidShop Shop { get; }

    /// <summary>As it was answered when it was made.</summary>
    public JsonElement Made { get; }

    public string Id { get; }

    public Uri Url { get; }

    public static async Task<OpenLink> NewAsync(PaidShop shop, object request) =>
        new(shop, (await shop.Server.PostAsync("/v1/payment_links", request)).ShouldBeOk().Body);

    /// <summary>As it stands.</summary>
    public async Task<JsonElement> StandsAsync() => (await Shop.Server.GetAsync($"/v1/payment_links/{Id}")).ShouldBeOk().Body;

    public async Task<(int? Left, int Sold)> StockAsync()
    {
        var link = await StandsAsync();
        return (
            link.GetProperty("stellarpay").GetProperty("stock_left").GetInt32(),
            link.GetProperty("restrictions").GetProperty("completed_sessions").GetProperty("count").GetInt32());
    }

    public Task<Answer> PageAsync(string query = "") =>
        Shop.Host.Anonymous().SendAsync(new HttpRequestMessage(HttpMethod.Get, Url.AbsolutePath + query));

    /// <summary>The page with a text on it, once what is kept of it is old.</summary>
    public async Task<string> PageWithAsync(string text)
    {
        var page = "";
        await Eventually.UntilAsync(
            async () => (page = WebUtility.HtmlDecode((await PageAsync()).ShouldBeOk().Text)).Contains(text, StringComparison.Ordinal),
            $"the page says {text}");
        return page;
    }

    /// <summary>Sends the form as a browser does, or as a program that wants data.</summary>
    public async Task<(HttpStatusCode Status, Uri? Location, string Text)> PayAsync(
        string? amount = null, bool asProgram = false, string query = "", (string Name, string Value)[]? with = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Shop.Host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, Url.AbsolutePath + query)
        {
            Content = new FormUrlEncodedContent(amount is null ? [] : [new("amount", amount)]),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(asProgram ? "application/json" : "text/html"));
        foreach (var (name, value) in with ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, answer.Headers.Location, WebUtility.HtmlDecode(
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>The session that the form makes.</summary>
    public async Task<JsonElement> SessionAsync(string? amount = null)
    {
        var (status, location, text) = await PayAsync(amount);
        status.ShouldBe(HttpStatusCode.SeeOther, text);
        return await Shop.SessionAsync(location!.AbsolutePath["/checkout/".Length..]);
    }

    /// <summary>How many sessions its merchant has.</summary>
    public async Task<int> SessionsAsync() =>
        (await Shop.Server.GetAsync("/v1/payment_sessions?limit=100")).ShouldBeOk().Body.GetProperty("data").GetArrayLength();
}

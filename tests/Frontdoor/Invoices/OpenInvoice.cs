using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;

namespace StellarPay.Frontdoor.Tests.Invoices;

/// <summary>An invoice as its merchant has it, and, by its URL, those who are to pay it.</summary>
internal sealed class OpenInvoice
{
    private OpenInvoice(PaidShop shop, JsonElement made) => (Shop, Made, Id) = (shop, made, made.GetProperty("id").GetString()!);

    public PaidShop Shop { get; }

    /// <summary>As it was answered when it was finalized, or made.</summary>
    public JsonElement Made { get; }

    public string Id { get; }

    public Uri Url => new(Made.GetProperty("hosted_invoice_url").GetString()!);

    public static async Task<OpenInvoice> DraftAsync(PaidShop shop, object? request = null) => new(
        shop,
        (await shop.Server.PostAsync(
            "/v1/invoices", request ?? new { amount_decimal = "3", currency = "USDC", days_until_due = 14 })).ShouldBeOk().Body);

    public static async Task<OpenInvoice> NewAsync(PaidShop shop, object? request = null) =>
        await (await DraftAsync(shop, request)).FinalizeAsync();

    /// <summary>The same, once it has a number and a page.</summary>
    public async Task<OpenInvoice> FinalizeAsync() => new(Shop, (await DoAsync("finalize")).ShouldBeOk().Body);

    public async Task<JsonElement> StandsAsync() => (await Shop.Server.GetAsync($"/v1/invoices/{Id}")).ShouldBeOk().Body;

    public async Task<string> StatusAsync() => (await StandsAsync()).GetProperty("status").GetString()!;

    public Task UntilAsync(string status) => Eventually.UntilAsync(async () => await StatusAsync() == status, $"the invoice is {status}");

    public Task<Answer> DoAsync(string what) => Shop.Server.PostAsync($"/v1/invoices/{Id}/{what}");

    public async Task<string> PageAsync(string query = "") => WebUtility.HtmlDecode(
        (await Shop.Host.Anonymous().SendAsync(new HttpRequestMessage(HttpMethod.Get, Url.PathAndQuery + query))).ShouldBeOk().Text);

    /// <summary>Sends the form as a browser does.</summary>
    public async Task<(HttpStatusCode Status, Uri? Location, string Text)> PayAsync(
        string? target = null, (string Name, string Value)[]? with = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Shop.Host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, target ?? Url.PathAndQuery) { Content = new FormUrlEncodedContent([]) };
        foreach (var (name, value) in with ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, answer.Headers.Location, WebUtility.HtmlDecode(
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>The session that the form opens, or leads to.</summary>
    public async Task<JsonElement> SessionAsync()
    {
        await Shop.Host.CatchUpWithLedgersAsync();
        var (status, location, text) = await PayAsync();
        status.ShouldBe(HttpStatusCode.SeeOther, text);
        return await Shop.SessionAsync(location!.AbsolutePath["/checkout/".Length..]);
    }

    /// <summary>How many sessions its merchant has.</summary>
    public async Task<int> SessionsAsync() =>
        (await Shop.Server.GetAsync("/v1/payment_sessions?limit=100")).ShouldBeOk().Body.GetProperty("data").GetArrayLength();

    /// <summary>The types of the events that tell of it, the oldest first, once there are so many.</summary>
    public async Task<JsonElement[]> EventsAsync(int count)
    {
        JsonElement[] told = [];
        await Eventually.UntilAsync(
            async () => (told =
                [
                    .. (await Shop.Server.GetAsync("/v1/events?limit=100")).ShouldBeOk().Body.GetProperty("data").EnumerateArray().Reverse()
                        .Where(each => each.GetProperty("data").GetProperty("object").GetProperty("id").GetString() == Id),
                ]).Length >= count,
            $"{count} events tell of the invoice");
        return told;
    }

    public static string TypeOf(JsonElement told) => told.GetProperty("type").GetString()!;
}

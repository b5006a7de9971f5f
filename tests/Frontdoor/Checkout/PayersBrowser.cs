using System.Net;
using System.Text.RegularExpressions;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>
/// A browser in which somebody pays a session from his wallet here: it keeps cookies, follows what it is led to, and has no script.
/// </summary>
internal sealed partial class PayersBrowser : IDisposable
{
    private const int MostHops = 5;

    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _http;
    private readonly OpenCheckout _checkout;

    public PayersBrowser(OpenCheckout checkout)
    {
        _checkout = checkout;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies })
        {
            BaseAddress = checkout.Shop.Host.Address,
        };
    }

    public string Wallet => $"/checkout/{_checkout.Id}/wallet";

    private Uri Host => _checkout.Shop.Host.Address;

    /// <summary>What it keeps of a login; null where it keeps none.</summary>
    public string? Ticket
    {
        get => _cookies.GetCookies(Host)[$"payer-{_checkout.Id}"]?.Value;
        set => _cookies.Add(Host, new Cookie($"payer-{_checkout.Id}", value, "/"));
    }

    /// <summary>The page to which the session's page leads.</summary>
    public Task<Seen> OpenAsync(string more = "") => SendAsync(HttpMethod.Get, $"{Wallet}?key={_checkout.Key}{more}", form: null);

    /// <summary>The session's own page.</summary>
    public Task<Seen> CheckoutAsync() => SendAsync(HttpMethod.Get, $"/checkout/{_checkout.Id}?key={_checkout.Key}", form: null);

    public Task<Seen> LogInAsync(string name, string password = Api.Password, string? asset = null) =>
        SubmitAsync("login", ("name", name), ("password", password), ("asset", asset ?? ""));

    /// <summary>Clicks what pays on a page.</summary>
    public Task<Seen> PayAsync(Seen page) => SubmitAsync("pay", ("payment", page.Payment.ShouldNotBeNull(page.Text)));

    public Task<Seen> SubmitAsync(string step, params (string Name, string Value)[] form) => SendAsync(
        HttpMethod.Post, $"{Wallet}/{step}", [("key", _checkout.Key), .. form], ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Dest", "document"));

    public async Task<Seen> SendAsync(
        HttpMethod method, string path, (string Name, string Value)[]? form, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (form is not null)
        {
            request.Content = new FormUrlEncodedContent(form.Select(each => KeyValuePair.Create(each.Name, each.Value)));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var cookies = CookiesOf(answer);
        for (var hops = 0; answer.StatusCode == HttpStatusCode.SeeOther; hops++)
        {
            hops.ShouldBeLessThan(MostHops);
            // Where it is led is here, whatever was sent.
            var next = answer.Headers.Location.ShouldNotBeNull().OriginalString;
            next.ShouldStartWith($"/checkout/{_checkout.Id}");
            path = next;
            answer.Dispose();
            answer = await _http.GetAsync(new Uri(next, UriKind.Relative), TestContext.Current.CancellationToken);
            cookies = [.. cookies, .. CookiesOf(answer)];
        }

        using (answer)
        {
            var raw = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return new Seen(answer.StatusCode, path, raw, cookies, [.. answer.Headers.Select(each => (each.Key, string.Join(", ", each.Value)))]);
        }
    }

    public void Dispose() => _http.Dispose();

    private static string[] CookiesOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [];

    /// <summary>What it shows in the end.</summary>
    internal sealed partial record Seen(
        HttpStatusCode Status, string Path, string Raw, string[] Cookies, (string Name, string Value)[] Headers)
    {
        public string Text => WebUtility.HtmlDecode(Raw);

        /// <summary>The state that the page is in.</summary>
        public string State => StateText().Match(Raw).Groups[1].Value;

        /// <summary>What would be paid by a click; null where nothing would.</summary>
        public string? Payment => PaymentText().Match(Raw) is { Success: true } found ? found.Groups[1].Value : null;

        public Seen ShouldBe(string state)
        {
            State.ShouldBe(state, Text);
            return this;
        }

        [GeneratedRegex("data-state=\"([a-z_]*)\"")]
        private static partial Regex StateText();

        [GeneratedRegex("name=\"payment\" value=\"([a-z0-9_-]+)\"")]
        private static partial Regex PaymentText();
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Webhooks;

namespace StellarPay.Frontdoor.Tests.MerchantEvents;

/// <summary>Somebody who listens to a merchant's events, and reads line by line.</summary>
internal sealed class Listener : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private readonly HttpClient _http = new();
    private HttpResponseMessage _answer = null!;
    private StreamReader _lines = null!;

    public HttpStatusCode Status => _answer.StatusCode;

    public string? ContentType => _answer.Content.Headers.ContentType?.ToString();

    public int Heartbeats { get; private set; }

    public static async Task<Listener> StartAsync(FrontdoorHost host, TestMerchant merchant, string query = "", string? after = null)
    {
        var listener = new Listener();
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, $"/v1/events/stream{query}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", merchant.Api.AccessToken);
        if (after is not null)
        {
            request.Headers.Add("Last-Event-ID", after);
        }

        listener._answer = await listener._http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        listener._lines = new StreamReader(await listener._answer.Content.ReadAsStreamAsync(Cancelled));
        if (listener.Status == HttpStatusCode.OK)
        {
            (await listener.LineAsync()).ShouldBe("retry: 2000");
            (await listener.LineAsync()).ShouldBe("");
        }

        return listener;
    }

    /// <summary>The next event: its id as the stream's place, and what it says. Null once the stream has ended.</summary>
    public async Task<(string Id, JsonElement Event)?> NextAsync()
    {
        while (await LineAsync() is { } line)
        {
            if (line == ":")
            {
                Heartbeats++;
                (await LineAsync()).ShouldBe("");
                continue;
            }

            line.ShouldStartWith("id: evt_");
            var data = (await LineAsync()).ShouldNotBeNull();
            data.ShouldStartWith("data: {");
            (await LineAsync()).ShouldBe("");
            return (line["id: ".Length..], JsonDocument.Parse(data["data: ".Length..]).RootElement);
        }

        return null;
    }

    /// <summary>Waits for a line that says that the stream is alive.</summary>
    public async Task UntilHeartbeatAsync()
    {
        (await LineAsync()).ShouldBe(":");
        (await LineAsync()).ShouldBe("");
    }

    public void Dispose()
    {
        _answer.Dispose();
        _http.Dispose();
    }

    private async Task<string?> LineAsync() =>
        await _lines.ReadLineAsync(Cancelled).AsTask().WaitAsync(Deadline, Cancelled);
}

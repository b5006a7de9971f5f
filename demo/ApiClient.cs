using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace StellarPay.Demo;

/// <summary>Speaks JSON with the front door or the sandbox, as any client would.</summary>
internal sealed class ApiClient(Uri baseAddress) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = baseAddress, Timeout = TimeSpan.FromSeconds(30) };

    public Uri BaseAddress => baseAddress;

    public string? AccessToken { get; set; }

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, null);

    public Task<ApiAnswer> PostAsync(string path, object? body = null, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, body, idempotencyKey);

    /// <summary>The code that was sent to an address last, from the inbox that there is in development.</summary>
    public async Task<string> ReadCodeAsync(string email)
    {
        var after = "0";
        while (true)
        {
            var path = $"/v1/dev/inbox?to={Uri.EscapeDataString(email)}&after={after}&wait=20";
            var inbox = (await GetAsync(path)).Required.GetProperty("data").EnumerateArray().ToArray();
            if (inbox.Length == 0)
            {
                throw new DemoException($"No code came to {email}.");
            }

            if (inbox.Select(message => message.GetProperty("code").GetString()).FirstOrDefault(code => code is not null) is { } newest)
            {
                return newest;
            }

            // Other messages may have come before it: an invitation.
            after = inbox[0].GetProperty("id").GetString()!;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, object? body, string? idempotencyKey)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (AccessToken is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var json = text.Length > 0 && response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            ? JsonDocument.Parse(text).RootElement
            : default;
        return new ApiAnswer(response.StatusCode, json, $"{method} {path}");
    }
}

/// <summary>An answer, with what was asked.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, JsonElement Body, string Asked)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    public string? ErrorCode => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("error", out var error)
        ? error.GetProperty("code").GetString()
        : null;

    /// <summary>The body of a success.</summary>
    /// <exception cref="DemoException">It was none.</exception>
    public JsonElement Required => IsSuccess
        ? Body
        : throw new DemoException($"{Asked} answered {(int)Status}: {(Body.ValueKind == JsonValueKind.Undefined ? "no JSON" : Body.GetRawText())}");
}

/// <summary>A step did not go as it must.</summary>
internal sealed class DemoException(string message) : Exception(message);

using System.Net.Http.Headers;
using System.Text.Json;

namespace StellarPay.Frontdoor.Webhooks.Commands;

/// <summary>The API as a merchant's program sees it: an address and a key.</summary>
internal static class MerchantApi
{
    public const string KeyOption = "--api-key";
    public const string UrlOption = "--url";

    private const string KeyVariable = "STELLARPAY_API_KEY";
    private const string UsualUrl = "http://127.0.0.1:5080";

    /// <summary>A client; null where there is no key, or what should be a URL is none.</summary>
    public static HttpClient? Connect(CommandArguments arguments)
    {
        // A key on a command line is seen by all who may list processes.
        var key = arguments[KeyOption] ?? Environment.GetEnvironmentVariable(KeyVariable);
        if (string.IsNullOrEmpty(key) || key.AsSpan().ContainsAnyExceptInRange('!', '~')
            || !IsWeb(arguments[UrlOption] ?? UsualUrl, out var url))
        {
            return null;
        }

        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = url,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public static bool IsWeb(string text, out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);

    /// <summary>What an answer that is a failure says, for people.</summary>
    public static async Task<string> ProblemOfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
            var error = body.RootElement.GetProperty("error");
            return $"{error.GetProperty("message").GetString()} ({(int)answer.StatusCode} {error.GetProperty("code").GetString()})";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"It answered {(int)answer.StatusCode}.";
        }
    }
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace StellarPay.Frontdoor.Tests.Browsers;

/// <summary>What a web app's page does with the API, in the browser: by its own fetch, with its rules, and its own passkeys.</summary>
internal sealed class AppPage(IPage page, Uri api) : IAsyncDisposable
{
    /// <summary>The page itself.</summary>
    public const string Html =
        """
        <!doctype html><title>An app</title>
        <script>
        async function ask(base, method, path, body, token, tag) {
          const headers = { 'Content-Type': 'application/json' };
          if (token) headers.Authorization = `Bearer ${token}`;
          if (tag) headers['If-None-Match'] = tag;
          const answer = await fetch(base + path, { method, headers, cache: 'no-store', body: body ?? undefined });
          const text = await answer.text();
          return { status: answer.status, tag: answer.headers.get('ETag'), version: answer.headers.get('StellarPay-Version'),
            requestId: answer.headers.get('X-Request-Id'), body: text ? JSON.parse(text) : null };
        }
        const made = async options =>
          (await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })).toJSON();
        const shown = async options =>
          (await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })).toJSON();
        </script>
        """;

    /// <summary>The page of a browser, and its authenticator.</summary>
    public static async Task<AppPage> OfAsync(IPage page, Uri api, bool verifiesUser)
    {
        var devices = await page.Context.NewCDPSessionAsync(page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = verifiesUser,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return new AppPage(page, api);
    }

    /// <summary>Asks the API from within the page. Throws where the browser does not let it.</summary>
    public async Task<PageAnswer> AskAsync(string method, string path, JsonNode? body = null, string? token = null, string? tag = null)
    {
        var answer = await page.EvaluateAsync<JsonElement>(
            "all => ask(all.base, all.method, all.path, all.body, all.token, all.tag)",
            new { @base = api.GetLeftPart(UriPartial.Authority), method, path, body = body?.ToJsonString(), token, tag });
        return new PageAnswer(
            (HttpStatusCode)answer.GetProperty("status").GetInt32(), TextOf(answer, "tag"), TextOf(answer, "version"),
            TextOf(answer, "requestId"), answer.GetProperty("body"));
    }

    /// <summary>Has the browser make a passkey.</summary>
    public Task<JsonObject> CreateAsync(JsonElement options) => CallAsync("made", options);

    /// <summary>Has the browser show a passkey.</summary>
    public Task<JsonObject> GetAsync(JsonElement options) => CallAsync("shown", options);

    public async ValueTask DisposeAsync() => await page.CloseAsync();

    private async Task<JsonObject> CallAsync(string function, JsonElement options)
    {
        var credential = await page.EvaluateAsync<string>(
            $"text => {function}(JSON.parse(text)).then(one => JSON.stringify(one))", options.GetRawText());
        return JsonNode.Parse(credential)!.AsObject();
    }

    private static string? TextOf(JsonElement answer, string name) => answer.GetProperty(name).GetString();
}

/// <summary>What a page sees of an answer: of its headers, those that are shown to it.</summary>
internal sealed record PageAnswer(HttpStatusCode Status, string? Tag, string? Version, string? RequestId, JsonElement Body);

using System.Collections.Concurrent;
using System.Text.Json;
using StellarPay.Tests.Shared.Secrets;

namespace StellarPay.Frontdoor.Tests.Secrets;

/// <summary>
/// Keeps every answer with its headers, and learns the tokens that sessions are given. Asks at the door's present address.
/// </summary>
internal sealed class RecordedAnswers(Func<Uri> door, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly string[] Issuing = ["/v1/auth/signup", "/v1/auth/login", "/v1/auth/refresh", "/v1/auth/challenge"];

    private int _count;

    public ConcurrentQueue<Place> Places { get; } = [];

    public ConcurrentQueue<Secret> Tokens { get; } = [];

    /// <summary>The name of the latest.</summary>
    public string Last { get; private set; } = "";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = new Uri(door(), request.RequestUri!.PathAndQuery);
        var response = await base.SendAsync(request, cancellationToken);
        var path = request.RequestUri.AbsolutePath;
        var name = $"answer {Interlocked.Increment(ref _count)} to {request.Method} {path}: {(int)response.StatusCode}";
        Last = name;
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        Places.Enqueue(Place.OfText($"{name}, headers", $"{response}{response.TrailingHeaders}"));
        Places.Enqueue(new Place(name, body));
        if (response.IsSuccessStatusCode && Issuing.Contains(path))
        {
            Learn(JsonDocument.Parse(body).RootElement, name);
        }

        return response;
    }

    // A token may be in the body that issues it, there and nowhere else.
    private void Learn(JsonElement session, string issuedIn)
    {
        bool MayBeAt(string place) => place == issuedIn;
        if (session.TryGetProperty("challenge", out var challenge))
        {
            Tokens.Enqueue(Secret.OfText($"the challenge of {issuedIn}", challenge.GetString()!["lc_".Length..], MayBeAt));
            return;
        }

        var access = session.GetProperty("access_token").GetString()!.Split('.');
        access.Length.ShouldBe(3);
        Tokens.Enqueue(Secret.OfText($"the claims of the access token of {issuedIn}", access[1], MayBeAt));
        Tokens.Enqueue(Secret.OfText($"the signature of the access token of {issuedIn}", access[2], MayBeAt));
        var refresh = session.GetProperty("refresh_token").GetString()!["rt_".Length..];
        Tokens.Enqueue(Secret.OfText($"the refresh token of {issuedIn}", refresh, MayBeAt));
        Tokens.Enqueue(Secret.OfBytes(
            $"the bytes of the refresh token of {issuedIn}", System.Buffers.Text.Base64Url.DecodeFromChars(refresh), MayBeAt));
    }
}

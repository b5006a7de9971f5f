using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>A client of the front door, and what it holds of a session.</summary>
internal sealed class Api(HttpClient http, CapturedMessages? messages = null)
{
    public const string Password = "correct horse battery";

    public string? AccessToken { get; set; }

    public string RefreshToken { get; set; } = "";

    public string UserId { get; private set; } = "";

    public string Email { get; private set; } = "";

    /// <summary>Where a proxy says that the client is; null where there is none.</summary>
    public string? Address { get; init; }

    /// <summary>Signs each request; null where none is signed.</summary>
    public RequestSigner? Signer { get; set; }

    /// <summary>A key that no request had.</summary>
    public static string NewKey() => Guid.NewGuid().ToString("N");

    public string WalletId => "wal_" + UserId[4..];

    /// <summary>Signs up and confirms the address.</summary>
    /// <returns>The answer to the sign-up.</returns>
    public async Task<Answer> SignUpAsync(string email)
    {
        var answer = await SignUpUnconfirmedAsync(email);
        await ConfirmAsync(answer);
        return answer;
    }

    /// <summary>Confirms the address of a sign-up by the code that was sent there.</summary>
    public async Task<Answer> ConfirmAsync(Answer signedUp)
    {
        var sentTo = signedUp.Body.GetProperty("user").GetProperty("email").GetString()!;
        var code = await messages.ShouldNotBeNull("this client reads no messages").NextCodeAsync(sentTo);
        return (await PostAsync("/v1/me/email/confirm", new { code })).ShouldBeOk();
    }

    /// <summary>Signs up, and leaves it at that.</summary>
    public async Task<Answer> SignUpUnconfirmedAsync(string email)
    {
        var answer = await PostAsync("/v1/auth/signup", new { email, password = Password });
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        Email = email;
        UserId = answer.Body.GetProperty("user").GetProperty("id").GetString()!;
        Take(answer);
        return answer;
    }

    /// <summary>Keeps the tokens of an answer.</summary>
    public void Take(Answer session)
    {
        AccessToken = session.Body.GetProperty("access_token").GetString()!;
        RefreshToken = session.Body.GetProperty("refresh_token").GetString()!;
    }

    public Task<Answer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<Answer> PostAsync(string path, object? body = null, string? idempotencyKey = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }

        return SendAsync(request);
    }

    public Task<Answer> PutAsync(string path, object body) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) });

    public Task<Answer> PatchAsync(string path, object body) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Patch, path) { Content = JsonContent.Create(body) });

    public Task<Answer> DeleteAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Delete, path));

    public Task<Answer> PostTextAsync(string path, string text, string? contentType = "application/json") =>
        PostBytesAsync(path, Encoding.UTF8.GetBytes(text), contentType);

    public Task<Answer> PostBytesAsync(string path, byte[] bytes, string? contentType)
    {
        var content = new ByteArrayContent(bytes);
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content });
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        if (Address is not null)
        {
            request.Headers.Add("X-Forwarded-For", Address);
        }

        if (AccessToken is not null && request.Headers.Authorization is null && !request.Headers.Contains("Authorization"))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        }

        if (Signer is not null)
        {
            await Signer.SignAsync(request);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return new Answer(response.StatusCode, response.Headers, response.Content.Headers, bytes);
    }
}

/// <summary>An answer of the front door.</summary>
internal sealed record Answer(
    HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Body => JsonDocument.Parse(Bytes).RootElement;

    public string RequestId => Headers.GetValues("X-Request-Id").Single();

    public Answer ShouldBeOk()
    {
        ((int)Status).ShouldBeInRange(200, 299, Text);
        return this;
    }

    /// <summary>That it is a failure in the one shape, and nothing else.</summary>
    public Answer ShouldBeError(HttpStatusCode status, string code, string? param = null)
    {
        Status.ShouldBe(status, Text);
        var error = ShouldHaveErrorShape();
        error.GetProperty("code").GetString().ShouldBe(code, Text);
        error.GetProperty("param").GetString().ShouldBe(param, Text);
        return this;
    }

    public JsonElement ShouldHaveErrorShape()
    {
        ContentHeaders.ContentType?.MediaType.ShouldBe("application/json", Text);
        Body.EnumerateObject().Select(property => property.Name).ShouldBe(["error"], Text);
        var error = Body.GetProperty("error");
        string[] names = ["type", "code", "message", "param", "request_id"];
        var named = Status == HttpStatusCode.GatewayTimeout && error.TryGetProperty("payment_id", out _);
        var more = named ? "payment_id" : error.GetProperty("code").GetString() == "step_up_required" ? "methods" : null;
        error.EnumerateObject().Select(property => property.Name).ShouldBe(more is null ? names : [.. names, more], Text);
        error.GetProperty("request_id").GetString().ShouldBe(RequestId);
        error.GetProperty("type").GetString().ShouldBe(
            (int)Status switch
            {
                401 => "authentication_error",
                403 => "permission_error",
                429 => "rate_limit_error",
                >= 500 => "api_error",
                _ when error.GetProperty("code").GetString()!.StartsWith("idempotency_", StringComparison.Ordinal) => "idempotency_error",
                _ => "invalid_request_error",
            },
            Text);
        error.GetProperty("code").GetString()!.ShouldMatch("^[a-z][a-z0-9_]+$");
        error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        return error;
    }
}

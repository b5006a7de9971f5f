using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Errors;

/// <summary>What the web server refuses before any of our code runs; bytes over a socket, as no client would send them.</summary>
public sealed class RefusalTests(FrontdoorHost host) : IClassFixture<FrontdoorHost>
{
    [Theory]
    [InlineData("GET /v1/payments/%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "invalid_request")]
    [InlineData("POST /v1/payments/a%00b/confirm HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 400, "invalid_request")]
    [InlineData("GET /v1/wallet HTTP/1.1\r\n\r\n", 400, "invalid_request")]
    [InlineData("GET /v1/wallet HTTP/1.1\r\nHost: a\r\nbroken\r\n\r\n", 400, "invalid_request")]
    [InlineData("\u0001\u0002\u0003\r\n\r\n", 400, "invalid_request")]
    public async Task A_request_that_is_no_HTTP_gets_the_one_error_shape(string request, int status, string code) =>
        ShouldBeRefusal(await SendAsync(request), status, code);

    [Fact]
    public async Task Headers_and_addresses_without_end_get_the_one_error_shape()
    {
        ShouldBeRefusal(
            await SendAsync($"GET /v1/wallet HTTP/1.1\r\nHost: a\r\nX-Big: {new string('a', 40_000)}\r\n\r\n"), 431, "headers_too_large");
        ShouldBeRefusal(await SendAsync($"GET /{new string('a', 9_000)} HTTP/1.1\r\nHost: a\r\n\r\n"), 414, "uri_too_long");
    }

    [Fact]
    public async Task A_refusal_after_a_good_request_on_the_same_connection_has_it_too()
    {
        var answers = await SendAsync("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\nGET /%00 HTTP/1.1\r\nHost: a\r\n\r\n");
        answers.ShouldStartWith("HTTP/1.1 404");
        ShouldBeRefusal(answers[answers.IndexOf("HTTP/1.1 400", StringComparison.Ordinal)..], 400, "invalid_request");
    }

    private static void ShouldBeRefusal(string answer, int status, string code)
    {
        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var headers = answer[..end].Split("\r\n").Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase);
        var body = answer[(end + 4)..];
        headers["Content-Length"].ShouldBe($"{body.Length}");
        headers["Content-Type"].ShouldBe("application/json; charset=utf-8");
        var error = JsonDocument.Parse(body).RootElement.GetProperty("error");
        error.EnumerateObject().Select(property => property.Name).ShouldBe(["type", "code", "message", "param", "request_id"]);
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        error.GetProperty("code").GetString().ShouldBe(code);
        error.GetProperty("request_id").GetString().ShouldBe(headers["X-Request-Id"]);
    }

    // Until the server closes, as it does after a refusal.
    private async Task<string> SendAsync(string request)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port, deadline.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), deadline.Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(deadline.Token);
    }
}

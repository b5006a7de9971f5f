using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StellarPay.Frontdoor.Messages;
using StellarPay.Tests;

namespace StellarPay.Frontdoor.Tests.Messages;

public sealed class SmsWebhookTests : IAsyncLifetime
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private static readonly Message Hello = new("msg_0001", MessageChannel.Sms, "+442079460958", "", "12345678 is your code.", "12345678");

    private readonly List<(string Signature, string Body)> _requests = [];
    private readonly TestClock _clock = new();
    private WebApplication _webhook = null!;
    private int _status = 200;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _webhook = builder.Build();
        _webhook.MapPost("/sms", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            _requests.Add((context.Request.Headers[SmsWebhook.SignatureHeader].ToString(), await reader.ReadToEndAsync(Cancelled)));
            context.Response.StatusCode = _status;
            context.Response.Headers.Location = _status == 302 ? "/sms" : default;
        });
        await _webhook.StartAsync(Cancelled);
    }

    public ValueTask DisposeAsync() => _webhook.DisposeAsync();

    [Fact]
    public async Task A_message_is_posted_and_signed()
    {
        using var transport = NewTransport();

        await transport.SendAsync(Hello, Cancelled);

        var (signature, body) = _requests.Single();
        JsonSerializer.Deserialize<Dictionary<string, string>>(body).ShouldBe(
            new Dictionary<string, string> { ["id"] = "msg_0001", ["to"] = "+442079460958", ["text"] = "12345678 is your code." },
            ignoreOrder: true);
        var at = _clock.GetUtcNow().ToUnixTimeSeconds();
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{at}.{body}"));
        signature.ShouldBe($"t={at},v1={Convert.ToHexStringLower(expected)}");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    public async Task What_the_webhook_cannot_take_is_refused_for_good(int status)
    {
        _status = status;
        using var transport = NewTransport();

        await Should.ThrowAsync<MessageRefusedException>(() => transport.SendAsync(Hello, Cancelled));
    }

    [Theory]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task What_the_webhook_may_take_one_day_is_for_later_and_nothing_is_followed(int status)
    {
        _status = status;
        using var transport = NewTransport();

        (await Should.ThrowAsync<HttpRequestException>(() => transport.SendAsync(Hello, Cancelled))).StatusCode
            .ShouldBe((HttpStatusCode)status);
        _requests.Count.ShouldBe(1);
    }

    private SmsWebhook NewTransport() =>
        new(new SmsSettings { Url = $"{_webhook.Urls.Single()}/sms", Secret = Secret }, _clock);
}

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace StellarPay.Frontdoor.Messages;

/// <summary>
/// Posts SMS to a webhook of the operator's, who has somebody send them: JSON with <c>id</c>, <c>to</c> and <c>text</c>, signed
/// as <c>StellarPay-Signature: t=SECONDS,v1=HMAC-SHA256("t.body")</c> in hexadecimal digits. A repeat has the same id.
/// </summary>
internal sealed class SmsWebhook(SmsSettings settings, TimeProvider time) : IMessageTransport, IDisposable
{
    public const string SignatureHeader = "StellarPay-Signature";

    private readonly Uri _url = new(settings.Url);
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        // What is signed for one is not sent to another.
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public MessageChannel Channel => MessageChannel.Sms;

    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.Serialize(new { id = message.Id, to = message.To, text = message.Text });
        var at = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.Secret), Encoding.UTF8.GetBytes($"{at}.{body}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, _url)
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Add(SignatureHeader, $"t={at},v1={Convert.ToHexStringLower(signature)}");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (IsForGood(response.StatusCode))
        {
            throw new MessageRefusedException($"The webhook answered {(int)response.StatusCode}.");
        }

        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();

    // That a key is wrong or an address has changed the operator can mend; that the message is wrong nobody can.
    private static bool IsForGood(HttpStatusCode status) =>
        status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity;
}

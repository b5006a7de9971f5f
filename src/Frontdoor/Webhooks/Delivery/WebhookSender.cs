using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Webhooks.Targets;
using StellarPay.Stellar.Domains;

namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>
/// Calls receivers: within a time, at an address that was looked at, following nobody elsewhere, and reading little of what they say.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    /// <summary>How much of an answer is read.</summary>
    public const int MostRead = 64 * 1024;

    /// <summary>How much of it is kept.</summary>
    public const int MostKept = 2048;

    private const int MostHeaders = 50;
    private const int LongestHeader = 512;

    private readonly HttpClient _http;
    private readonly WebhookTargets _targets;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public WebhookSender(WebhookTargets targets, IOptions<WebhookOptions> options, TimeProvider time)
    {
        (_targets, _time, _timeout) = (targets, time, TimeSpan.FromSeconds(options.Value.TimeoutSeconds));
        var handler = PublicInternet.CreateHandler(targets.Rules);
        // What is signed for one is not sent to another.
        handler.AllowAutoRedirect = false;
        // A name that has moved is looked up anew before long.
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30);
        // What is left unread of an answer is not waited for.
        handler.MaxResponseDrainSize = 0;
        handler.ActivityHeadersPropagator = null;
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends a body to a receiver.</summary>
    /// <param name="url">Where.</param>
    /// <param name="id">The event's id.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="secrets">What it is signed with, the present secret first.</param>
    /// <param name="cancellationToken">Cancels it; then nothing is known of it.</param>
    public async Task<WebhookAnswer> SendAsync(
        Uri url, string id, byte[] body, IReadOnlyList<byte[]> secrets, CancellationToken cancellationToken)
    {
        var (startedAt, started) = (_time.GetUtcNow(), _time.GetTimestamp());
        using var request = RequestOf(url, id, body, secrets, startedAt);
        var sent = request.Headers.Concat(request.Content!.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        using var deadline = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            if (!_targets.Allows(url))
            {
                throw new HttpRequestException(HttpRequestError.ConnectionError, PublicInternet.Refusal);
            }

            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var (answer, problem) = await ReadAsync(response.Content, either.Token, cancellationToken);
            var status = (int)response.StatusCode;
            var outcome = status switch
            {
                >= 200 and < 300 => TryOutcome.Succeeded,
                StatusCodes.Status410Gone => TryOutcome.Gone,
                _ => TryOutcome.Failed,
            };
            return new WebhookAnswer(outcome, startedAt, sent, _time.GetElapsedTime(started))
            {
                Status = status, Headers = HeadersOf(response), Body = answer, Problem = problem, RetryAfter = AskedBy(response),
            };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: what one receiver brings about is his failure, and no other event's.
            return new WebhookAnswer(TryOutcome.Failed, startedAt, sent, _time.GetElapsedTime(started))
            {
                Problem = deadline.IsCancellationRequested ? TooLate : ProblemOf(e),
            };
        }
    }

    public void Dispose() => _http.Dispose();

    private string TooLate => FormattableString.Invariant($"There was no answer within {_timeout.TotalSeconds} seconds.");

    private static HttpRequestMessage RequestOf(Uri url, string id, byte[] body, IReadOnlyList<byte[]> secrets, DateTimeOffset at)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("StellarPay", "1.0"));
        foreach (var (name, value) in WebhookSignature.HeadersOf(id, at, body, secrets))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    // The head has said how it went. What comes too late or breaks off afterwards is only not shown.
    private async Task<(byte[] Kept, string? Problem)> ReadAsync(HttpContent content, CancellationToken either, CancellationToken cancelled)
    {
        var kept = new byte[MostKept];
        var (length, read) = (0, 0);
        try
        {
            await using var stream = await content.ReadAsStreamAsync(either);
            var buffer = new byte[4096];
            while (read < MostRead)
            {
                var got = await stream.ReadAsync(buffer, either);
                if (got == 0)
                {
                    return (kept[..length], null);
                }

                var taken = Math.Min(got, MostKept - length);
                buffer.AsSpan(0, taken).CopyTo(kept.AsSpan(length));
                (length, read) = (length + taken, read + got);
            }

            return (kept[..length], $"The answer is longer than {MostRead} bytes; the rest was not read.");
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            return (kept[..length], "The end of the answer did not come in time.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (kept[..length], "The answer broke off.");
        }
    }

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage response) => response.Headers.Concat(response.Content.Headers)
        .Take(MostHeaders)
        .ToDictionary(header => Shown(header.Key), header => Shown(string.Join(", ", header.Value)), StringComparer.OrdinalIgnoreCase);

    // Nothing that jsonb would refuse.
    private static string Shown(string text) =>
        new([.. text.Take(LongestHeader).Select(one => char.IsControl(one) || char.IsSurrogate(one) ? '\uFFFD' : one)]);

    private TimeSpan? AskedBy(HttpResponseMessage response) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } pause } => pause,
            { Date: { } at } when at > _time.GetUtcNow() => at - _time.GetUtcNow(),
            _ => null,
        };

    // In our own words: what libraries say names addresses of the inside.
    private static string ProblemOf(Exception e) => (e as HttpRequestException)?.HttpRequestError switch
    {
        _ when IsRefusal(e) => PublicInternet.Refusal,
        HttpRequestError.SecureConnectionError => "There is no trusted TLS connection to the host.",
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError =>
            "The answer is not HTTP as it should be.",
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError => "The host could not be reached.",
        _ => "The connection was closed before there was an answer.",
    };

    // The handler wraps it.
    private static bool IsRefusal(Exception? e) => e is not null && (e.Message == PublicInternet.Refusal || IsRefusal(e.InnerException));
}

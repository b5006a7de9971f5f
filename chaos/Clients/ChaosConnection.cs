using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace StellarPay.Chaos.Clients;

/// <summary>
/// Somebody's HTTP client, which writes down every answer. A request that got none, or one that asks to come back, is repeated under the
/// same key, as a careful client does.
/// </summary>
/// <param name="number">Whose, as the observations name him.</param>
/// <param name="frontDoor">Where the front door is.</param>
/// <param name="log">Where answers are written down.</param>
internal sealed class ChaosConnection(int number, Uri frontDoor, ObservationLog log) : IDisposable
{
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(20);
    private const int MostPauses = 5;
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(300);

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(30) })
    {
        BaseAddress = frontDoor,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>By what he is known: an access token, or a merchant's key; null before there is one.</summary>
    public string? Token { get; set; }

    /// <summary>Asks until there is an answer that does not ask to come back.</summary>
    public async Task<Answer?> InsistAsync(
        HttpMethod method, string path, object? body, string? key, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            if (await SendAsync(method, path, body, key, null, cancellationToken) is { AsksToComeBack: false } answer)
            {
                return answer;
            }

            await Task.Delay(RetryPause * Math.Min(tries, MostPauses), cancellationToken);
        }
    }

    /// <summary>Asks once, and hangs up after some time. Null if no answer came.</summary>
    public async Task<Answer?> SendAsync(
        HttpMethod method, string path, object? body, string? key, TimeSpan? hangUpAfter, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(hangUpAfter ?? AnswerDeadline);
        var sent = Stopwatch.GetTimestamp();
        Answer? answer = null;
        try
        {
            using var response = await _http.SendAsync(request, deadline.Token);
            answer = new Answer((int)response.StatusCode, Parse(await response.Content.ReadAsByteArrayAsync(deadline.Token)));
            return answer;
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
        finally
        {
            log.Add(new Observation(
                number, $"{method} {path}", IsConfirm(path) || body is PaymentBody { Confirm: true }, key, sent,
                answer is null ? null : Stopwatch.GetTimestamp(), answer?.Status ?? 0, answer?.Error, answer?.Payment)
            {
                Told = answer?.Told,
            });
        }
    }

    public void Dispose() => _http.Dispose();

    // Of a payment; contacts are confirmed, too.
    private static bool IsConfirm(string path) =>
        path.StartsWith(PaymentOrder.Path, StringComparison.Ordinal) && path.EndsWith("/confirm", StringComparison.Ordinal);

    private static JsonElement Parse(byte[] body)
    {
        if (body.Length == 0)
        {
            return default;
        }

        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace StellarPay.Chaos.Clients;

/// <summary>
/// A user with an HTTP client of their own, who writes down every answer. A request that got none, or one that asks to
/// come back, is repeated under the same key, as a careful client does.
/// </summary>
internal sealed class ChaosUser(int number, Uri frontDoor, string domain, ObservationLog log) : IDisposable
{
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(20);
    private const int MostPauses = 5;
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(300);

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(30) })
    {
        BaseAddress = frontDoor,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly HashSet<string> _triedCodes = [];
    private string? _token;
    private bool _confirmed;

    public int Number => number;

    public string Email { get; } = $"user{number}@{domain}";

    public string UserId { get; private set; } = "";

    public string Address { get; private set; } = "";

    /// <summary>Whether the user is among those who are given XLM at the beginning.</summary>
    public bool HasLumens => number % 3 == 0;

    public string WalletId { get; private set; } = "";

    /// <summary>The present access token.</summary>
    public string Token => _token ?? throw new ChaosException($"user {number} is not logged in");

    /// <summary>Whether there is a wallet on the ledger.</summary>
    public bool IsReady => Address.Length > 0;

    public string Password => $"Chaos-{number}-{domain}!";

    /// <summary>
    /// Signs up and confirms the address, or logs in who has, and waits for the wallet. Where the answer to a sign-up was lost, another
    /// is begun: an account that nobody confirms is nobody's.
    /// </summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        while (_token is null)
        {
            var path = _confirmed ? "/v1/auth/login" : "/v1/auth/signup";
            var answer = await SendAsync(HttpMethod.Post, path, new { email = Email, password = Password }, null, null, cancellationToken);

            if (answer is { IsSuccess: true })
            {
                UserId = answer.Body.GetProperty("user").GetProperty("id").GetString()!;
                _token = answer.Body.GetProperty("access_token").GetString();
            }
            else
            {
                await Task.Delay(RetryPause, cancellationToken);
            }
        }

        while (!_confirmed)
        {
            await ConfirmAsync(cancellationToken);
        }

        while (!IsReady)
        {
            var wallet = await SendAsync(HttpMethod.Get, "/v1/wallet", null, null, null, cancellationToken);
            if (wallet is { IsSuccess: true } && wallet.Body.GetProperty("status").GetString() == "active")
            {
                WalletId = wallet.Body.GetProperty("id").GetString()!;
                Address = wallet.Body.GetProperty("address").GetString()!;
            }
            else
            {
                await Task.Delay(RetryPause, cancellationToken);
            }
        }
    }

    // One look into the inbox. The codes of sign-ups whose answers were lost are there, too, and a front door that was killed may
    // have taken a code with it for a while: then another is asked for.
    private async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        var inbox = await SendAsync(
            HttpMethod.Get, $"/v1/dev/inbox?to={Uri.EscapeDataString(Email)}&wait=10", null, null, null, cancellationToken);
        var code = inbox is { IsSuccess: true }
            ? inbox.Body.GetProperty("data").EnumerateArray()
                .Select(message => message.GetProperty("code").GetString()!)
                .FirstOrDefault(code => !_triedCodes.Contains(code))
            : null;
        if (code is null)
        {
            await SendAsync(HttpMethod.Post, "/v1/me/email/code", null, null, null, cancellationToken);
            await Task.Delay(RetryPause, cancellationToken);
            return;
        }

        var answer = await SendAsync(HttpMethod.Post, "/v1/me/email/confirm", new { code }, null, null, cancellationToken);
        // An answer that was lost is asked for again under the same code.
        _confirmed = answer is { IsSuccess: true } or { Error: "email_confirmed" };
        if (answer is { Error: "code_invalid" })
        {
            _triedCodes.Add(code);
        }
    }

    /// <summary>Logs in again, so that a new role counts.</summary>
    public Task EnterAgainAsync(CancellationToken cancellationToken)
    {
        (_token, Address) = (null, "");
        return EnterAsync(cancellationToken);
    }

    public Task<Answer?> GetAsync(string path, CancellationToken cancellationToken) =>
        InsistAsync(HttpMethod.Get, path, null, null, cancellationToken);

    /// <summary>Posts until there is an answer that does not ask to come back.</summary>
    public Task<Answer?> PostAsync(string path, object? body, string? key, CancellationToken cancellationToken) =>
        InsistAsync(HttpMethod.Post, path, body, key, cancellationToken);

    /// <summary>Posts once, and hangs up after some time. Null if no answer came.</summary>
    public Task<Answer?> PostOnceAsync(
        string path, object? body, string? key, TimeSpan? hangUpAfter, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, body, key, hangUpAfter, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<Answer?> InsistAsync(
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

    private async Task<Answer?> SendAsync(
        HttpMethod method, string path, object? body, string? key, TimeSpan? hangUpAfter, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (_token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
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
                number, $"{method} {path}", IsConfirm(path) || body is PaymentBody { Confirm: true }, key, sent, answer is null ? null : Stopwatch.GetTimestamp(),
                answer?.Status ?? 0, answer?.Error, answer?.Payment));
        }
    }

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

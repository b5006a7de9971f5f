namespace StellarPay.Chaos.Clients;

/// <summary>A user with an HTTP client of their own.</summary>
internal sealed class ChaosUser(int number, Uri frontDoor, string domain, ObservationLog log) : IDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(300);

    private readonly ChaosConnection _connection = new(number, frontDoor, log);
    private readonly HashSet<string> _triedCodes = [];
    private bool _confirmed;

    public int Number => number;

    public string Email { get; } = $"user{number}@{domain}";

    public string UserId { get; private set; } = "";

    public string Address { get; private set; } = "";

    /// <summary>Whether the user is among those who are given XLM at the beginning.</summary>
    public bool HasLumens => number % 3 == 0;

    public string WalletId { get; private set; } = "";

    /// <summary>The present access token.</summary>
    public string Token => _connection.Token ?? throw new ChaosException($"user {number} is not logged in");

    /// <summary>Whether there is a wallet on the ledger.</summary>
    public bool IsReady => Address.Length > 0;

    public string Password => $"Chaos-{number}-{domain}!";

    /// <summary>
    /// Signs up and confirms the address, or logs in who has, and waits for the wallet. Where the answer to a sign-up was lost, another
    /// is begun: an account that nobody confirms is nobody's.
    /// </summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        while (_connection.Token is null)
        {
            var path = _confirmed ? "/v1/auth/login" : "/v1/auth/signup";
            var answer = await _connection.SendAsync(
                HttpMethod.Post, path, new { email = Email, password = Password }, null, null, cancellationToken);

            if (answer is { IsSuccess: true })
            {
                UserId = answer.Body.GetProperty("user").GetProperty("id").GetString()!;
                _connection.Token = answer.Body.GetProperty("access_token").GetString();
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
            var wallet = await _connection.SendAsync(HttpMethod.Get, "/v1/wallet", null, null, null, cancellationToken);
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
        var inbox = await _connection.SendAsync(
            HttpMethod.Get, $"/v1/dev/inbox?to={Uri.EscapeDataString(Email)}&wait=10", null, null, null, cancellationToken);
        var code = inbox is { IsSuccess: true }
            ? inbox.Body.GetProperty("data").EnumerateArray()
                .Select(message => message.GetProperty("code").GetString()!)
                .FirstOrDefault(code => !_triedCodes.Contains(code))
            : null;
        if (code is null)
        {
            await _connection.SendAsync(HttpMethod.Post, "/v1/me/email/code", null, null, null, cancellationToken);
            await Task.Delay(RetryPause, cancellationToken);
            return;
        }

        var answer = await _connection.SendAsync(HttpMethod.Post, "/v1/me/email/confirm", new { code }, null, null, cancellationToken);
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
        (_connection.Token, Address) = (null, "");
        return EnterAsync(cancellationToken);
    }

    public Task<Answer?> GetAsync(string path, CancellationToken cancellationToken) =>
        _connection.InsistAsync(HttpMethod.Get, path, null, null, cancellationToken);

    /// <summary>Posts until there is an answer that does not ask to come back.</summary>
    public Task<Answer?> PostAsync(string path, object? body, string? key, CancellationToken cancellationToken) =>
        _connection.InsistAsync(HttpMethod.Post, path, body, key, cancellationToken);

    /// <summary>Posts once, and hangs up after some time. Null if no answer came.</summary>
    public Task<Answer?> PostOnceAsync(
        string path, object? body, string? key, TimeSpan? hangUpAfter, CancellationToken cancellationToken) =>
        _connection.SendAsync(HttpMethod.Post, path, body, key, hangUpAfter, cancellationToken);

    public void Dispose() => _connection.Dispose();
}

using System.Text.Json;

namespace StellarPay.Demo;

/// <summary>A user of the demo: signed up, with a live connection.</summary>
internal sealed class Person(string name, ApiClient api) : IAsyncDisposable
{
    private static readonly TimeSpan LiveDeadline = TimeSpan.FromSeconds(30);

    private LiveClient? _live;

    public string Name => name;

    public string Email { get; } = $"{name}-{Guid.NewGuid():N}@example.com";

    public string Password { get; } = $"Demo-{Guid.NewGuid():N}!";

    public string Address { get; private set; } = "";

    public ApiClient Api => api;

    /// <summary>Signs up, confirms the address by the code that is sent there, and waits until the account is on the ledger.</summary>
    public async Task SignUpAsync()
    {
        var body = (await api.PostAsync("/v1/auth/signup", new { email = Email, password = Password })).Required;
        api.AccessToken = body.GetProperty("access_token").GetString();
        await ConnectAsync();
        (await api.PostAsync("/v1/me/email/confirm", new { code = await api.ReadCodeAsync(Email) })).Required.GetRawText();
        var wallet = await WaitForWalletAsync(w => w.GetProperty("status").GetString() == "active", "an active wallet");
        Address = wallet.GetProperty("address").GetString()!;
    }

    /// <summary>Logs in again, as after the program was replaced by another.</summary>
    public async Task LogInAsync()
    {
        var body = (await api.PostAsync("/v1/auth/login", new { email = Email, password = Password })).Required;
        api.AccessToken = body.GetProperty("access_token").GetString();
        await ConnectAsync();
    }

    /// <summary>Connects the live client, again after a restart.</summary>
    public async Task ConnectAsync()
    {
        if (_live is not null)
        {
            await _live.DisposeAsync();
        }

        _live = await LiveClient.ConnectAsync(api.BaseAddress, api.AccessToken!, CancellationToken.None);
    }

    /// <summary>Waits until the live client was pushed a USDC balance.</summary>
    public Task WaitForUsdcAsync(string balance) =>
        WaitForWalletAsync(wallet => Usdc(wallet) == balance, $"a balance of {balance} USDC for {name}");

    /// <summary>The USDC balance by REST.</summary>
    public async Task<string> GetUsdcAsync() => Usdc((await api.GetAsync("/v1/wallet")).Required);

    /// <summary>The USDC balance that an answer about the wallet tells.</summary>
    public static string Usdc(JsonElement wallet) => wallet.GetProperty("balances").EnumerateArray()
        .Where(balance => balance.GetProperty("asset").GetString() == "USDC")
        .Select(balance => balance.GetProperty("balance").GetString())
        .FirstOrDefault() ?? "none";

    public async ValueTask DisposeAsync()
    {
        if (_live is not null)
        {
            await _live.DisposeAsync();
        }

        api.Dispose();
    }

    private async Task<JsonElement> WaitForWalletAsync(Func<JsonElement, bool> fits, string what)
    {
        var message = await _live!.WaitForAsync(
            m => WalletOf(m) is { ValueKind: JsonValueKind.Object } wallet && fits(wallet), what, LiveDeadline);
        return WalletOf(message);
    }

    private static JsonElement WalletOf(LiveMessage message) => message.Target switch
    {
        "state" => message.Body.GetProperty("wallet"),
        "balance" => message.Body,
        _ => default,
    };
}

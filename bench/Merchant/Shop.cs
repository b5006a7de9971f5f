using System.Text.Json;
using StellarPay.Bench.Wallet.Load;

namespace StellarPay.Bench.Merchant;

/// <summary>A business that can be paid.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">A secret key of it.</param>
internal sealed record Shop(string Id, string Key)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Registers a business of somebody's, and waits for its account.</summary>
    /// <param name="port">The front door's.</param>
    /// <param name="owner">Whose it is.</param>
    /// <param name="password">The owner's password.</param>
    public static async Task<Shop> OpenAsync(int port, Person owner, string password)
    {
        using var connection = await WireConnection.OpenAsync(port);
        var id = (await connection.PostAsync(
            "/v1/merchants", owner.Token,
            $$"""{"business_name":"A shop","email":"{{owner.Email}}","country":"GB","statement_descriptor":"A SHOP"}"""))
            .Require("The shop").GetProperty("id").GetString()!;
        var key = (await connection.PostAsync(
            $"/v1/merchants/{id}/api_keys", owner.Token, $$"""{"kind":"secret","name":"Bench","password":"{{password}}"}"""))
            .Require("Its key").GetProperty("key").GetString()!;
        using var patience = new CancellationTokenSource(Patience);
        while (await connection.GetAsync("/v1/merchant/account", key) is var account
            && !(account.IsSuccess && account.Json().GetProperty("status").ValueEquals("active")))
        {
            await Task.Delay(AskAgain, patience.Token);
        }

        return new Shop(id, key);
    }

    /// <summary>Has its own server called with what happens to its sessions; gives the endpoint's id.</summary>
    public async Task<string> ListenAsync(WireConnection connection, Uri receiver) => (await connection.PostAsync(
        "/v1/webhook_endpoints", Key, JsonSerializer.Serialize(new { url = receiver, enabled_events = new[] { "payment_session.paid" } })))
        .Require("Its endpoint").GetProperty("id").GetString()!;

    /// <summary>Has an endpoint sent all once more.</summary>
    public async Task ReplayAsync(WireConnection connection, string endpoint) =>
        (await connection.PostAsync($"/v1/webhook_endpoints/{endpoint}/replay", Key, """{"from_time":0}""")).Require("The replay");
}

/// <summary>A session that can be paid.</summary>
/// <param name="Id">Its id.</param>
/// <param name="PayTo">The <c>M…</c> address that names it.</param>
/// <param name="Stroops">How much XLM it asks for.</param>
/// <param name="Page">Where its page is.</param>
internal sealed record OpenSession(string Id, string PayTo, long Stroops, string? Page);

using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Chaos.Clients.Network;

/// <summary>The sandbox network as those who are no users know it.</summary>
internal sealed class ChaosNetwork : IDisposable
{
    private ChaosNetwork(HttpClient http, StellarNetwork network, Asset usdc)
    {
        Http = http;
        Identity = network;
        Usdc = usdc;
    }

    public HttpClient Http { get; }

    public StellarNetwork Identity { get; }

    public Asset Usdc { get; }

    public static async Task<ChaosNetwork> ReadAsync(Uri sandbox, CancellationToken cancellationToken)
    {
        var http = new HttpClient { BaseAddress = sandbox, Timeout = TimeSpan.FromSeconds(20) };
        var admin = await http.GetFromJsonAsync<JsonElement>("/admin", cancellationToken);
        return new ChaosNetwork(
            http,
            new StellarNetwork(admin.GetProperty("network_passphrase").GetString()!),
            Asset.Parse("USDC:" + admin.GetProperty("accounts").GetProperty("usdc_issuer").GetString()));
    }

    /// <summary>Has the issuer pay USDC.</summary>
    public async Task IssueAsync(string address, int units, CancellationToken cancellationToken)
    {
        using var response = await Http.PostAsJsonAsync(
            "/admin/issue", new { account = address, amount = $"{units}", asset = "USDC" }, cancellationToken);
    }

    /// <summary>Who carries an account's reserve: an account of the platform, if it is a wallet's.</summary>
    public async Task<string?> SponsorOfAsync(string address, CancellationToken cancellationToken)
    {
        var account = await Http.GetFromJsonAsync<JsonElement>($"/accounts/{address}", cancellationToken);
        return account.TryGetProperty("sponsor", out var sponsor) ? sponsor.GetString() : null;
    }

    public void Dispose() => Http.Dispose();
}

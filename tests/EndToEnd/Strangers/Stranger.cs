using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.EndToEnd.Tests.Strangers;

/// <summary>Somebody on the network who is no user, with XLM and a mind to do harm.</summary>
internal sealed class Stranger : IDisposable
{
    private static readonly TimeSpan ValidFor = TimeSpan.FromMinutes(5);

    private readonly SigningKey _key = SigningKey.Generate();
    private readonly HttpClient _sandbox;
    private readonly StellarNetwork _network;

    private Stranger(HttpClient sandbox, StellarNetwork network) => (_sandbox, _network) = (sandbox, network);

    public string Address => _key.AccountId.ToString();

    /// <summary>A new account with friendbot's XLM.</summary>
    public static async Task<Stranger> AppearAsync(Uri sandbox)
    {
        var http = new HttpClient { BaseAddress = sandbox, Timeout = TimeSpan.FromSeconds(30) };
        var admin = await http.GetFromJsonAsync<JsonElement>("/admin");
        var stranger = new Stranger(http, new StellarNetwork(admin.GetProperty("network_passphrase").GetString()!));
        using var opened = await http.GetAsync($"/friendbot?addr={stranger.Address}");
        opened.EnsureSuccessStatusCode();
        return stranger;
    }

    /// <summary>Pays so many stroops of XLM with a memo, in so many operations of one transaction; waits for the ledger.</summary>
    public async Task PayAsync(string address, long stroops, Memo memo, int operations = 1) =>
        await SendAsync("/transactions", await EnvelopeAsync(address, stroops, memo, operations));

    /// <summary>The same without waiting for the ledger.</summary>
    public async Task PayLaterAsync(string address, long stroops, Memo memo, int operations) =>
        await SendAsync("/transactions_async", await EnvelopeAsync(address, stroops, memo, operations));

    public void Dispose()
    {
        _key.Dispose();
        _sandbox.Dispose();
    }

    private async Task<string> EnvelopeAsync(string address, long stroops, Memo memo, int operations)
    {
        var account = await _sandbox.GetFromJsonAsync<JsonElement>($"/accounts/{Address}");
        var sequence = long.Parse(account.GetProperty("sequence").GetString()!, CultureInfo.InvariantCulture);
        var builder = new TransactionBuilder(_key.AccountId, sequence + 1)
            .WithTimeBounds(null, TimeProvider.System.GetUtcNow() + ValidFor).WithMemo(memo);
        for (var i = 0; i < operations; i++)
        {
            builder.Add(new Operation(null, new PaymentOperation(AccountId.Parse(address), Asset.Native, stroops)));
        }

        return builder.Build().Sign(_network, _key).ToXdrBase64();
    }

    private async Task SendAsync(string path, string envelope)
    {
        using var form = new FormUrlEncodedContent([new("tx", envelope)]);
        using var response = await _sandbox.PostAsync(path, form);
        (await response.Content.ReadAsStringAsync()).ShouldNotContain("extras");
        response.IsSuccessStatusCode.ShouldBeTrue();
    }
}

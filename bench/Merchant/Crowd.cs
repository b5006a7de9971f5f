using System.Text.Json;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Bench.Merchant;

/// <summary>Accounts of nobody here, which pay sessions by their muxed addresses, a hundred in a transaction.</summary>
internal sealed class Crowd : IDisposable
{
    private const int MostOperations = 100;

    private readonly HttpClient _sandbox;
    private readonly StellarNetwork _network;
    private readonly SigningKey[] _keys;
    private readonly long[] _sequences;

    private Crowd(HttpClient sandbox, StellarNetwork network, int accounts)
    {
        (_sandbox, _network) = (sandbox, network);
        _keys = [.. Enumerable.Range(0, accounts).Select(_ => SigningKey.Generate())];
        _sequences = new long[accounts];
    }

    /// <summary>How many sessions they pay in one ledger.</summary>
    public int MostAtOnce => _keys.Length * MostOperations;

    /// <summary>Has friendbot pay so many accounts.</summary>
    public static async Task<Crowd> GatherAsync(int sandboxPort, int accounts)
    {
        var sandbox = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{sandboxPort}") };
        var root = await sandbox.GetFromJsonAsync<JsonElement>("/");
        var crowd = new Crowd(sandbox, new StellarNetwork(root.GetProperty("network_passphrase").GetString()!), accounts);
        await Task.WhenAll(Enumerable.Range(0, accounts).Select(crowd.FundAsync));
        return crowd;
    }

    /// <summary>Pays sessions, at most as many as fit into one ledger.</summary>
    public Task PayAsync(IReadOnlyList<OpenSession> sessions) =>
        Task.WhenAll(sessions.Chunk(MostOperations).Select((some, account) => PayAsync(account, some)));

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var key in _keys)
        {
            key.Dispose();
        }

        _sandbox.Dispose();
    }

    private async Task FundAsync(int account)
    {
        var id = _keys[account].AccountId;
        (await _sandbox.GetAsync(new Uri($"/friendbot?addr={id}", UriKind.Relative))).EnsureSuccessStatusCode();
        var there = await _sandbox.GetFromJsonAsync<JsonElement>($"/accounts/{id}");
        _sequences[account] = long.Parse(there.GetProperty("sequence").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task PayAsync(int account, OpenSession[] sessions)
    {
        var builder = new TransactionBuilder(_keys[account].AccountId, ++_sequences[account]).WithoutTimeBounds();
        foreach (var session in sessions)
        {
            builder.Add(new PaymentOperation(MuxedAccount.Parse(session.PayTo), Asset.Native, session.Stroops));
        }

        var envelope = builder.Build().Sign(_network, _keys[account]).ToXdrBase64();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("tx", envelope)]);
        using var answer = await _sandbox.PostAsync(new Uri("/transactions", UriKind.Relative), form);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The sandbox refused a payment: {await answer.Content.ReadAsStringAsync()}");
        }
    }
}

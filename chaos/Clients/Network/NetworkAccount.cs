using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Chaos.Clients.Network;

/// <summary>An account of somebody who is no user, with a key of its own.</summary>
internal sealed class NetworkAccount(ChaosNetwork network, string name) : IDisposable
{
    private const long FeeBid = 10_000;

    private readonly SigningKey _key = SigningKey.FromSeed(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
    private readonly SemaphoreSlim _oneAtATime = new(1);

    public string Address => _key.AccountId.ToString();

    /// <summary>Has friendbot open the account. True once it is there.</summary>
    public async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        using var opened = await network.Http.GetAsync($"/friendbot?addr={Address}", cancellationToken);
        return opened.IsSuccessStatusCode || await AccountAsync(cancellationToken) is not null;
    }

    /// <summary>Signs and submits. True if a ledger has applied it; else that is for the ledger to say.</summary>
    public async Task<bool> SubmitAsync(string? memo, CancellationToken cancellationToken, params OperationBody[] operations)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (await AccountAsync(cancellationToken) is not { } account)
            {
                return false;
            }

            var sequence = long.Parse(account.GetProperty("sequence").GetString()!, CultureInfo.InvariantCulture);
            var builder = new TransactionBuilder(_key.AccountId, sequence + 1).WithBaseFee(FeeBid).WithoutTimeBounds();
            foreach (var operation in operations)
            {
                builder.Add(new Operation(null, operation));
            }

            if (memo is not null)
            {
                builder.WithMemo(new MemoText(memo));
            }

            using var form = new FormUrlEncodedContent(
                [new("tx", builder.Build().Sign(network.Identity, _key).ToXdrBase64())]);
            using var response = await network.Http.PostAsync("/transactions", form, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>What it has of an asset, in stroops.</summary>
    public async Task<long> BalanceAsync(string code, CancellationToken cancellationToken) =>
        await AccountAsync(cancellationToken) is not { } account ? 0 : account.GetProperty("balances").EnumerateArray()
            .Where(balance => balance.TryGetProperty("asset_code", out var own) && own.GetString() == code)
            .Sum(balance => Audit.Evidence.Money.Parse(balance.GetProperty("balance").GetString()!));

    public void Dispose()
    {
        _key.Dispose();
        _oneAtATime.Dispose();
    }

    private async Task<JsonElement?> AccountAsync(CancellationToken cancellationToken)
    {
        using var response = await network.Http.GetAsync($"/accounts/{Address}", cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }
}

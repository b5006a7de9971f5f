using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Chaos.Clients;

/// <summary>
/// Somebody on the network who is no user: an account with a key of its own and little room for USDC, so that payments to
/// it fail on the ledger now and then, and that pays users back.
/// </summary>
internal sealed class Outsider(Uri sandbox, int seed) : IDisposable
{
    private const long Room = 12 * Unit;
    private const long Unit = 10_000_000;
    private static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(20);

    private readonly SigningKey _key = SigningKey.FromSeed(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"chaos outsider {seed}"))));

    private readonly HttpClient _sandbox = new() { BaseAddress = sandbox, Timeout = TimeSpan.FromSeconds(20) };
    private readonly SemaphoreSlim _oneAtATime = new(1);

    private StellarNetwork? _network;
    private Asset _usdc = Asset.Native;

    public string Address => _key.AccountId.ToString();

    /// <summary>Opens the account and trusts USDC, up to a little.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        using var admin = JsonDocument.Parse(await _sandbox.GetStringAsync("/admin", cancellationToken));
        _network = new StellarNetwork(admin.RootElement.GetProperty("network_passphrase").GetString()!);
        _usdc = Asset.Parse("USDC:" + admin.RootElement.GetProperty("accounts").GetProperty("usdc_issuer").GetString());
        using (var opened = await _sandbox.GetAsync($"/friendbot?addr={Address}", cancellationToken))
        {
            opened.EnsureSuccessStatusCode();
        }

        if (!await SubmitAsync(new ChangeTrustOperation(_usdc, Room), null, cancellationToken))
        {
            throw new ChaosException("The outsider could not trust USDC.");
        }
    }

    /// <summary>Pays half of what there is to an account; whether it came about is for the ledger to say.</summary>
    public async Task PayAsync(string address, string memo, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var half = await UsdcAsync(cancellationToken) / 2;
            if (half > 0)
            {
                await SubmitAsync(new PaymentOperation(AccountId.Parse(address), _usdc, half), memo, cancellationToken);
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose()
    {
        _key.Dispose();
        _sandbox.Dispose();
        _oneAtATime.Dispose();
    }

    private async Task<bool> SubmitAsync(OperationBody operation, string? memo, CancellationToken cancellationToken)
    {
        using var account = JsonDocument.Parse(await _sandbox.GetStringAsync($"/accounts/{Address}", cancellationToken));
        var sequence = long.Parse(account.RootElement.GetProperty("sequence").GetString()!, CultureInfo.InvariantCulture);
        var builder = new TransactionBuilder(_key.AccountId, sequence + 1)
            .WithTimeBounds(null, TimeProvider.System.GetUtcNow() + ValidFor)
            .Add(operation);
        if (memo is not null)
        {
            builder.WithMemo(new MemoText(memo));
        }

        using var form = new FormUrlEncodedContent([new("tx", builder.Build().Sign(_network!, _key).ToXdrBase64())]);
        using var response = await _sandbox.PostAsync("/transactions", form, cancellationToken);
        return response.IsSuccessStatusCode;
    }

    private async Task<long> UsdcAsync(CancellationToken cancellationToken)
    {
        var account = await _sandbox.GetFromJsonAsync<JsonElement>($"/accounts/{Address}", cancellationToken);
        return account.GetProperty("balances").EnumerateArray()
            .Where(balance => balance.TryGetProperty("asset_code", out var code) && code.GetString() == "USDC")
            .Sum(balance => Audit.Evidence.Money.Parse(balance.GetProperty("balance").GetString()!));
    }
}

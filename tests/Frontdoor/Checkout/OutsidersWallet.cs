using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Secrets;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Sep7;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>A wallet that is none of ours: it knows of a shop what a request of its page says, and pays on the network.</summary>
internal sealed class OutsidersWallet : IDisposable
{
    private readonly SigningKey _key = SigningKey.Generate();
    private readonly HttpClient _http;
    private readonly HorizonClient _horizon;
    private readonly OutsidersLedger _ledger;

    private OutsidersWallet(Uri sandbox)
    {
        _http = new HttpClient { BaseAddress = sandbox };
        _ledger = new OutsidersLedger(sandbox);
        _horizon = new HorizonClient(_http, new HorizonClientOptions { BaseUrls = [sandbox] }, TimeProvider.System);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public AccountId Account => _key.AccountId;

    public static async Task<OutsidersWallet> OpenAsync(Uri sandbox, string usdc)
    {
        var wallet = new OutsidersWallet(sandbox);
        await wallet._ledger.TrustUsdcAsync(wallet._key, long.MaxValue);
        (await wallet._http.PostAsJsonAsync(
            "/admin/issue", new { account = wallet._key.AccountId.ToString(), asset = "USDC", amount = usdc }, Cancelled))
            .EnsureSuccessStatusCode();
        return wallet;
    }

    /// <summary>Pays what a request says, or less of it, and gives the transaction's hash.</summary>
    public Task<string> PayAsync(string uri, long? stroops = null) =>
        PayAsync(StellarUri.Parse(uri).ShouldBeOfType<PayRequest>(), stroops is { } amount ? StellarAmount.Format(amount) : null);

    public Task<string> PayAsync(PayRequest request, string? amount = null) => SubmitAsync(
        request.Memo,
        new PaymentOperation(
            MuxedAccount.Parse(request.Destination), request.Asset,
            amount is null ? request.Amount!.Value : StellarAmount.Parse(amount)));

    /// <summary>Pays so many USDC to where a session says, whatever has become of it: only wallets of ours know that it is over.</summary>
    public async Task<string> PayAsync(JsonElement payTo, string usdc) => await SubmitAsync(
        new MemoText(payTo.GetProperty("memo").GetString()!),
        new PaymentOperation(
            MuxedAccount.Parse(payTo.GetProperty("address").GetString()!), await _ledger.FindUsdcAsync(), StellarAmount.Parse(usdc)));

    /// <summary>Does something on the ledger, and gives the transaction's hash.</summary>
    public async Task<string> SubmitAsync(Memo memo, OperationBody operation)
    {
        var network = new StellarNetwork((await _horizon.GetRootAsync(Cancelled)).NetworkPassphrase);
        var account = (await _horizon.Accounts.GetAsync(_key.AccountId, Cancelled)).ShouldNotBeNull();
        TransactionEnvelope signed = new TransactionBuilder(_key.AccountId, account.Sequence + 1).WithoutTimeBounds().WithMemo(memo)
            .Add(operation).Build().Sign(network, _key);
        var result = await _horizon.Transactions.SubmitAsync(signed, Cancelled);
        result.Outcome.ShouldBe(SubmitOutcome.Succeeded, $"{result.Reason} {string.Join(',', result.OperationCodes)}");
        return signed.HashOn(network).ToString();
    }

    /// <summary>The asset that shops here take.</summary>
    public Task<Asset> FindUsdcAsync() => _ledger.FindUsdcAsync();

    public void Dispose()
    {
        _http.Dispose();
        _key.Dispose();
    }
}

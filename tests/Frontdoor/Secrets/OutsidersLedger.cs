using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Tests.Secrets;

/// <summary>The network as somebody who is no user here reaches it.</summary>
internal sealed class OutsidersLedger(Uri sandbox)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async Task<Asset> FindUsdcAsync()
    {
        using var http = new HttpClient { BaseAddress = sandbox };
        var admin = await http.GetFromJsonAsync<JsonElement>("/admin", Cancelled);
        return Asset.Parse($"USDC:{admin.GetProperty("accounts").GetProperty("usdc_issuer").GetString()}");
    }

    /// <summary>Sets the account's limit for USDC; 0 gives the trustline up. Friendbot makes the account if need be.</summary>
    public async Task TrustUsdcAsync(SigningKey key, long limit)
    {
        using var http = new HttpClient { BaseAddress = sandbox };
        var horizon = new HorizonClient(http, new HorizonClientOptions { BaseUrls = [sandbox] }, TimeProvider.System);
        var usdc = await FindUsdcAsync();
        if (await horizon.Accounts.GetAsync(key.AccountId, Cancelled) is null)
        {
            (await horizon.Accounts.FundByFriendbotAsync(key.AccountId, Cancelled)).Outcome.ShouldBe(SubmitOutcome.Succeeded);
        }

        var account = await horizon.Accounts.GetAsync(key.AccountId, Cancelled);
        var network = new StellarNetwork((await horizon.GetRootAsync(Cancelled)).NetworkPassphrase);
        TransactionEnvelope signed = new TransactionBuilder(key.AccountId, account!.Sequence + 1).WithoutTimeBounds()
            .Add(new ChangeTrustOperation(usdc, limit)).Build().Sign(network, key);
        (await horizon.Transactions.SubmitAsync(signed.ToXdrBase64(), Cancelled)).Outcome.ShouldBe(SubmitOutcome.Succeeded);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Live;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;
using static StellarPay.Frontdoor.Tests.Hosting.Eventually;

namespace StellarPay.Frontdoor.Tests.Payments;

/// <summary>Payments to those who cannot receive yet, on a real ledger.</summary>
public sealed class ClaimablePaymentTests(WholeHost host) : IClassFixture<WholeHost>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_without_an_account_is_paid_and_claims_when_it_has_one()
    {
        var (payer, paying) = await PayerAsync();
        await using var connection = paying;
        using var outsider = SigningKey.Generate();
        var order = new { recipient = outsider.AccountId.ToString(), asset = "USDC", amount = "5" };
        var refused = await payer.PostAsync("/v1/payments", order);
        refused.ShouldBeError(HttpStatusCode.UnprocessableEntity, "destination_not_found", "recipient");
        refused.Body.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("\"claimable\": true");

        var id = await SetAsideAsync(payer, outsider.AccountId.ToString(), days: 30);
        await paying.WalletWhereAsync(wallet => UsdcOf(wallet) == "95.0000000");
        var open = await UntilStatusAsync(payer, id, "open");
        open.GetProperty("status").GetString().ShouldBe("succeeded");
        (await payer.PostAsync($"/v1/payments/{id}/reclaim")).ShouldBeError(HttpStatusCode.Conflict, "not_reclaimable_yet");

        var balance = open.GetProperty("balance_id").GetString();
        ClaimableBalanceId.TryParse(balance, out var balanceId).ShouldBeTrue();
        await ActAsync(
            outsider, new ChangeTrustOperation(await UsdcAsync(), long.MaxValue), new ClaimClaimableBalanceOperation(balanceId));

        await UntilStatusAsync(payer, id, "claimed");
        (await payer.PostAsync($"/v1/payments/{id}/reclaim")).ShouldBeError(HttpStatusCode.Conflict, "already_claimed");
        using var horizon = new HttpClient();
        var account = await Horizon(horizon).Accounts.GetAsync(outsider.AccountId, Cancelled);
        account!.Balance(await UsdcAsync())!.Balance.ShouldBe(50_000_000);
        await UntilAsync(async () =>
        {
            var lines = (await payer.GetAsync("/v1/wallet/transactions")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
                .Where(entry => entry.GetProperty("id").GetString() == id).ToArray();
            return lines is [var line] && line.GetProperty("claim_status").GetString() == "claimed"
                && line.GetProperty("method").GetString() == "claimable_balance";
        }, "the history shows it");
    }

    [Fact]
    public async Task What_an_outsider_sets_aside_for_a_new_user_is_claimed_by_itself()
    {
        var payee = await host.SignUpAsync();
        await using var paid = await LiveClient.ConnectAsync(host.Address, payee.AccessToken!);
        // It has its address before it is active, if not at once.
        var address = (await paid.WalletWhereAsync(wallet => wallet.GetProperty("address").ValueKind == JsonValueKind.String))
            .GetProperty("address").GetString()!;
        using var outsider = SigningKey.Generate();
        Claimant[] claimants = [new(AccountId.Parse(address), ClaimUnconditional.Instance)];

        await ActAsync(outsider, new CreateClaimableBalanceOperation(Asset.Native, 70_000_000, [.. claimants]));

        await paid.WalletWhereAsync(wallet => BalanceOf(wallet, "XLM") == "7.0000000");
        using var http = new HttpClient();
        var left = await Horizon(http).ClaimableBalances.GetPageAsync(AccountId.Parse(address), null, null, PageQuery.First, Cancelled);
        left.Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_nobody_claims_can_be_taken_back_after_its_date()
    {
        var (payer, paying) = await PayerAsync();
        await using var connection = paying;
        using var nobody = SigningKey.Generate();
        var id = await SetAsideAsync(payer, nobody.AccountId.ToString(), days: 1);
        await UntilStatusAsync(payer, id, "open");
        await paying.WalletWhereAsync(wallet => UsdcOf(wallet) == "95.0000000");

        using var sandbox = new HttpClient { BaseAddress = host.Sandbox };
        using var advanced = await sandbox.PostAsJsonAsync("/admin/clock/advance", new { seconds = 86_400 }, Cancelled);
        advanced.EnsureSuccessStatusCode();
        await UntilAsync(
            async () => (await payer.PostAsync($"/v1/payments/{id}/reclaim")).Status == HttpStatusCode.OK, "it can be taken back");

        await paying.WalletWhereAsync(wallet => UsdcOf(wallet) == "100.0000000");
        await UntilStatusAsync(payer, id, "reclaimed");
        (await payer.PostAsync($"/v1/payments/{id}/reclaim")).ShouldBeError(HttpStatusCode.Conflict, "already_reclaimed");
    }

    private static async Task<string> SetAsideAsync(Api payer, string recipient, int days)
    {
        var order = new { recipient, asset = "USDC", amount = "5", claimable = true, reclaim_after_days = days };
        var quote = (await payer.PostAsync("/v1/payments", order)).ShouldBeOk().Body;
        quote.GetProperty("method").GetString().ShouldBe("claimable_balance");
        quote.GetProperty("reclaimable_after").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
        quote.GetProperty("fee").GetString().ShouldBe("0.0000000");
        var id = quote.GetProperty("id").GetString()!;
        (await payer.PostAsync($"/v1/payments/{id}/confirm", null, Api.NewKey())).ShouldBeOk();
        return id;
    }

    private static async Task<JsonElement> UntilStatusAsync(Api payer, string id, string status)
    {
        JsonElement payment = default;
        await UntilAsync(async () =>
        {
            payment = (await payer.GetAsync($"/v1/payments/{id}")).ShouldBeOk().Body;
            return payment.GetProperty("claim_status").GetString() == status;
        }, $"the balance is {status}");
        return payment;
    }

    private static string? UsdcOf(JsonElement wallet) => BalanceOf(wallet, "USDC");

    private static string? BalanceOf(JsonElement wallet, string asset) => wallet.GetProperty("balances").EnumerateArray()
        .Where(balance => balance.GetProperty("asset").GetString() == asset)
        .Select(balance => balance.GetProperty("balance").GetString()).SingleOrDefault();

    private async Task<(Api Payer, LiveClient Live)> PayerAsync()
    {
        var payer = await host.SignUpAsync();
        var live = await LiveClient.ConnectAsync(host.Address, payer.AccessToken!);
        var wallet = await live.WalletWhereAsync(w => w.GetProperty("status").GetString() == "active");
        using var http = new HttpClient { BaseAddress = host.Sandbox };
        using var issued = await http.PostAsJsonAsync(
            "/admin/issue", new { account = wallet.GetProperty("address").GetString(), asset = "USDC", amount = "100" }, Cancelled);
        issued.EnsureSuccessStatusCode();
        await live.WalletWhereAsync(w => UsdcOf(w) == "100.0000000");
        return (payer, live);
    }

    // Somebody who is no user here, with an account of friendbot's.
    private async Task ActAsync(SigningKey key, params OperationBody[] operations)
    {
        using var http = new HttpClient();
        var horizon = Horizon(http);
        (await horizon.Accounts.FundByFriendbotAsync(key.AccountId, Cancelled)).Outcome.ShouldBe(SubmitOutcome.Succeeded);
        var account = await horizon.Accounts.GetAsync(key.AccountId, Cancelled);
        var builder = new TransactionBuilder(key.AccountId, account!.Sequence + 1).WithoutTimeBounds();
        foreach (var operation in operations)
        {
            builder.Add(operation);
        }

        var network = new StellarNetwork((await horizon.GetRootAsync(Cancelled)).NetworkPassphrase);
        TransactionEnvelope signed = builder.Build().Sign(network, key);
        (await horizon.Transactions.SubmitAsync(signed.ToXdrBase64(), Cancelled)).Outcome.ShouldBe(SubmitOutcome.Succeeded);
    }

    private async Task<Asset> UsdcAsync()
    {
        using var http = new HttpClient { BaseAddress = host.Sandbox };
        var admin = await http.GetFromJsonAsync<JsonElement>("/admin", Cancelled);
        return Asset.Parse($"USDC:{admin.GetProperty("accounts").GetProperty("usdc_issuer").GetString()}");
    }

    private HorizonClient Horizon(HttpClient http) =>
        new(http, new HorizonClientOptions { BaseUrls = [host.Sandbox] }, TimeProvider.System);
}

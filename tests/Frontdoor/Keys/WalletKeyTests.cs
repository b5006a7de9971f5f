using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Live;

namespace StellarPay.Frontdoor.Tests.Keys;

[Collection<WholeHostCollection>]
public sealed class WalletKeyTests(WholeHost host)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_wallets_key_is_replaced_twice_on_the_ledger_and_the_wallet_pays_from_the_same_address()
    {
        var payer = await host.SignUpAsync();
        var payee = await host.SignUpAsync();
        await using var paying = await LiveClient.ConnectAsync(host.Address, payer.AccessToken!);
        await using var paid = await LiveClient.ConnectAsync(host.Address, payee.AccessToken!);
        var address = (await paying.WalletWhereAsync(IsActive)).GetProperty("address").GetString()!;
        await paid.WalletWhereAsync(IsActive);
        (await payer.PostAsync("/v1/wallet/friendbot", null)).ShouldBeOk();
        await paying.WalletWhereAsync(wallet => XlmOf(wallet) == "10000.0000000");

        var asked = await payer.PostAsync("/v1/wallet/rotate-key", null);
        asked.Status.ShouldBe(HttpStatusCode.Accepted, asked.Text);
        asked.Body.GetProperty("signer").GetString().ShouldBe(address);
        await UntilVersionAsync(payer, 2);
        (await payer.PostAsync("/v1/wallet/rotate-key", null)).Status.ShouldBe(HttpStatusCode.Accepted);
        var signer = await UntilVersionAsync(payer, 3);

        (await SignersAsync(address)).ShouldBe([(address, 0), (signer, 1)], ignoreOrder: true);
        var payment = (await payer.PostAsync("/v1/payments", new { recipient = payee.Email, asset = "XLM", amount = "7" })).ShouldBeOk().Body;
        (await payer.PostAsync($"/v1/payments/{payment.GetProperty("id").GetString()}/confirm", null, Api.NewKey())).ShouldBeOk();
        await paid.WalletWhereAsync(wallet => XlmOf(wallet) == "7.0000000");
    }

    [Fact]
    public async Task An_administrator_has_a_wallets_key_replaced_with_a_reason()
    {
        var user = await host.SignUpAsync();
        await using var live = await LiveClient.ConnectAsync(host.Address, user.AccessToken!);
        await live.WalletWhereAsync(IsActive);
        var admin = await host.NewAdminAsync();
        var path = $"/v1/admin/wallets/{user.WalletId}/rotate-key";

        (await admin.PostAsync(path, new { reason = "" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await user.PostAsync(path, new { reason = "because" })).ShouldBeError(HttpStatusCode.Forbidden, "forbidden");
        (await admin.PostAsync(path, new { reason = "a laptop was stolen" })).Status.ShouldBe(HttpStatusCode.Accepted);

        await UntilVersionAsync(user, 2);
    }

    private static bool IsActive(JsonElement wallet) => wallet.GetProperty("status").GetString() == "active";

    private static string? XlmOf(JsonElement wallet) => wallet.GetProperty("balances").EnumerateArray()
        .Where(balance => balance.GetProperty("asset").GetString() == "XLM")
        .Select(balance => balance.GetProperty("balance").GetString()).SingleOrDefault();

    private static async Task<string> UntilVersionAsync(Api api, int version)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var key = (await api.GetAsync("/v1/wallet/key")).ShouldBeOk().Body;
            if (key.GetProperty("version").GetInt32() == version && !key.GetProperty("pending").GetBoolean())
            {
                return key.GetProperty("signer").GetString()!;
            }

            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    private async Task<(string Key, int Weight)[]> SignersAsync(string address)
    {
        using var http = new HttpClient { BaseAddress = host.Sandbox };
        using var account = JsonDocument.Parse(
            await http.GetStringAsync(new Uri($"/accounts/{address}", UriKind.Relative), TestContext.Current.CancellationToken));
        return [.. account.RootElement.GetProperty("signers").EnumerateArray()
            .Select(signer => (signer.GetProperty("key").GetString()!, signer.GetProperty("weight").GetInt32()))];
    }
}

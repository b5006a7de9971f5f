using System.Net;
using System.Net.Http.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Live;

namespace StellarPay.Frontdoor.Tests.Costs;

/// <summary>From outside: nobody makes the platform pay for payments of nothing.</summary>
[Collection<WholeHostCollection>]
public sealed class SmallPaymentApiTests(WholeHost host)
{
    [Fact]
    public async Task One_stroop_is_refused_by_each_way_in_and_leaves_no_trace()
    {
        var payer = await host.SignUpAsync();
        var payee = await host.SignUpAsync();
        await using var paying = await LiveClient.ConnectAsync(host.Address, payer.AccessToken!);
        await IssueAsync(await paying.WalletWhereAsync(wallet => wallet.GetProperty("status").GetString() == "active"), "5");
        await paying.WalletWhereAsync(wallet => wallet.GetProperty("balances").EnumerateArray().Any(
            balance => balance.GetProperty("balance").GetString() == "5.0000000"));

        foreach (var amount in new[] { "0.0000001", "0.0099999" })
        {
            var (recipient, key) = (payee.Email, Api.NewKey());
            (await payer.PostAsync("/v1/payments", new { recipient, asset = "USDC", amount }))
                .ShouldBeError(HttpStatusCode.UnprocessableEntity, "amount_too_small", "amount").Text
                .ShouldContain("A payment must be worth at least 0.01 USD; that is 0.0100000 USDC.");
            (await payer.PostAsync("/v1/payments", new { recipient, asset = "USDC", amount, confirm = true }, key))
                .ShouldBeError(HttpStatusCode.UnprocessableEntity, "amount_too_small", "amount");
            // A refused call takes no key.
            (await payer.PostAsync("/v1/payments", new { recipient, asset = "USDC", amount = "0.01", confirm = true }, key)).ShouldBeOk();
        }

        (await payer.GetAsync("/v1/wallet/limits")).ShouldBeOk().Body.GetProperty("minimum").GetString().ShouldBe("0.0100000");
        (await payer.GetAsync("/v1/wallet/transactions")).ShouldBeOk().Text.ShouldNotContain("0.0000001");
    }

    private async Task IssueAsync(System.Text.Json.JsonElement wallet, string amount)
    {
        using var http = new HttpClient { BaseAddress = host.Sandbox };
        using var issued = await http.PostAsJsonAsync(
            "/admin/issue",
            new { account = wallet.GetProperty("address").GetString(), asset = "USDC", amount },
            TestContext.Current.CancellationToken);
        issued.IsSuccessStatusCode.ShouldBeTrue(await issued.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}

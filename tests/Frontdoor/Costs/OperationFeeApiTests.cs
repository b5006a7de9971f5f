using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Live;
using static StellarPay.Frontdoor.Tests.Hosting.Eventually;

namespace StellarPay.Frontdoor.Tests.Costs;

/// <summary>From outside: the day's first payments are free, and what comes after them shows what it costs and costs that.</summary>
public sealed class OperationFeeApiTests(OperationFeeApiTests.Host host) : IClassFixture<OperationFeeApiTests.Host>
{
    [Fact]
    public async Task A_fee_is_shown_by_the_quote_taken_with_the_payment_and_shown_in_the_history()
    {
        var payer = await host.SignUpAsync();
        var payee = await host.SignUpAsync();
        await using var paying = await LiveClient.ConnectAsync(host.Address, payer.AccessToken!);
        await IssueAsync(await paying.WalletWhereAsync(wallet => wallet.GetProperty("status").GetString() == "active"), "5");
        await paying.WalletWhereAsync(wallet => Usdc(wallet).GetProperty("balance").GetString() == "5.0000000");
        // The treasury gets its trustline in the platform's own time. One key: what was taken although its answer was lost is paid once.
        var key = Api.NewKey();
        var free = await UntilAsync(
            async () => await payer.PostAsync("/v1/payments", new { recipient = payee.Email, asset = "USDC", amount = "1", confirm = true }, key),
            answer => answer.Status == HttpStatusCode.Created);
        free.Body.GetProperty("fee").GetString().ShouldBe("0.0000000");

        var costs = await UntilAsync(
            async () => await payer.PostAsync("/v1/payments", new { recipient = payee.Email, asset = "USDC", amount = "1" }),
            answer => answer.Status == HttpStatusCode.Created);

        costs.Body.GetProperty("fee").GetString().ShouldBe("0.0100000");
        var id = costs.Body.GetProperty("id").GetString();
        (await payer.PostAsync($"/v1/payments/{id}/confirm", null, Api.NewKey())).ShouldBeOk();
        await paying.WalletWhereAsync(wallet => Usdc(wallet).GetProperty("spendable").GetString() == "2.9900000");
        await paying.WalletWhereAsync(wallet => Usdc(wallet).GetProperty("balance").GetString() == "2.9900000");
        (await payer.GetAsync($"/v1/payments/{id}")).ShouldBeOk().Body.GetProperty("fee").GetString().ShouldBe("0.0100000");
        var history = await UntilAsync(
            async () => await payer.GetAsync("/v1/wallet/transactions"),
            answer => answer.ShouldBeOk().Text.Contains("\"fee\":\"0.0100000\"", StringComparison.Ordinal));
        history.Text.ShouldNotContain("\"amount\":\"0.0100000\"");
        var limits = (await payer.GetAsync("/v1/wallet/limits")).ShouldBeOk().Body.GetProperty("free_operations");
        limits.GetRawText().ShouldBe("""{"limit":1,"used":1,"left":0}""");
    }

    private static JsonElement Usdc(JsonElement wallet) =>
        wallet.GetProperty("balances").EnumerateArray().Single(balance => balance.GetProperty("asset").GetString() == "USDC");

    private async Task IssueAsync(JsonElement wallet, string amount)
    {
        using var http = new HttpClient { BaseAddress = host.Sandbox };
        using var issued = await http.PostAsJsonAsync(
            "/admin/issue",
            new { account = wallet.GetProperty("address").GetString(), asset = "USDC", amount },
            TestContext.Current.CancellationToken);
        issued.IsSuccessStatusCode.ShouldBeTrue(await issued.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public sealed class Host : WholeHost
    {
        protected override Dictionary<string, string?> Settings => new(base.Settings)
        {
            ["StellarPay:Costs:FreeOperations:0"] = "1",
        };
    }
}

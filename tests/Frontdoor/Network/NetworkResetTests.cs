using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Live;
using static StellarPay.Frontdoor.Tests.Hosting.Eventually;

namespace StellarPay.Frontdoor.Tests.Network;

public sealed class NetworkResetTests(WholeHost host) : IClassFixture<WholeHost>
{
    [Fact]
    public async Task When_the_network_begins_again_nothing_is_paid_any_more_and_operators_are_told()
    {
        var payer = await host.SignUpAsync();
        var payee = await host.SignUpAsync();
        await using var paying = await LiveClient.ConnectAsync(host.Address, payer.AccessToken!);
        await using var paid = await LiveClient.ConnectAsync(host.Address, payee.AccessToken!);
        await paying.WalletWhereAsync(IsActive);
        await paid.WalletWhereAsync(IsActive);
        (await payer.PostAsync("/v1/wallet/friendbot", null)).ShouldBeOk();
        await paying.WalletWhereAsync(wallet => wallet.GetProperty("balances")[0].GetProperty("spendable").GetString() != "0.0000000");
        var quote = (await payer.PostAsync("/v1/payments", new { recipient = payee.Email, asset = "XLM", amount = "1" })).ShouldBeOk().Body;

        using (var sandbox = new HttpClient { BaseAddress = host.Sandbox })
        {
            using var reset = await sandbox.PostAsync("/admin/reset", null, TestContext.Current.CancellationToken);
            reset.IsSuccessStatusCode.ShouldBeTrue();
        }

        await UntilAsync(async () =>
            (await payer.PostAsync("/v1/payments", new { recipient = payee.Email, asset = "XLM", amount = "1" }))
                .Text.Contains("network_halted", StringComparison.Ordinal));
        (await payer.PostAsync($"/v1/payments/{quote.GetProperty("id").GetString()}/confirm", null, Api.NewKey()))
            .ShouldBeError(HttpStatusCode.ServiceUnavailable, "network_halted");
        // It may be asked of by another worker than payments are.
        await UntilAsync(async () =>
            (await host.Anonymous().GetAsync("/health/ready")).Text.Contains("degraded", StringComparison.Ordinal));
        var admin = await host.NewAdminAsync();
        (await admin.GetAsync("/v1/admin/network")).ShouldBeOk().Body.GetRawText().ShouldContain("network_reset");
    }

    private static bool IsActive(JsonElement wallet) => wallet.GetProperty("status").GetString() == "active";
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Live;

namespace StellarPay.Frontdoor.Tests.Wallets;

/// <summary>The end of a wallet's account and its return, on a real network in a box.</summary>
[Collection<WholeHostCollection>]
public sealed class WalletClosingTests(WholeHost host)
{
    [Fact]
    public async Task A_wallet_is_closed_into_anothers_and_opened_again_under_its_address()
    {
        var (leaver, stayer) = (await host.SignUpAsync(), await host.SignUpAsync());
        await using var leaving = await LiveClient.ConnectAsync(host.Address, leaver.AccessToken!);
        await using var staying = await LiveClient.ConnectAsync(host.Address, stayer.AccessToken!);
        var wallet = await leaving.WalletWhereAsync(each => StatusOf(each) == "active");
        await staying.WalletWhereAsync(each => StatusOf(each) == "active");
        await IssueAsync(wallet, "100");
        await leaving.WalletWhereAsync(each => UsdcOf(each) == "100.0000000");

        (await leaver.PostAsync("/v1/wallet/close", new { recipient = stayer.Email }))
            .ShouldBeError(HttpStatusCode.BadRequest, "idempotency_key_required", "Idempotency-Key");
        (await leaver.PostAsync("/v1/wallet/close", new { }, "close-0")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_missing", "recipient");
        (await leaver.PostAsync("/v1/wallet/close", new { recipient = leaver.Email }, "close-0"))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "self_payment", "recipient");
        var closing = await leaver.PostAsync("/v1/wallet/close", new { recipient = stayer.Email }, "close-1");

        closing.Status.ShouldBe(HttpStatusCode.Accepted, closing.Text);
        StatusOf(closing.Body).ShouldBe("closing");
        await leaving.WalletWhereAsync(each => StatusOf(each) == "closed");
        await staying.WalletWhereAsync(each => UsdcOf(each) == "100.0000000");
        (await leaver.PostAsync("/v1/payments", new { recipient = stayer.Email, asset = "USDC", amount = "1" }))
            .ShouldBeError(HttpStatusCode.Conflict, "wallet_closed");
        (await stayer.PostAsync("/v1/payments", new { recipient = leaver.Email, asset = "USDC", amount = "1" }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "recipient_closed", "recipient");

        (await leaver.PostAsync("/v1/wallet/open")).ShouldBeOk();
        var again = await leaving.WalletWhereAsync(each => StatusOf(each) == "active");
        again.GetProperty("address").GetString().ShouldBe(wallet.GetProperty("address").GetString());
        StatusOf((await leaver.PostAsync("/v1/wallet/close", new { recipient = stayer.Email }, "close-1")).ShouldBeOk().Body).ShouldBe("active");
        (await stayer.PostAsync(
            "/v1/payments", new { recipient = leaver.Email, asset = "USDC", amount = "40", confirm = true }, "back")).ShouldBeOk();
        await leaving.WalletWhereAsync(each => UsdcOf(each) == "40.0000000");
    }

    [Fact]
    public async Task Operators_list_empty_wallets_that_have_long_been_idle_and_give_up_their_accounts()
    {
        var admin = await host.NewAdminAsync();
        var (idle, busy) = (await host.SignUpAsync(), await host.SignUpAsync());
        await using var live = await LiveClient.ConnectAsync(host.Address, idle.AccessToken!);
        await using var other = await LiveClient.ConnectAsync(host.Address, busy.AccessToken!);
        await live.WalletWhereAsync(each => StatusOf(each) == "active");
        await other.WalletWhereAsync(each => StatusOf(each) == "active");
        // What the wallet does last of its opening may be written only after that.
        await Eventually.UntilAsync(
            async () =>
            {
                await SetBackAsync(idle.WalletId, days: 100);
                return (await ListAsync(admin, "?days=99&limit=100")).Contains(idle.WalletId);
            },
            "the idle one is in the list");

        (await ListAsync(admin, "?days=101")).ShouldNotContain(idle.WalletId);
        (await ListAsync(admin, "?days=99&limit=100")).ShouldNotContain(busy.WalletId);
        (await admin.GetAsync("/v1/admin/dormant-wallets?days=0")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "days");
        var reclaimed = (await admin.PostAsync($"/v1/admin/wallets/{idle.WalletId}/reclaim", new { reason = "Idle for long" })).ShouldBeOk().Body;

        StatusOf(reclaimed).ShouldBe("closing");
        await live.WalletWhereAsync(each => StatusOf(each) == "closed");
        (await ListAsync(admin, "?days=1&limit=100")).ShouldNotContain(idle.WalletId);
        (await host.AuditOf(idle.WalletId)).ShouldBe([$"{admin.UserId} wallet.reclaim {{\"reason\": \"Idle for long\"}}"]);
        (await idle.PostAsync("/v1/wallet/open")).ShouldBeOk();
        await live.WalletWhereAsync(each => StatusOf(each) == "active");
    }

    private async Task SetBackAsync(string wallet, int days)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            "UPDATE grain_state SET modified_at = now() - make_interval(days => $1) WHERE state_name = 'wallet' AND grain_key = $2");
        command.Parameters.AddWithValue(days);
        command.Parameters.AddWithValue(wallet);
        (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
    }

    private static async Task<string[]> ListAsync(Api admin, string query) =>
    [
        .. (await admin.GetAsync("/v1/admin/dormant-wallets" + query)).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
            .Select(each => each.GetProperty("id").GetString()!),
    ];

    private static string StatusOf(JsonElement wallet) => wallet.GetProperty("status").GetString()!;

    private static string? UsdcOf(JsonElement wallet) => wallet.GetProperty("balances").EnumerateArray()
        .Where(balance => balance.GetProperty("asset").GetString() == "USDC")
        .Select(balance => balance.GetProperty("balance").GetString()).SingleOrDefault();

    private async Task IssueAsync(JsonElement wallet, string amount)
    {
        using var http = new HttpClient { BaseAddress = host.Sandbox };
        using var issued = await http.PostAsJsonAsync(
            "/admin/issue",
            new { account = wallet.GetProperty("address").GetString(), asset = "USDC", amount },
            TestContext.Current.CancellationToken);
        issued.IsSuccessStatusCode.ShouldBeTrue(await issued.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}

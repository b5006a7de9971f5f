using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Compliance;

[Collection<MoneyCollection>]
public sealed class AdminWalletsTests(FrontdoorHost host)
{
    [Fact]
    public async Task A_wallet_is_frozen_and_unfrozen_for_a_reason_that_the_audit_log_keeps()
    {
        var admin = await host.NewAdminAsync();
        var user = await host.SignUpAsync();

        var frozen = (await admin.PostAsync($"/v1/admin/wallets/{user.WalletId}/freeze", new { reason = "Stolen phone" })).ShouldBeOk().Body;
        var unfrozen = (await admin.PostAsync($"/v1/admin/wallets/{user.WalletId}/unfreeze", new { reason = "Phone found" })).ShouldBeOk().Body;

        frozen.GetProperty("status").GetString().ShouldBe("frozen");
        frozen.GetProperty("frozen_by").GetString().ShouldBe(admin.UserId);
        frozen.GetProperty("freeze_reason").GetString().ShouldBe("Stolen phone");
        unfrozen.GetProperty("status").GetString().ShouldBe("active");
        unfrozen.GetProperty("frozen_by").GetString().ShouldBeNull();
        (await host.AuditOf(user.WalletId)).ShouldBe(
        [
            $"{admin.UserId} wallet.freeze {{\"reason\": \"Stolen phone\"}}", $"{admin.UserId} wallet.unfreeze {{\"reason\": \"Phone found\"}}",
        ]);
    }

    [Fact]
    public async Task A_users_tier_is_set_for_a_reason()
    {
        var admin = await host.NewAdminAsync();
        var user = await host.SignUpAsync();

        var wallet = (await admin.PostAsync($"/v1/admin/users/{user.UserId}/tier", new { tier = 2, reason = "Passport seen" })).ShouldBeOk().Body;

        wallet.GetProperty("limits").GetProperty("tier").GetInt32().ShouldBe(2);
        wallet.GetProperty("owner").GetString().ShouldBe(user.UserId);
        (await host.AuditOf(user.WalletId)).ShouldBe([$"{admin.UserId} wallet.tier_set {{\"tier\": 2, \"reason\": \"Passport seen\"}}"]);
        (await admin.PostAsync($"/v1/admin/users/{user.UserId}/tier", new { tier = 4, reason = "Passport seen" }))
            .ShouldBeError(HttpStatusCode.BadRequest, "tier_invalid", "tier");
        (await admin.PostAsync($"/v1/admin/users/{user.UserId}/tier", new { reason = "Passport seen" }))
            .ShouldBeError(HttpStatusCode.BadRequest, "parameter_missing", "tier");
    }

    [Theory]
    [InlineData(null, "parameter_missing")]
    [InlineData("", "parameter_missing")]
    [InlineData("  x  ", "reason_invalid")]
    [InlineData("two\nlines", "reason_invalid")]
    [InlineData("zero\0byte", "reason_invalid")]
    public async Task Nothing_is_done_without_a_reason(string? reason, string code)
    {
        var admin = await host.NewAdminAsync();
        var user = await host.SignUpAsync();

        foreach (var path in new[] { $"/v1/admin/wallets/{user.WalletId}/freeze", $"/v1/admin/wallets/{user.WalletId}/unfreeze" })
        {
            (await admin.PostAsync(path, new { reason })).ShouldBeError(HttpStatusCode.BadRequest, code, "reason");
        }

        (await admin.PostAsync($"/v1/admin/users/{user.UserId}/tier", new { tier = 1, reason }))
            .ShouldBeError(HttpStatusCode.BadRequest, code, "reason");
        host.Grains.Wallet(user.WalletId).Orders.ShouldBeEmpty();
        (await host.AuditOf(user.WalletId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_administrators_may()
    {
        var user = await host.SignUpAsync();

        foreach (var path in new[] { $"wallets/{user.WalletId}/freeze", $"wallets/{user.WalletId}/unfreeze", $"users/{user.UserId}/tier", "deny-list" })
        {
            (await user.PostAsync($"/v1/admin/{path}", new { reason = "Because", tier = 3 })).ShouldBeError(HttpStatusCode.Forbidden, "forbidden");
        }

        (await user.GetAsync($"/v1/admin/wallets/{user.WalletId}")).ShouldBeError(HttpStatusCode.Forbidden, "forbidden");
        host.Grains.Wallet(user.WalletId).Orders.ShouldBeEmpty();
    }

    [Fact]
    public async Task There_is_no_such_wallet()
    {
        var admin = await host.NewAdminAsync();

        foreach (var id in new[] { "wal_000000000000000000000000", "x" })
        {
            (await admin.GetAsync($"/v1/admin/wallets/{id}")).ShouldBeError(HttpStatusCode.NotFound, "wallet_not_found");
            (await admin.PostAsync($"/v1/admin/wallets/{id}/freeze", new { reason = "Because" })).ShouldBeError(HttpStatusCode.NotFound, "wallet_not_found");
            (await host.AuditOf(id)).ShouldBeEmpty();
        }
    }
}

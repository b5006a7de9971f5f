using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Webhooks;

namespace StellarPay.Frontdoor.Tests.Merchants;

/// <summary>Where payments are real an administrator approves of each business, and keys say so.</summary>
public sealed class LiveModeTests(LiveHost host) : IClassFixture<LiveHost>
{
    [Fact]
    public async Task Test_clocks_are_nowhere_where_payments_are_real()
    {
        var api = (await TestMerchant.MakeAsync(host, isLive: true)).Api;
        const string Path = "/v1/test_helpers/test_clocks";
        var clock = $"{Path}/clock_00000000000000000000000a";
        foreach (var answer in new[]
        {
            await api.PostAsync(Path, new { frozen_time = 1_900_000_000 }), await api.GetAsync(Path), await api.GetAsync(clock),
            await api.PostAsync($"{clock}/advance", new { frozen_time = 1_900_000_000 }),
            await api.SendAsync(new HttpRequestMessage(HttpMethod.Delete, clock)),
        })
        {
            answer.ShouldBeError(HttpStatusCode.NotFound, "test_mode_only");
        }

        (await api.PostAsync("/v1/payment_sessions", new { amount = 100, currency = "USD", test_clock = "clock_00000000000000000000000a" }))
            .ShouldBeError(HttpStatusCode.BadRequest, "test_mode_only", "test_clock");
    }

    [Fact]
    public async Task A_business_waits_for_its_approval_and_has_live_keys_after_it()
    {
        var shop = await Shop.OpenAsync(host);
        var key = new { kind = "secret", name = "Server", password = Api.Password };
        (await shop.Owner.GetAsync(shop.Path)).ShouldBeOk().Body.GetProperty("status").GetString().ShouldBe("pending");
        (await shop.Owner.PostAsync($"{shop.Path}/api_keys", key)).ShouldBeError(HttpStatusCode.Conflict, "merchant_not_active");
        (await shop.AskAsync(shop.Owner, HttpMethod.Post, "/v1/test/sessions")).ShouldBeError(HttpStatusCode.Forbidden, "merchant_pending");
        var admin = await host.NewAdminAsync();
        (await admin.GetAsync("/v1/admin/merchants?status=pending")).ShouldBeOk().Text.ShouldContain(shop.Id);
        // Approved while he is suspended he is active only once he is reinstated; that is said once, whatever is done after it.
        (await admin.PostAsync($"/v1/admin/merchants/{shop.Id}/suspend", new { reason = "Papers missing" })).ShouldBeOk();
        (await admin.PostAsync($"/v1/admin/merchants/{shop.Id}/approve", new { reason = "Papers seen" })).ShouldBeOk()
            .Body.GetProperty("status").GetString().ShouldBe("suspended");
        (await EventsOfAsync(shop.Id)).ShouldBe(["merchant.created", "merchant.suspended", "merchant.approved"]);
        (await admin.PostAsync($"/v1/admin/merchants/{shop.Id}/reinstate", new { reason = "Papers seen" })).ShouldBeOk();
        (await admin.PostAsync($"/v1/admin/merchants/{shop.Id}/suspend", new { reason = "Asked by a test" })).ShouldBeOk();
        (await admin.PostAsync($"/v1/admin/merchants/{shop.Id}/reinstate", new { reason = "Asked by a test" })).ShouldBeOk();
        (await EventsOfAsync(shop.Id)).Count(type => type == "merchant.activated").ShouldBe(1);

        var approved = (await admin.PostAsync($"/v1/admin/merchants/{shop.Id}/approve", new { reason = "Papers seen" })).ShouldBeOk();

        approved.Body.GetProperty("status").GetString().ShouldBe("active");
        approved.Body.GetProperty("mode").GetString().ShouldBe("live");
        var made = (await shop.Owner.PostAsync($"{shop.Path}/api_keys", key)).ShouldBeOk().Body.GetProperty("key").GetString()!;
        made.ShouldStartWith("sk_live_");
        (await host.With(made).PostAsync("/v1/test/sessions")).ShouldBeOk().Body.GetProperty("live").GetBoolean().ShouldBeTrue();
        (await host.With($"sk_test_{made[8..]}").GetAsync("/v1/merchant")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_wrong_mode")
            .Text.ShouldContain("This is a test key, and this is the live deployment: its keys begin with sk_live_.");
        (await shop.Owner.PostAsync($"{shop.Path}/api_keys", new
        {
            kind = "publishable", name = "Page", allowed_origins = new[] { "http://localhost:3000" }, password = Api.Password,
        })).ShouldBeError(HttpStatusCode.BadRequest, "allowed_origins_invalid", "allowed_origins");
    }

    private async Task<string[]> EventsOfAsync(string merchant)
    {
        await using var command = host.Database.DataSource.CreateCommand("SELECT array_agg(type ORDER BY id) FROM events WHERE subject = $1");
        command.Parameters.AddWithValue(merchant);
        return (string[])(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}

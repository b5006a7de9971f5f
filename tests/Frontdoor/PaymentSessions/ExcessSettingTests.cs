using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Merchants;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

/// <summary>Shops say once what is to be done with what comes beyond a price, or too late.</summary>
[Collection<SessionHostCollection>]
public sealed class ExcessSettingTests(SessionHost host)
{
    [Fact]
    public async Task What_the_owner_sets_is_done_with_what_comes_for_sessions_made_from_then_on()
    {
        var shop = await PaidShop.OpenAsync(host);
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "60");
        var path = $"/v1/merchants/{shop.Id}";
        var before = (await shop.Owner.GetAsync(path)).ShouldBeOk().Body;
        (before.GetProperty("over_payments").GetString(), before.GetProperty("late_payments").GetString()).ShouldBe(("keep", "hold"));
        (await shop.Owner.PatchAsync(path, new { over_payments = "accept" })).ShouldBeError(HttpStatusCode.BadRequest, "over_payments_invalid", "over_payments");
        (await shop.Owner.PatchAsync(path, new { late_payments = (string?)null })).ShouldBeError(HttpStatusCode.BadRequest, "late_payments_invalid", "late_payments");

        var set = (await shop.Owner.PatchAsync(path, new { over_payments = "refund", late_payments = "accept" })).ShouldBeOk().Body;
        (set.GetProperty("over_payments").GetString(), set.GetProperty("late_payments").GetString()).ShouldBe(("refund", "accept"));

        var over = await NewAsync(shop);
        await payer.PayAsync(over.GetProperty("pay_to"), "12");
        var refund = await Eventually.UntilAsync(
            () => shop.Server.GetAsync($"/v1/refunds?payment_session={over.GetProperty("id").GetString()}"),
            answer => answer.Body.GetProperty("data") is var all && all.GetArrayLength() == 1
                && all[0].GetProperty("status").GetString() == "succeeded");
        var made = refund.Body.GetProperty("data")[0];
        (made.GetProperty("reason").GetString(), made.GetProperty("amount").GetInt64()).ShouldBe(("automatic", 20_000_000));

        var late = await shop.NewSessionAsync(new { amount = 1000, currency = "USD", expires_in = 60 });
        var id = late.GetProperty("id").GetString()!;
        host.Clock.Advance(TimeSpan.FromSeconds(61));
        await host.LetLedgersCatchUpAsync();
        await Eventually.UntilAsync(
            async () =>
            {
                host.Clock.Advance(TimeSpan.FromSeconds(1));
                return (await shop.SessionAsync(id)).GetProperty("status").GetString() == "expired";
            },
            "its time is over");
        await payer.PayAsync(late.GetProperty("pay_to"), "9");
        await Eventually.UntilAsync(
            async () => (await shop.SessionAsync(id)).GetProperty("payments").GetArrayLength() == 1, "too little has come");
        await payer.PayAsync(late.GetProperty("pay_to"), "10");
        await Eventually.UntilAsync(
            async () => (await shop.SessionAsync(id)).GetProperty("accepted_as").ValueKind == JsonValueKind.String, "it is accepted");
        var ended = await shop.SessionAsync(id);
        ended.GetProperty("payments").EnumerateArray().Select(payment => payment.GetProperty("held_reason").GetString())
            .ShouldBe(["payment_below_price", null]);
        // The session that is made of it begins in its own time.
        await Eventually.UntilAsync(
            () => shop.Server.GetAsync($"/v1/payment_sessions/{ended.GetProperty("accepted_as").GetString()}"),
            answer => answer.Status == HttpStatusCode.OK && answer.Body.GetProperty("status").GetString() == "paid");
        await Eventually.UntilAsync(
            async () => (await shop.Server.GetAsync("/v1/events?type=payment_session.held")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
                .Any(told => told.GetProperty("type").GetString() == "payment_session.held"),
            "the shop is told what stays held");
    }

    [Fact]
    public async Task What_was_set_by_a_front_door_that_died_then_holds_for_the_next_session_and_what_is_held_the_shop_takes()
    {
        var shop = await PaidShop.OpenAsync(host);
        var payer = await host.PayerAsync("40");
        await NewAsync(shop);
        // The row says so, and nobody has told the account.
        await SetAsync(shop, "over_payments = 'hold', decisions = decisions + 1");

        var session = await NewAsync(shop);
        (await payer.PostAsync(
            "/v1/payments", new { recipient = session.GetProperty("id").GetString(), amount = "12", asset = "USDC", confirm = true }, Api.NewKey()))
            .ShouldBeOk();
        await Eventually.UntilAsync(
            async () => (await shop.BalanceAsync("USDC")) is { } usdc && usdc.GetProperty("held").GetString() == "2.0000000", "it is held");

        var id = session.GetProperty("id").GetString()!;
        var payment = (await shop.SessionAsync(id)).GetProperty("payments")[0].GetProperty("operation_id").GetString();
        var accepted = (await shop.Server.PostAsync($"/v1/payment_sessions/{id}/accept", new { payment })).ShouldBeOk().Body;
        (accepted.GetProperty("id").GetString(), accepted.GetProperty("accepted_as").ValueKind).ShouldBe((id, JsonValueKind.Null));
        await Eventually.UntilAsync(
            async () => (await shop.BalanceAsync("USDC")) is { } usdc && usdc.GetProperty("held").GetString() == "0.0000000"
                && usdc.GetProperty("available").GetString() == "11.9000000",
            "it is the shop's");

        // An account that was told that its merchant is suspended, and not that he is no more.
        var decision = await SetAsync(shop, "decisions = decisions + 2");
        var account = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IMerchantControl>(shop.Id);
        (await account.SetTermsAsync(decision - 1, suspended: true)).Error.ShouldBeNull();
        await NewAsync(shop);
    }

    private async Task<long> SetAsync(PaidShop shop, string what)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            $"UPDATE merchants.merchants SET {what} WHERE id = $1 RETURNING decisions");
        command.Parameters.AddWithValue(shop.Id);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static Task<JsonElement> NewAsync(PaidShop shop) => shop.NewSessionAsync(new { amount = 1000, currency = "USD" });
}

using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;

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
        (await shop.SessionAsync(ended.GetProperty("accepted_as").GetString()!)).GetProperty("status").GetString().ShouldBe("paid");
        await Eventually.UntilAsync(
            async () => (await shop.Server.GetAsync("/v1/events?type=payment_session.held")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
                .Any(told => told.GetProperty("type").GetString() == "payment_session.held"),
            "the shop is told what stays held");
    }

    private static Task<JsonElement> NewAsync(PaidShop shop) => shop.NewSessionAsync(new { amount = 1000, currency = "USD" });
}

using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

/// <summary>
/// 1999 of a currency is 19.99 where it has two decimals, 1.999 where it has three and 1999 where it has none: in the form, the answer, the
/// page and a refund. A shop elsewhere took a hundred times too many yen and a tenth of the dinars.
/// </summary>
[Collection<SessionHostCollection>]
public sealed class CurrencyDecimalsTests(SessionHost host)
{
    // At 0.0067, 0.012 and 3.25 dollars: what a development's rates are.
    [Theory]
    [InlineData("JPY", 1_999, "1999", "13.3933000", 999, "6.6933")]
    [InlineData("INR", 1_999, "19.99", "0.2398800", 1_000, "0.12")]
    [InlineData("KWD", 1_999, "1.999", "6.4967500", 1_000, "3.25")]
    public async Task What_is_asked_for_in_minor_units_is_shown_paid_and_refunded_as_so_much(
        string currency, long amount, string price, string due, long refund, string refunded)
    {
        var shop = await PaidShop.OpenAsync(host);
        var payer = await host.PayerAsync("40");
        var checkout = await OpenCheckout.NewAsync(shop, new { amount, currency, assets = new[] { "USDC" } });

        var session = await shop.SessionAsync(checkout.Id);
        (session.GetProperty("amount").GetInt64(), session.GetProperty("amount_decimal").GetString(), session.GetProperty("amount_asset").GetString())
            .ShouldBe((amount, price, due));
        (await checkout.TextAsync()).ShouldContain($"{price} {currency}");
        var same = await shop.NewSessionAsync(new { amount_decimal = price, currency, assets = new[] { "USDC" } });
        (same.GetProperty("amount").GetInt64(), same.GetProperty("amount_asset").GetString()).ShouldBe((amount, due));
        (await shop.Server.PostAsync("/v1/payment_sessions", new { amount_decimal = price + (price.Contains('.') ? "1" : ".1"), currency }))
            .ShouldBeError(HttpStatusCode.BadRequest, "amount_invalid", "amount_decimal");

        await PayAsync(payer, session);
        await shop.UntilAsync(checkout.Id, "paid");
        var paid = await shop.SessionAsync(checkout.Id);
        paid.GetProperty("amount_received").GetInt64().ShouldBe(amount);
        var made = (await shop.Server.PostAsync("/v1/refunds", new { payment_session = checkout.Id, amount = refund })).ShouldBeOk().Body;
        (made.GetProperty("amount").GetInt64(), made.GetProperty("currency").GetString()).ShouldBe((refund, currency.ToLowerInvariant()));
        decimal.Parse(
                made.GetProperty("stellarpay").GetProperty("legs")[0].GetProperty("amount").GetString()!,
                System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBe(Part(due, refund, amount));
        Part(due, refund, amount).ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldStartWith(refunded);
        (await shop.Server.PostAsync("/v1/refunds", new { payment_session = checkout.Id, amount = amount - refund + 1 }))
            .ShouldBeError(HttpStatusCode.BadRequest, "refund_exceeds_payment", "amount");
        (await shop.SessionAsync(checkout.Id)).GetProperty("amount_refunded").GetInt64().ShouldBe(refund);
    }

    // To the stroop, rounded down.
    private static decimal Part(string due, long refund, long amount) =>
        decimal.Floor(decimal.Parse(due, System.Globalization.CultureInfo.InvariantCulture) * 10_000_000 * refund / amount) / 10_000_000;

    private static async Task PayAsync(Api payer, JsonElement session)
    {
        var to = session.GetProperty("pay_to");
        (await payer.PostAsync("/v1/payments", new
        {
            recipient = to.GetProperty("address").GetString(), asset = "USDC", amount = session.GetProperty("amount_asset").GetString(),
            memo = to.GetProperty("memo").GetString(), confirm = true,
        }, Api.NewKey())).ShouldBeOk();
    }
}

using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

/// <summary>
/// Given 5: refunds that are asked for at once, each under a key of its own, go no further than the payment (nopSolutions/nopCommerce#7015,
/// ingenesis/shopp#3205).
/// </summary>
[Collection<SessionHostCollection>]
public sealed class ParallelRefundTests(SessionHost host)
{
    [Fact]
    public async Task Of_ten_refunds_of_three_tenths_at_once_three_are_made_seven_are_bad_requests_and_the_rest_is_a_tenth()
    {
        var shop = await PaidShop.OpenAsync(host);
        var payer = await host.PayerAsync("40");
        var session = await shop.NewSessionAsync(new { amount = 1_000, currency = "USD", assets = new[] { "USDC" } });
        var id = session.GetProperty("id").GetString()!;
        var to = session.GetProperty("pay_to");
        (await payer.PostAsync("/v1/payments", new
        {
            recipient = to.GetProperty("address").GetString(), asset = "USDC", amount = session.GetProperty("amount_asset").GetString(),
            memo = to.GetProperty("memo").GetString(), confirm = true,
        }, Api.NewKey())).ShouldBeOk();
        await shop.UntilAsync(id, "paid");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(
            n => shop.Server.PostAsync("/v1/refunds", new { payment_session = id, amount = 300 }, $"refund-{n}")));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(3);
        var refused = answers.Where(answer => answer.Status != HttpStatusCode.OK).ToArray();
        refused.Length.ShouldBe(7);
        foreach (var answer in refused)
        {
            answer.ShouldBeError(HttpStatusCode.BadRequest, "refund_exceeds_payment", "amount");
            answer.Body.GetProperty("error").GetProperty("type").GetString().ShouldBe("invalid_request_error");
        }

        var rest = (await shop.Server.PostAsync("/v1/refunds", new { payment_session = id }, "the rest")).ShouldBeOk().Body;
        rest.GetProperty("amount").GetInt64().ShouldBe(100);
        (await shop.Server.PostAsync("/v1/refunds", new { payment_session = id, amount = 1 }, "one more"))
            .ShouldBeError(HttpStatusCode.BadRequest, "refund_exceeds_payment", "amount");
        (await shop.SessionAsync(id)).GetProperty("amount_refunded").GetInt64().ShouldBe(1_000);
    }
}

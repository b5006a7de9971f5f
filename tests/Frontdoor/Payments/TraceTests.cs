using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Payments;

[Collection<MoneyCollection>]
public sealed class TraceTests(FrontdoorHost host)
{
    [Fact]
    public async Task A_payer_sees_where_the_money_is_and_nobody_else_does()
    {
        var payer = await host.SignUpAsync();
        var other = await host.SignUpAsync();
        var quote = await payer.PostAsync("/v1/payments", new { recipient = other.Email, asset = "USDC", amount = "1" });
        var path = $"/v1/payments/{quote.ShouldBeOk().Body.GetProperty("id").GetString()}/trace";

        var trace = (await payer.GetAsync(path)).ShouldBeOk().Body;

        trace.GetProperty("object").GetString().ShouldBe("payment_trace");
        trace.GetProperty("summary").GetString().ShouldBe("It is on its way.");
        trace.GetProperty("payment").GetProperty("amount").GetString().ShouldBe("1.0000000");
        trace.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("step").GetString()).ShouldBe(["quoted", "submitted"]);
        trace.GetProperty("steps")[1].GetProperty("transaction_hash").GetString().ShouldBe("outer");
        trace.GetProperty("network").GetProperty("latest_ledger").GetInt64().ShouldBe(7);
        (await other.GetAsync(path)).ShouldBeError(HttpStatusCode.NotFound, "payment_not_found");
        (await payer.GetAsync("/v1/payments/nonsense/trace")).ShouldBeError(HttpStatusCode.NotFound, "payment_not_found");
        (await host.Anonymous().GetAsync(path)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}

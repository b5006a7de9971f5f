using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Live;

namespace StellarPay.Frontdoor.Tests.Payments;

[Collection<WholeHostCollection>]
public sealed class WholeJobTests(WholeHost host)
{
    [Fact]
    public async Task Two_people_sign_up_and_one_pays_the_other_and_both_see_it()
    {
        var payer = await host.SignUpAsync();
        var payee = await host.SignUpAsync();
        await using var paying = await LiveClient.ConnectAsync(host.Address, payer.AccessToken!);
        await using var paid = await LiveClient.ConnectAsync(host.Address, payee.AccessToken!);
        await IssueAsync(await paying.WalletWhereAsync(wallet => StatusOf(wallet) == "active"), "100");
        await paying.WalletWhereAsync(wallet => UsdcOf(wallet) == "100.0000000");
        await paid.WalletWhereAsync(wallet => StatusOf(wallet) == "active");

        var quote = (await payer.PostAsync("/v1/payments", new { recipient = payee.Email, asset = "USDC", amount = "12.50", memo = "lunch" }, "quote-1"))
            .ShouldBeOk().Body;
        var id = quote.GetProperty("id").GetString();
        (await payer.PostAsync($"/v1/payments/{id}/confirm", null, "confirm-1")).ShouldBeOk();

        await paying.WalletWhereAsync(wallet => UsdcOf(wallet) == "87.5000000");
        await paid.WalletWhereAsync(wallet => UsdcOf(wallet) == "12.5000000");
        var done = (await payer.GetAsync($"/v1/payments/{id}")).ShouldBeOk().Body;
        done.GetProperty("status").GetString().ShouldBe("succeeded");
        done.GetProperty("transaction_hash").GetString()!.Length.ShouldBe(64);
        (await payer.PostAsync($"/v1/payments/{id}/confirm", null, "confirm-1")).ShouldBeOk().Body.GetProperty("id").GetString().ShouldBe(id);
        (await payee.GetAsync($"/v1/payments/{id}")).ShouldBeError(HttpStatusCode.NotFound, "payment_not_found");
        (await payer.PostAsync("/v1/payments", new { recipient = payee.Email, asset = "USDC", amount = "1000000" }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "payment_limit_exceeded", "amount");
    }

    [Fact]
    public async Task A_scheduled_payment_is_paid_when_it_is_due()
    {
        var payer = await host.SignUpAsync();
        var payee = await host.SignUpAsync();
        await using var paying = await LiveClient.ConnectAsync(host.Address, payer.AccessToken!);
        await using var paid = await LiveClient.ConnectAsync(host.Address, payee.AccessToken!);
        await IssueAsync(await paying.WalletWhereAsync(wallet => StatusOf(wallet) == "active"), "100");
        await paying.WalletWhereAsync(wallet => UsdcOf(wallet) == "100.0000000");
        await paid.WalletWhereAsync(wallet => StatusOf(wallet) == "active");

        var request = new
        {
            recipient = payee.Email, asset = "USDC", amount = "5", frequency = "monthly", count = 2,
            start_at = host.Clock.GetUtcNow(), time_zone = "Europe/Paris",
        };
        var made = (await payer.PostAsync("/v1/schedules", request, "rent")).ShouldBeOk().Body;
        var id = made.GetProperty("id").GetString();
        made.GetProperty("status").GetString().ShouldBe("active");
        (await payer.PostAsync("/v1/schedules", request, "rent")).ShouldBeOk().Body.GetProperty("id").GetString().ShouldBe(id);

        await paid.WalletWhereAsync(wallet => UsdcOf(wallet) == "5.0000000");
        (await paying.FirstAsync("schedule")).GetProperty("type").GetString().ShouldBe("created");
        // The clock goes on once: what the schedule is told then of the payment is to be its end, which the payer's wallet
        // takes in by itself.
        await Eventually.UntilAsync(
            async () => UsdcOf((await payer.GetAsync("/v1/wallet")).ShouldBeOk().Body) == "95.0000000", "the payer has paid");
        host.Clock.Advance(TimeSpan.FromSeconds(3));
        var told = await paying.FirstAsync("schedule");
        (told.GetProperty("type").GetString(), told.GetProperty("schedule").GetString()).ShouldBe(("occurrence_succeeded", id));
        (await payer.GetAsync("/v1/schedules")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(1);
        var occurrence = (await payer.GetAsync($"/v1/schedules/{id}")).ShouldBeOk().Body.GetProperty("occurrences")[0];
        occurrence.GetProperty("number").GetInt32().ShouldBe(1);
        (await payee.GetAsync($"/v1/schedules/{id}")).ShouldBeError(HttpStatusCode.NotFound, "schedule_not_found");
        (await payer.PostAsync($"/v1/schedules/{id}/cancel", null)).ShouldBeOk()
            .Body.GetProperty("status").GetString().ShouldBe("cancelled");
        (await payer.PostAsync("/v1/schedules", new { recipient = payee.Email, asset = "USDC", amount = "5", frequency = "hourly", request.start_at }))
            .ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "frequency");
    }

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

using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

/// <summary>Shops take what came too late for the price.</summary>
[Collection<SessionHostCollection>]
public sealed class AcceptedPaymentTests(SessionHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_late_payment_that_is_accepted_is_a_sale_of_its_own_which_the_shop_reads_hears_of_and_refunds()
    {
        var shop = await PaidShop.OpenAsync(host);
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "40");
        var (old, payment) = await LateAsync(shop, payer, "12");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AcceptAsync(shop.Server, old, payment)));

        var born = answers[0].ShouldBeOk().Body;
        var id = born.GetProperty("id").GetString()!;
        answers.Select(answer => answer.ShouldBeOk().Body.GetProperty("id").GetString()).Distinct().ShouldBe([id]);
        (born.GetProperty("status").GetString(), born.GetProperty("recovered_from").GetString(), born.GetProperty("late").GetBoolean(),
            born.GetProperty("overpaid").GetBoolean(), born.GetProperty("amount_received").GetInt64()).ShouldBe(("paid", old, true, true, 1000));
        (born.GetProperty("description").GetString(), born.GetProperty("metadata").GetProperty("order").GetString()).ShouldBe(("A book", "79"));
        var paid = born.GetProperty("payments")[0];
        (paid.GetProperty("operation_id").GetString(), paid.GetProperty("verdict").GetString(), paid.GetProperty("amount_counted").GetString())
            .ShouldBe((payment, "overpaid", "10.0000000"));
        JsonElement.DeepEquals(await shop.SessionAsync(id), born).ShouldBeTrue("it is read as it was answered");
        var ended = await shop.SessionAsync(old);
        (ended.GetProperty("status").GetString(), ended.GetProperty("accepted_as").GetString(), ended.GetProperty("recovered_from").ValueKind)
            .ShouldBe(("canceled", id, JsonValueKind.Null));
        (await shop.Server.GetAsync("/v1/payment_sessions?status=paid")).ShouldBeOk().Body.GetProperty("data")[0].GetProperty("id").GetString().ShouldBe(id);
        (await shop.Server.PostAsync($"/v1/payment_sessions/{old}/verify", new { tx_hash = paid.GetProperty("tx_hash").GetString() })).ShouldBeOk()
            .Body.GetProperty("message").GetString()!.ShouldContain(id);

        await Eventually.UntilAsync(
            async () => await BooksAsync(shop) == "merchant_available 119000000, merchant_fees 1000000",
            "the books have the sale, its fee, and nothing that is held");
        (await shop.BalanceAsync("USDC"))!.Value.GetProperty("available").GetString().ShouldBe("11.9000000", "no fee of what is beyond the price");
        var told = await EventsAsync(shop);
        told.Where(one => one.Session == id).Select(one => one.Type)
            .ShouldBe(["payment_session.created", "payment_session.paid", "payment_session.overpaid"]);
        told.Where(one => one.Session == old).Select(one => one.Type)
            .ShouldBe(["payment_session.created", "payment_session.canceled", "payment_session.late", "payment_session.accepted"]);

        (await shop.Server.PostAsync("/v1/refunds", new { payment_session = old, payment }))
            .ShouldBeError(HttpStatusCode.Conflict, "payment_accepted", "payment");
        (await shop.Server.PostAsync("/v1/refunds", new { payment_session = id, amount = 400 })).ShouldBeOk();
    }

    [Fact]
    public async Task Who_may_give_money_back_may_accept_it_and_nobody_else_and_what_will_not_do_is_refused_by_its_rule()
    {
        var shop = await PaidShop.OpenAsync(host);
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "40");
        var (old, payment) = await LateAsync(shop, payer, "9.99");
        var seller = await shop.WithAsync(new
        {
            kind = "restricted", name = "Sells", permissions = new[] { "payment_sessions:write", "payment_sessions:read", "refunds:read" }, password = Api.Password,
        });
        var clerk = await shop.WithAsync(new
        {
            kind = "restricted", name = "Gives back", permissions = new[] { "refunds:write" }, password = Api.Password,
        });

        (await AcceptAsync(seller, old, payment)).ShouldBeError(HttpStatusCode.Forbidden, "permission_missing");
        (await AcceptAsync((await PaidShop.OpenAsync(host)).Server, old, payment)).ShouldBeError(HttpStatusCode.NotFound, "payment_session_not_found");
        (await AcceptAsync(host.Anonymous(), old, payment)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await AcceptAsync(clerk, old, payment)).ShouldBeError(HttpStatusCode.BadRequest, "payment_below_price", "payment");
        (await AcceptAsync(clerk, old, "1-0")).ShouldBeError(HttpStatusCode.NotFound, "payment_not_found", "payment");
        (await AcceptAsync(clerk, old, "first")).ShouldBeError(HttpStatusCode.BadRequest, "payment_invalid", "payment");
        (await AcceptAsync(clerk, old, null)).ShouldBeError(HttpStatusCode.BadRequest, "parameter_missing", "payment");
        (await AcceptAsync(clerk, "pay_1", payment)).ShouldBeError(HttpStatusCode.NotFound, "payment_session_not_found");
        (await shop.SessionAsync(old)).GetProperty("accepted_as").ValueKind.ShouldBe(JsonValueKind.Null);

        await payer.PayAsync((await shop.SessionAsync(old)).GetProperty("pay_to"), "10");
        await Eventually.UntilAsync(async () => (await shop.SessionAsync(old)).GetProperty("payment_count").GetInt32() == 2, "enough came");
        var enough = (await shop.SessionAsync(old)).GetProperty("payments")[1].GetProperty("operation_id").GetString()!;
        (await shop.Server.PostAsync("/v1/refunds", new { payment_session = old, payment })).ShouldBeOk();
        (await AcceptAsync(clerk, old, enough)).ShouldBeOk().Body.GetProperty("late").GetBoolean().ShouldBeTrue();
        (await AcceptAsync(clerk, old, payment)).ShouldBeError(HttpStatusCode.Conflict, "payment_session_accepted", "payment");
    }

    // Ten dollars, cancelled, and paid then.
    private static async Task<(string Session, string Payment)> LateAsync(PaidShop shop, OutsidersWallet payer, string amount)
    {
        var session = await shop.NewSessionAsync(new { amount = 1000, currency = "USD", description = "A book", metadata = new { order = "79" } });
        var id = session.GetProperty("id").GetString()!;
        (await shop.Server.PostAsync($"/v1/payment_sessions/{id}/cancel")).ShouldBeOk();
        await payer.PayAsync(session.GetProperty("pay_to"), amount);
        await Eventually.UntilAsync(async () => (await shop.SessionAsync(id)).GetProperty("late").GetBoolean(), "it came");
        return (id, (await shop.SessionAsync(id)).GetProperty("payments")[0].GetProperty("operation_id").GetString()!);
    }

    private static Task<Answer> AcceptAsync(Api api, string session, string? payment) =>
        api.PostAsync($"/v1/payment_sessions/{session}/accept", new { payment });

    private async Task<string?> BooksAsync(PaidShop shop)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            """
            SELECT string_agg(account || ' ' || stroops, ', ' ORDER BY account)
            FROM journal_balances WHERE owner = $1 AND asset LIKE 'USDC:%' AND account <> 'ledger' AND stroops <> 0
            """);
        command.Parameters.AddWithValue(shop.Id);
        return await command.ExecuteScalarAsync(Cancelled) as string;
    }

    // Oldest first.
    private static async Task<(string Type, string? Session)[]> EventsAsync(PaidShop shop)
    {
        (string Type, string? Session)[] told = [];
        await Eventually.UntilAsync(
            async () =>
            {
                told =
                [
                    .. (await shop.Server.GetAsync("/v1/events")).ShouldBeOk().Body.GetProperty("data").EnumerateArray().Reverse()
                        .Select(one => (one.GetProperty("type").GetString()!, SessionOf(one))),
                ];
                return told.Any(one => one.Type == "payment_session.accepted") && told.Count(one => one.Type == "payment_session.overpaid") == 1;
            },
            "the shop is told");
        return told;
    }

    private static string? SessionOf(JsonElement told) =>
        told.TryGetProperty("session_id", out var simple) ? simple.GetString()
        : told.GetProperty("data").GetProperty("object") is var about && about.TryGetProperty("id", out var id) ? id.GetString() : null;
}

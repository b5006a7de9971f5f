using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

/// <summary>Shops give money back, to wallets of ours and by the ledger.</summary>
[Collection<SessionHostCollection>]
public sealed class RefundApiTests(SessionHost host)
{
    [Fact]
    public async Task What_a_shop_refunds_is_in_the_payers_wallet_and_the_shop_reads_its_end_where_it_looks()
    {
        var shop = await PaidShop.OpenAsync(host);
        var payer = await host.PayerAsync("50");
        await PaidAsync(shop, payer, new { amount_decimal = "20", currency = "USDC" });
        var id = await PaidAsync(shop, payer, new { amount = 1000, currency = "USD" });
        // His wallet takes in by itself what he paid, the shop's account and its session by themselves.
        await Eventually.UntilAsync(async () => await BalanceAsync(payer) == "20.0000000", "the payer has paid both");
        var key = Api.NewKey();
        var request = new { payment_session = id, amount = 250, reason = "requested_by_customer", metadata = new { ticket = "4711" } };

        var made = (await shop.Server.PostAsync("/v1/refunds", request, key)).ShouldBeOk().Body;

        (made.GetProperty("object").GetString(), made.GetProperty("status").GetString(), made.GetProperty("amount").GetInt64(),
            made.GetProperty("currency").GetString()).ShouldBe(("refund", "pending", 250, "usd"));
        made.GetProperty("metadata").GetProperty("ticket").GetString().ShouldBe("4711");
        var refund = made.GetProperty("id").GetString()!;
        (await shop.Server.PostAsync("/v1/refunds", request, key)).ShouldBeOk().Body.GetProperty("id").GetString().ShouldBe(refund, "the key is known");
        (await shop.Server.PostAsync("/v1/refunds", new { payment_session = id, amount = 251 }, key))
            .ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_reused", "Idempotency-Key");
        (await shop.Server.GetAsync("/v1/refunds")).ShouldBeOk().Body.GetProperty("data")[0].GetProperty("id").GetString().ShouldBe(refund);

        var paid = await Eventually.UntilAsync(
            () => shop.Server.GetAsync($"/v1/refunds/{refund}"), answer => answer.Body.GetProperty("status").GetString() == "succeeded");
        var leg = paid.Body.GetProperty("stellarpay").GetProperty("legs")[0];
        (leg.GetProperty("amount").GetString(), leg.GetProperty("tx_hash").GetString()).ShouldBe(
            ("2.5000000", paid.Body.GetProperty("destination_details").GetProperty("crypto").GetProperty("reference").GetString()));
        await Eventually.UntilAsync(async () => await BalanceAsync(payer) == "22.5000000", "the payer has it");
        var session = await shop.SessionAsync(id);
        (session.GetProperty("amount_refunded").GetInt64(), session.GetProperty("status").GetString()).ShouldBe((250, "paid"));
        await Eventually.UntilAsync(async () => (await TypesAsync(shop, refund)).Contains("refund.updated"), "the shop is told");

        var other = await PaidShop.OpenAsync(host);
        (await other.Server.GetAsync($"/v1/refunds/{refund}")).ShouldBeError(HttpStatusCode.NotFound, "refund_not_found");
        (await other.Server.PostAsync("/v1/refunds", request))
            .ShouldBeError(HttpStatusCode.NotFound, "payment_session_not_found", "payment_session");
        (await other.Server.GetAsync($"/v1/refunds?payment_session={id}")).ShouldBeError(HttpStatusCode.NotFound, "payment_session_not_found");
        var reader = await shop.WithAsync(new
        {
            kind = "restricted", name = "Reads", permissions = new[] { "refunds:read" }, password = Api.Password,
        });
        (await reader.PostAsync("/v1/refunds", request)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Refunds_are_listed_page_by_page_and_what_will_not_do_names_its_field()
    {
        var shop = await PaidShop.OpenAsync(host);
        var payer = await host.PayerAsync("30");
        var id = await PaidAsync(shop, payer, new { amount_decimal = "3", currency = "USDC" });
        await PaidAsync(shop, payer, new { amount_decimal = "20", currency = "USDC" });
        var made = new List<string>();
        var at = new List<long>();
        foreach (var amount in new[] { "0.5", "0.25", "0.125" })
        {
            host.Clock.Advance(TimeSpan.FromSeconds(2));
            at.Add(host.Clock.GetUtcNow().ToUnixTimeSeconds());
            made.Add((await shop.Server.PostAsync("/v1/refunds", new { payment_session = id, amount_decimal = amount })).ShouldBeOk().Body
                .GetProperty("id").GetString()!);
        }

        foreach (var list in new[] { "/v1/refunds?", $"/v1/refunds?payment_session={id}&" })
        {
            var first = (await shop.Server.GetAsync($"{list}limit=2")).ShouldBeOk().Body;
            IdsOf(first).ShouldBe([made[2], made[1]]);
            first.GetProperty("has_more").GetBoolean().ShouldBeTrue();
            IdsOf((await shop.Server.GetAsync($"{list}limit=2&starting_after={made[1]}")).ShouldBeOk().Body).ShouldBe([made[0]]);
            var back = (await shop.Server.GetAsync($"{list}limit=1&ending_before={made[0]}")).ShouldBeOk().Body;
            IdsOf(back).ShouldBe([made[1]]);
            back.GetProperty("has_more").GetBoolean().ShouldBeTrue();
            IdsOf((await shop.Server.GetAsync($"{list}created[gte]={at[1]}&limit=1")).ShouldBeOk().Body).ShouldBe([made[2]]);
            IdsOf((await shop.Server.GetAsync($"{list}created[gte]={at[1]}&starting_after={made[2]}")).ShouldBeOk().Body).ShouldBe([made[1]]);
            IdsOf((await shop.Server.GetAsync($"{list}created[lt]={at[2]}&ending_before={made[0]}")).ShouldBeOk().Body).ShouldBe([made[1]]);
            IdsOf((await shop.Server.GetAsync($"{list}created={at[0]}")).ShouldBeOk().Body).ShouldBe([made[0]]);
            (await shop.Server.GetAsync($"{list}created=-1")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "created");
        }

        async Task RefusedAsync(object request, HttpStatusCode status, string code, string? param)
        {
            var answer = await shop.Server.PostAsync("/v1/refunds", request);
            answer.ShouldBeError(status, code, param);
        }

        await RefusedAsync(new { }, HttpStatusCode.BadRequest, "parameter_missing", "payment_session");
        await RefusedAsync(new { payment_session = "pay_1" }, HttpStatusCode.BadRequest, "payment_session_invalid", "payment_session");
        await RefusedAsync(new { payment_session = id, payment = "x" }, HttpStatusCode.BadRequest, "payment_invalid", "payment");
        await RefusedAsync(new { payment_session = id, payment = "1-0" }, HttpStatusCode.NotFound, "payment_not_found", "payment");
        await RefusedAsync(new { payment_session = id, amount = 0 }, HttpStatusCode.BadRequest, "amount_invalid", "amount");
        await RefusedAsync(new { payment_session = id, amount_decimal = "1e1" }, HttpStatusCode.BadRequest, "amount_invalid", "amount_decimal");
        await RefusedAsync(new { payment_session = id, amount_decimal = "2.2" }, HttpStatusCode.BadRequest, "refund_exceeds_payment", "amount");
        await RefusedAsync(new { payment_session = id, amount = 999 }, HttpStatusCode.BadRequest, "refund_too_small", "amount");
        await RefusedAsync(new { payment_session = id, reason = "bored" }, HttpStatusCode.BadRequest, "reason_invalid", "reason");
        await RefusedAsync(
            new { payment_session = id, metadata = new Dictionary<string, string> { ["a[b]"] = "1" } }, HttpStatusCode.BadRequest, "metadata_invalid", "metadata");
        IdsOf((await shop.Server.GetAsync("/v1/refunds")).ShouldBeOk().Body).Length.ShouldBe(3, "none of these was made");
    }

    [Fact]
    public async Task A_list_of_refunds_reads_each_of_them_and_not_their_sessions()
    {
        var shop = await PaidShop.OpenAsync(host);
        var payer = await host.PayerAsync("30");
        var id = await PaidAsync(shop, payer, new { amount_decimal = "3", currency = "USDC" });
        await PaidAsync(shop, payer, new { amount_decimal = "20", currency = "USDC" });
        var notes = Enumerable.Range(0, 10).ToDictionary(at => $"note{at}", _ => new string('n', 500));
        foreach (var amount in new[] { "0.5", "0.25", "0.125" })
        {
            (await shop.Server.PostAsync("/v1/refunds", new { payment_session = id, amount_decimal = amount, metadata = notes })).ShouldBeOk();
        }

        var listed = (await shop.Server.GetAsync("/v1/refunds")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
            .Select(refund => refund.GetProperty("metadata").GetProperty("note9").GetString()).ToArray();
        listed.ShouldBe([notes["note9"], notes["note9"], notes["note9"]]);
        await using var command = host.Database.DataSource.CreateCommand(
            """
            SELECT array(SELECT octet_length(r.payload) <= (
                SELECT max(octet_length(g.payload::text)) FROM grain_rows g WHERE g.grain_key = $2 AND g.row_key LIKE 're\_%')
            FROM (SELECT DISTINCT service_id, scope FROM object_lists WHERE scope = $1) l
            CROSS JOIN LATERAL refund_page(l.service_id, l.scope, NULL, NULL, NULL, NULL, 10) r)
            """);
        command.Parameters.AddWithValue(shop.Id);
        command.Parameters.AddWithValue(id);
        ((bool[])(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!).ShouldBe([true, true, true]);
    }

    private static async Task<string?> BalanceAsync(Api payer) =>
        (await payer.GetAsync("/v1/wallet")).ShouldBeOk().Body.GetProperty("balances").EnumerateArray()
            .Single(balance => balance.GetProperty("asset").GetString() == "USDC").GetProperty("balance").GetString();

    private static string[] IdsOf(JsonElement list) =>
        [.. list.GetProperty("data").EnumerateArray().Select(refund => refund.GetProperty("id").GetString()!)];

    private static async Task<string[]> TypesAsync(PaidShop shop, string refund) =>
    [
        .. (await shop.Server.GetAsync("/v1/events")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
            .Where(happened => happened.GetProperty("data").GetProperty("object").GetProperty("id").GetString() == refund)
            .Select(happened => happened.GetProperty("type").GetString()!),
    ];

    private static async Task<string> PaidAsync(PaidShop shop, Api payer, object request)
    {
        var session = await shop.NewSessionAsync(request);
        var to = session.GetProperty("pay_to");
        (await payer.PostAsync("/v1/payments", new
        {
            recipient = to.GetProperty("address").GetString(), asset = "USDC", amount = session.GetProperty("amount_asset").GetString(),
            memo = to.GetProperty("memo").GetString(), confirm = true,
        }, Api.NewKey())).ShouldBeOk();
        var id = session.GetProperty("id").GetString()!;
        await shop.UntilAsync(id, "paid");
        return id;
    }
}

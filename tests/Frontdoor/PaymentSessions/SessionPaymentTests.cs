using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Webhooks;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

/// <summary>Shops are paid, by wallets of ours and by the network at large.</summary>
[Collection<SessionHostCollection>]
public sealed class SessionPaymentTests(SessionHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wallet_of_ours_pays_a_session_by_its_memo_and_the_shop_has_it_less_the_fee()
    {
        var shop = await PaidShop.OpenAsync(host);
        var session = await shop.NewSessionAsync(new
        {
            amount = 1000, currency = "USD", description = "A book", customer_email = "Reader@Example.com", metadata = new { order = "77" },
        });
        var to = session.GetProperty("pay_to");
        var payer = await host.PayerAsync("40");

        var payment = (await payer.PostAsync("/v1/payments", new
        {
            recipient = to.GetProperty("address").GetString(), asset = "USDC", amount = session.GetProperty("amount_asset").GetString(),
            memo = to.GetProperty("memo").GetString(), confirm = true,
        }, Api.NewKey())).ShouldBeOk().Body;

        var id = session.GetProperty("id").GetString()!;
        await shop.UntilAsync(id, "paid");
        var paid = await shop.SessionAsync(id);
        (paid.GetProperty("amount_received").GetInt64(), paid.GetProperty("received").GetString(), paid.GetProperty("livemode").GetBoolean())
            .ShouldBe((1000, "10.0000000", false));
        (paid.GetProperty("customer_email").GetString(), paid.GetProperty("metadata").GetProperty("order").GetString()).ShouldBe(("Reader@Example.com", "77"));
        await Eventually.UntilAsync(
            async () => (await shop.BalanceAsync("USDC"))?.GetProperty("available").GetString() == "9.9000000", "the shop has it");
        (await shop.BalanceAsync("USDC"))!.Value.GetProperty("fees").GetString().ShouldBe("0.1000000");
        var ledger = await Eventually.UntilAsync(
            () => payer.GetAsync($"/v1/payments/{payment.GetProperty("id").GetString()}"),
            answer => answer.Body.GetProperty("status").GetString() == "succeeded");
        paid.GetProperty("tx_hash").GetString().ShouldBe(ledger.Body.GetProperty("transaction_hash").GetString());
        var proof = (await shop.Server.PostAsync($"/v1/payment_sessions/{id}/verify", new { tx_hash = paid.GetProperty("tx_hash").GetString() }))
            .ShouldBeOk().Body;
        (proof.GetProperty("counted").GetBoolean(), proof.GetProperty("reason").ValueKind).ShouldBe((true, JsonValueKind.Null));
        (await shop.Server.PostAsync($"/v1/payment_sessions/{id}/verify", new { tx_hash = new string('0', 64) })).ShouldBeOk().Body
            .GetProperty("reason").GetString().ShouldBe("not_seen");
        (await shop.Server.PostAsync($"/v1/payment_sessions/{id}/cancel")).ShouldBeError(HttpStatusCode.Conflict, "payment_session_not_open");
    }

    [Fact]
    public async Task A_payer_who_is_short_pays_the_rest_to_the_muxed_address()
    {
        var shop = await PaidShop.OpenAsync(host);
        var session = await shop.NewSessionAsync(new { amount_decimal = "3", currency = "USDC" });
        var (id, to) = (session.GetProperty("id").GetString()!, session.GetProperty("pay_to"));
        var payer = await host.PayerAsync("20");

        await PayAsync(payer, to.GetProperty("address").GetString()!, "1.25", to.GetProperty("memo_id").GetString(), "id");
        await Eventually.UntilAsync(async () => (await shop.SessionAsync(id)).GetProperty("underpaid").GetBoolean(), "it is underpaid");
        (await shop.SessionAsync(id)).GetProperty("rest").GetString().ShouldBe("1.7500000");
        await PayAsync(payer, to.GetProperty("muxed_address").GetString()!, "1.75");

        await shop.UntilAsync(id, "paid");
        var paid = await shop.SessionAsync(id);
        (paid.GetProperty("amount").ValueKind, paid.GetProperty("amount_received_decimal").GetString(), paid.GetProperty("underpaid").GetBoolean())
            .ShouldBe((JsonValueKind.Null, "3.0000000", false));
        paid.GetProperty("payments").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task The_shops_server_is_told_in_order_signed_and_with_what_the_shop_said_of_the_sale()
    {
        var shop = await PaidShop.OpenAsync(host);
        await using var server = await Receiver.StartAsync();
        var endpoint = (await shop.Server.PostAsync("/v1/webhook_endpoints", new
        {
            url = server.Url.ToString(), enabled_events = new[] { "payment_session.*" },
        })).ShouldBeOk().Body;
        var session = await shop.NewSessionAsync(new { amount_decimal = "2", currency = "USDC", metadata = new { order = "78" }, description = "A map" });
        var (id, to) = (session.GetProperty("id").GetString()!, session.GetProperty("pay_to"));
        var payer = await host.PayerAsync("20");

        await PayAsync(payer, to.GetProperty("muxed_address").GetString()!, "0.5");
        await Eventually.UntilAsync(async () => (await shop.SessionAsync(id)).GetProperty("underpaid").GetBoolean(), "it is underpaid");
        // Of what completes it a wallet here would be told of while it signs (VerifyTests): an outsider pays that.
        using var outsider = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        await outsider.PayAsync(to, "2");
        await shop.UntilAsync(id, "paid");
        await server.UntilAsync(4);

        var told = server.All.ToArray();
        told.Select(each => each.Event.GetProperty("type").GetString()).ShouldBe(
        [
            "payment_session.created", "payment_session.underpaid", "payment_session.paid", "payment_session.overpaid",
        ]);
        told.Select(each => each.Sequence).ShouldBe([1, 2, 3, 4]);
        foreach (var each in told)
        {
            each.ShouldBeSignedBy(endpoint.GetProperty("secret").GetString()!);
            var about = each.Event.GetProperty("data").GetProperty("object");
            (about.GetProperty("id").GetString(), about.GetProperty("description").GetString(), about.GetProperty("metadata").GetProperty("order").GetString())
                .ShouldBe((id, "A map", "78"));
        }

        var paid = told[2].Event.GetProperty("data").GetProperty("object");
        (paid.GetProperty("status").GetString(), paid.GetProperty("received").GetString()).ShouldBe(("paid", "2.0000000"));
        // What an event says is what a question for the session answers.
        var shown = await shop.SessionAsync(id);
        told[3].Event.GetProperty("data").GetProperty("object").EnumerateObject().Select(member => member.Name).Order()
            .ShouldBe(shown.EnumerateObject().Select(member => member.Name).Order());
        JsonElement.DeepEquals(told[3].Event.GetProperty("data").GetProperty("object"), shown).ShouldBeTrue($"{told[3].Event}\n{shown}");
        var listed = (await shop.Server.GetAsync("/v1/events")).ShouldBeOk().Body.GetProperty("data");
        listed.GetArrayLength().ShouldBe(4);
        listed[0].GetProperty("data").GetProperty("object").GetProperty("description").GetString().ShouldBe("A map");
    }

    [Fact]
    public async Task Nothing_that_a_merchant_says_of_a_buyer_stands_in_clear_in_any_column_or_log()
    {
        var shop = await PaidShop.OpenAsync(host);
        var name = $"buyer-{Guid.NewGuid():N}";
        var session = await shop.NewSessionAsync(new
        {
            amount = 100, currency = "USD", customer_email = $"{name}@example.com", description = $"For {name}", metadata = new { who = name },
            line_items = new[] { new { name = $"A gift for {name}" } },
        });
        (await shop.SessionAsync(session.GetProperty("id").GetString()!)).GetProperty("line_items")[0].GetProperty("name").GetString()
            .ShouldBe($"A gift for {name}");

        await using var command = host.Database.DataSource.CreateCommand(
            """
            SELECT count(*) FROM (
                SELECT payload::text AS t FROM grain_state UNION ALL SELECT payload::text FROM grain_rows
                UNION ALL SELECT data::text FROM events
            ) AS everywhere WHERE t LIKE '%' || $1 || '%'
            """);
        command.Parameters.AddWithValue(name);
        (await command.ExecuteScalarAsync(Cancelled)).ShouldBe(0L);
        host.Log.Lines.Where(line => line.Everything.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static async Task PayAsync(Api payer, string recipient, string amount, string? memo = null, string? memoType = null) =>
        (await payer.PostAsync(
            "/v1/payments", new { recipient, asset = "USDC", amount, memo, memo_type = memoType, confirm = true }, Api.NewKey())).ShouldBeOk();
}

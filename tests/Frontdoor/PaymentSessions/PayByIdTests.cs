using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

/// <summary>Who has a wallet here pays a session by its id alone, in one request.</summary>
[Collection<SessionHostCollection>]
public sealed class PayByIdTests(SessionHost host)
{
    [Fact]
    public async Task One_request_pays_what_is_left_and_asked_again_under_its_key_it_is_the_same_payment()
    {
        var shop = await PaidShop.OpenAsync(host);
        var session = await shop.NewSessionAsync(new { amount = 1000, currency = "USD", assets = new[] { "USDC", "XLM" } });
        var id = session.GetProperty("id").GetString()!;
        var payer = await host.PayerAsync("40");

        var part = await PayAsync(payer, new { recipient = id, amount = "4", asset = "USDC", confirm = true });
        var partId = part.ShouldBeOk().Body.GetProperty("id").GetString();
        await Eventually.UntilAsync(async () => (await shop.SessionAsync(id)).GetProperty("underpaid").GetBoolean(), "part of it has come");
        // The wallet hears it from its own inbox, and counts from then on how long ago it paid.
        await Eventually.UntilAsync(
            () => payer.GetAsync($"/v1/payments/{partId}"), answer => answer.Body.GetProperty("status").GetString() == "succeeded");
        // Until all know of it, what is left is not paid a second time by who has just paid.
        (await PayAsync(payer, new { recipient = id, confirm = true })).ShouldBeError(HttpStatusCode.Conflict, "payment_session_being_paid", "recipient");
        host.Clock.Advance(TimeSpan.FromSeconds(31));
        var paid = await Eventually.UntilAsync(
            () => payer.PostAsync("/v1/payments", new { recipient = id }),
            // Before the front door knows of the first part, all is still to be paid, and the payer has not that much.
            answer => (int)answer.Status < 300 && answer.Body.GetProperty("amount").GetString() == "6.0000000");
        (paid.Body.GetProperty("memo").GetString(), paid.Body.GetProperty("recipient").GetString()).ShouldBe((id, id));

        // Two clicks.
        var (request, keys) = (new { recipient = id, confirm = true }, new[] { Api.NewKey(), Api.NewKey() });
        var answers = await Task.WhenAll(keys.Select(key => payer.PostAsync("/v1/payments", request, key)));
        var done = answers.Where(answer => (int)answer.Status < 300).ShouldHaveSingleItem().Body;
        answers.Single(answer => (int)answer.Status >= 300).Body.GetProperty("error").GetProperty("code").GetString()
            .ShouldBeOneOf("payment_session_being_paid", "payment_session_over");
        (done.GetProperty("amount").GetString(), done.GetProperty("destination").GetString())
            .ShouldBe(("6.0000000", session.GetProperty("pay_to").GetProperty("address").GetString()));

        await shop.UntilAsync(id, "paid");
        (await payer.PostAsync("/v1/payments", request, keys[Array.FindIndex(answers, answer => (int)answer.Status < 300)]))
            .ShouldBeOk().Body.GetProperty("id").GetString().ShouldBe(done.GetProperty("id").GetString());
        await Eventually.UntilAsync(
            async () => (await PayAsync(payer, new { recipient = id, confirm = true })).Status == (HttpStatusCode)422,
            "the front door knows that nothing is left to pay");
        (await PayAsync(payer, new { recipient = id, confirm = true }))
            .ShouldBeError((HttpStatusCode)422, "payment_session_over", "recipient");
        (await shop.SessionAsync(id)).GetProperty("payment_count").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task What_a_session_does_not_take_or_say_is_refused_by_name()
    {
        var shop = await PaidShop.OpenAsync(host);
        var id = (await shop.NewSessionAsync(new { amount_decimal = "3", currency = "USDC", assets = new[] { "USDC" } })).GetProperty("id").GetString()!;
        var payer = await host.PayerAsync("20");

        (await PayAsync(payer, new { recipient = id, asset = "XLM", confirm = true }))
            .ShouldBeError((HttpStatusCode)422, "asset_not_accepted", "asset");
        (await PayAsync(payer, new { recipient = id, memo = "thanks", confirm = true }))
            .ShouldBeError((HttpStatusCode)422, "memo_not_allowed", "memo");
        (await PayAsync(payer, new { recipient = id, amount = "0", confirm = true }))
            .ShouldBeError(HttpStatusCode.BadRequest, "amount_invalid", "amount");
        var nothing = id[..^1] + (id[^1] == '0' ? '1' : '0');
        (await PayAsync(payer, new { recipient = nothing, confirm = true }))
            .ShouldBeError((HttpStatusCode)422, "recipient_not_found", "recipient");

        (await payer.PostAsync("/v1/contacts", new { nickname = "A shop", recipient = id }))
            .ShouldBeError(HttpStatusCode.BadRequest, "recipient_invalid", "recipient");
        (await payer.PostAsync(
            "/v1/schedules",
            new { recipient = id, asset = "USDC", amount = "3", frequency = "daily", start_at = host.Clock.GetUtcNow().AddDays(1) }, Api.NewKey()))
            .ShouldBeError((HttpStatusCode)422, "recipient_not_schedulable", "recipient");
        (await payer.PostAsync("/v1/wallet/close", new { recipient = id, password = Api.Password }, Api.NewKey()))
            .ShouldBeError((HttpStatusCode)422, "recipient_not_closable", "recipient");

        var found = (await payer.GetAsync($"/v1/recipients/lookup?recipient={id}")).ShouldBeOk().Body;
        (found.GetProperty("memo").GetString(), found.GetProperty("memo_type").GetString(), found.GetProperty("recipient_user").GetBoolean())
            .ShouldBe((id, "text", false));
        (await shop.SessionAsync(id)).GetProperty("payment_count").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task What_a_wallet_here_pays_by_memo_to_a_session_that_is_over_is_refused_and_stays_his()
    {
        var shop = await PaidShop.OpenAsync(host);
        var session = await shop.NewSessionAsync(new { amount_decimal = "3", currency = "USDC" });
        (await shop.Server.PostAsync($"/v1/payment_sessions/{session.GetProperty("id").GetString()}/cancel")).ShouldBeOk();
        var payer = await host.PayerAsync("20");
        var to = session.GetProperty("pay_to");

        foreach (var request in new object[]
        {
            Named(to.GetProperty("address"), to.GetProperty("memo"), "text"), Named(to.GetProperty("address"), to.GetProperty("memo_id"), "id"),
            Named(to.GetProperty("muxed_address"), default, null),
        })
        {
            (await PayAsync(payer, request)).ShouldBeError((HttpStatusCode)422, "payment_session_over", "recipient");
        }

        (await shop.SessionAsync(session.GetProperty("id").GetString()!)).GetProperty("late").GetBoolean().ShouldBeFalse();

        static object Named(JsonElement address, JsonElement memo, string? type) => new
        {
            recipient = address.GetString(), asset = "USDC", amount = "3", confirm = true,
            memo = memo.ValueKind == JsonValueKind.String ? memo.GetString() : null, memo_type = type,
        };
    }

    private static Task<Answer> PayAsync(Api payer, object request) => payer.PostAsync("/v1/payments", request, Api.NewKey());
}

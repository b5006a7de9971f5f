using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

[Collection<SessionHostCollection>]
public sealed class SessionApiTests(SessionHost host)
{
    [Fact]
    public async Task A_key_makes_one_session_however_many_ask_at_once_and_another_request_under_it_is_refused()
    {
        var shop = await PaidShop.OpenAsync(host);
        object request = new { amount = 700, currency = "USD", metadata = new { order = "1" } };

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.Server.PostAsync("/v1/payment_sessions", request, "order-1")));

        answers.Select(answer => answer.ShouldBeOk().Body.GetProperty("id").GetString()).Distinct().Count().ShouldBe(1);
        (await shop.Server.PostAsync("/v1/payment_sessions", new { amount = 701, currency = "USD" }, "order-1"))
            .ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_reused", "Idempotency-Key");
        (await shop.Server.GetAsync("/v1/payment_sessions")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(1);
        // Whatever else is asked for under it.
        foreach (var (path, more) in new (string, object)[]
        {
            ("/v1/payment_links", request), ("/v1/refunds", new { payment_session = answers[0].Body.GetProperty("id").GetString() }),
        })
        {
            (await shop.Server.PostAsync(path, more, "order-1"))
                .ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_reused", "Idempotency-Key");
        }

        (await shop.Server.PostAsync("/v1/payment_links", new { amount = 700, currency = "USD" }, "link-1")).ShouldBeOk();
        (await shop.Server.PostAsync("/v1/payment_sessions", request, "link-1"))
            .ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_reused", "Idempotency-Key");
        var other = await PaidShop.OpenAsync(host);
        (await other.Server.PostAsync("/v1/payment_sessions", request, "order-1")).ShouldBeOk().Body.GetProperty("id").GetString()
            .ShouldNotBe(answers[0].Body.GetProperty("id").GetString());
    }

    [Fact]
    public async Task What_is_made_is_listed_at_once_by_pages_in_both_directions_and_by_status()
    {
        var shop = await PaidShop.OpenAsync(host);
        var ids = new List<string>();
        for (var n = 1; n <= 5; n++)
        {
            ids.Insert(0, (await shop.NewSessionAsync(new { amount = n, currency = "USD" })).GetProperty("id").GetString()!);
            (await ListAsync(shop, "")).Ids.ShouldBe(ids);
        }

        foreach (var (query, page, more) in new (string, List<string>, bool)[]
        {
            ("?limit=2", ids[..2], true), ($"?limit=2&starting_after={ids[1]}", ids[2..4], true),
            ($"?limit=2&starting_after={ids[3]}", ids[4..], false), ($"?limit=2&ending_before={ids[3]}", ids[1..3], true),
            ($"?limit=2&ending_before={ids[1]}", ids[..1], false),
        })
        {
            var (found, hasMore) = await ListAsync(shop, query);
            (string.Join(' ', found), hasMore).ShouldBe((string.Join(' ', page), more), query);
        }

        (await shop.Server.PostAsync($"/v1/payment_sessions/{ids[2]}/cancel", new { reason = "Out of stock" })).ShouldBeOk();
        (await ListAsync(shop, "?status=canceled")).Ids.ShouldBe([ids[2]]);
        (await ListAsync(shop, "?status=created")).Ids.ShouldBe([ids[0], ids[1], ids[3], ids[4]]);

        var other = await PaidShop.OpenAsync(host);
        (await ListAsync(other, $"?starting_after={ids[1]}")).Ids.ShouldBeEmpty();
        foreach (var (query, param) in new[]
        {
            ("?limit=0", "limit"), ("?starting_after=x", "starting_after"), ("?status=open", "status"),
            ($"?starting_after={ids[0]}&ending_before={ids[1]}", "ending_before"),
        })
        {
            (await shop.Server.GetAsync($"/v1/payment_sessions{query}")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", param);
        }
    }

    [Fact]
    public async Task Others_keys_and_keys_without_the_permission_get_nowhere()
    {
        var (shop, other) = (await PaidShop.OpenAsync(host), await PaidShop.OpenAsync(host));
        var id = (await shop.NewSessionAsync()).GetProperty("id").GetString();

        foreach (var ask in new Func<Api, Task<Answer>>[]
        {
            api => api.GetAsync($"/v1/payment_sessions/{id}"), api => api.PostAsync($"/v1/payment_sessions/{id}/cancel"),
            api => api.PostAsync($"/v1/payment_sessions/{id}/verify", new { tx_hash = new string('1', 64) }),
        })
        {
            (await ask(other.Server)).ShouldBeError(HttpStatusCode.NotFound, "payment_session_not_found");
        }

        var reader = await shop.WithAsync(
            new { kind = "restricted", name = "Reader", permissions = new[] { "payment_sessions:read" }, password = Api.Password });
        (await reader.GetAsync($"/v1/payment_sessions/{id}")).ShouldBeOk();
        foreach (var path in new[] { "/v1/payment_sessions", $"/v1/payment_sessions/{id}/cancel" })
        {
            (await reader.PostAsync(path, new { amount = 1, currency = "USD" })).ShouldBeError(HttpStatusCode.Forbidden, "permission_missing");
        }

        (await reader.GetAsync("/v1/merchant/account")).ShouldBeError(HttpStatusCode.Forbidden, "permission_missing");
        var page = await shop.WithAsync(new { kind = "publishable", name = "Page", allowed_origins = Array.Empty<string>(), password = Api.Password });
        (await page.GetAsync($"/v1/payment_sessions/{id}")).ShouldBeError(HttpStatusCode.Forbidden, "permission_missing");
        (await host.Anonymous().GetAsync($"/v1/payment_sessions/{id}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await shop.SessionAsync(id!)).GetProperty("status").GetString().ShouldBe("created");
    }

    [Fact]
    public async Task A_suspended_merchant_makes_none_and_its_open_ones_can_be_ended()
    {
        var shop = await PaidShop.OpenAsync(host);
        var id = (await shop.NewSessionAsync()).GetProperty("id").GetString();
        var admin = await host.NewAdminAsync();
        (await admin.PostAsync($"/v1/admin/merchants/{shop.Id}/suspend", new { reason = "Complaints" })).ShouldBeOk();

        (await shop.Server.PostAsync("/v1/payment_sessions", new { amount = 1, currency = "USD" }))
            .ShouldBeError(HttpStatusCode.Forbidden, "merchant_suspended");
        (await shop.Server.PostAsync($"/v1/payment_sessions/{id}/cancel")).ShouldBeOk();
        (await admin.PostAsync($"/v1/admin/merchants/{shop.Id}/reinstate", new { reason = "Settled" })).ShouldBeOk();
        await shop.NewSessionAsync();
    }

    [Theory]
    [InlineData("""{"currency":"USD"}""", "parameter_missing", "amount")]
    [InlineData("""{"amount":1}""", "parameter_missing", "currency")]
    [InlineData("""{"currency":"USDC"}""", "parameter_missing", "amount_decimal")]
    [InlineData("""{"amount":0,"currency":"USD"}""", "amount_invalid", "amount")]
    [InlineData("""{"amount":"5","currency":"USD"}""", "parameter_invalid", "amount")]
    [InlineData("""{"amount":5.0,"currency":"USD"}""", "parameter_invalid", "amount")]
    [InlineData("""{"amount_decimal":5,"currency":"USDC"}""", "parameter_invalid", "amount_decimal")]
    [InlineData("""{"amount":-5,"currency":"USD"}""", "amount_invalid", "amount")]
    [InlineData("""{"amount":9223372036854775807,"currency":"USD"}""", "amount_invalid", "amount")]
    [InlineData("""{"amount":5,"amount_decimal":"5","currency":"USD"}""", "amount_invalid", "amount_decimal")]
    [InlineData("""{"amount":5,"currency":"USDC"}""", "amount_invalid", "amount")]
    [InlineData("""{"amount_decimal":"0.001","currency":"USD"}""", "amount_invalid", "amount_decimal")]
    [InlineData("""{"amount_decimal":"1.5","currency":"JPY"}""", "amount_invalid", "amount_decimal")]
    [InlineData("""{"amount_decimal":"1e3","currency":"USDC"}""", "amount_invalid", "amount_decimal")]
    [InlineData("""{"amount":5,"currency":"usd"}""", "currency_invalid", "currency")]
    [InlineData("""{"amount":5,"currency":"USD","assets":[]}""", "assets_invalid", "assets")]
    [InlineData("""{"amount":5,"currency":"USD","assets":["USDC","USDC"]}""", "assets_invalid", "assets")]
    [InlineData("""{"amount":5,"currency":"USD","assets":["DOGE"]}""", "assets_invalid", "assets")]
    [InlineData("""{"amount":5,"currency":"USD","assets":[null]}""", "assets_invalid", "assets")]
    [InlineData("""{"amount":5,"currency":"USD","expires_in":59}""", "expires_in_invalid", "expires_in")]
    [InlineData("""{"amount":5,"currency":"USD","expires_in":86401}""", "expires_in_invalid", "expires_in")]
    [InlineData("""{"amount":5,"currency":"USD","expires_in":3600}""", "expires_in_too_long", "expires_in")]
    [InlineData("""{"amount":5,"currency":"USD","amount_tolerance_bps":1001}""", "amount_tolerance_bps_invalid", "amount_tolerance_bps")]
    [InlineData("""{"amount":5,"currency":"USD","success_url":"http://evil.example/"}""", "success_url_invalid", "success_url")]
    [InlineData("""{"amount":5,"currency":"USD","success_url":"javascript:alert(1)"}""", "success_url_invalid", "success_url")]
    [InlineData("""{"amount":5,"currency":"USD","cancel_url":"https://a:b@evil.example/"}""", "cancel_url_invalid", "cancel_url")]
    [InlineData("""{"amount":5,"currency":"USD","customer_email":"no"}""", "customer_email_invalid", "customer_email")]
    [InlineData("""{"amount":5,"currency":"USD","description":""}""", "description_invalid", "description")]
    [InlineData("""{"amount":5,"currency":"USD","description":"a\u0000b"}""", "description_invalid", "description")]
    [InlineData("""{"amount":5,"currency":"USD","metadata":{"a[b]":"c"}}""", "metadata_invalid", "metadata")]
    [InlineData("""{"amount":5,"currency":"USD","metadata":{"a":"b\u0000"}}""", "metadata_invalid", "metadata")]
    [InlineData("""{"amount":5,"currency":"USD","metadata":{"a":null}}""", "metadata_invalid", "metadata")]
    [InlineData("""{"amount":5,"currency":"USD","line_items":[{"quantity":2}]}""", "line_items_invalid", "line_items[0][name]")]
    [InlineData("""{"amount":5,"currency":"USD","line_items":[null]}""", "line_items_invalid", "line_items[0]")]
    public async Task What_is_wrong_is_named_and_makes_nothing(string body, string code, string param)
    {
        var shop = await SharedShopAsync();
        var before = (await ListAsync(shop, "?limit=100")).Ids.Length;

        (await shop.Server.PostTextAsync("/v1/payment_sessions", body)).ShouldBeError(HttpStatusCode.BadRequest, code, param);

        (await ListAsync(shop, "?limit=100")).Ids.Length.ShouldBe(before);
    }

    // A URL that was checked in one form and stored in another was more than a database holds.
    [Fact]
    public async Task Where_the_payer_is_sent_is_kept_as_it_was_checked()
    {
        var shop = await SharedShopAsync();
        const string urls = "\"success_url\":\"https://shop.test/a\\u0000b?sid={CHECKOUT_SESSION_ID}\",\"cancel_url\":\" https://SHOP.test/é\"";

        var made = (await shop.Server.PostTextAsync("/v1/payment_sessions", $"{{\"amount\":5,\"currency\":\"USD\",{urls}}}")).ShouldBeOk().Body;
        var link = (await shop.Server.PostTextAsync(
            "/v1/payment_links", "{\"amount\":5,\"currency\":\"USD\",\"success_url\":\"https://shop.test/a\\u0000b\"}")).ShouldBeOk().Body;

        (made.GetProperty("success_url").GetString(), made.GetProperty("cancel_url").GetString())
            .ShouldBe(("https://shop.test/a%00b?sid={CHECKOUT_SESSION_ID}", "https://shop.test/%C3%A9"));
        link.GetProperty("after_completion").GetProperty("redirect").GetProperty("url").GetString().ShouldBe("https://shop.test/a%00b");
    }

    [Fact]
    public async Task A_currency_without_a_rate_and_more_than_fits_into_an_event_are_refused()
    {
        var shop = await SharedShopAsync();

        (await shop.Server.PostAsync("/v1/payment_sessions", new { amount = 5, currency = "CHF" }))
            .ShouldBeError(HttpStatusCode.ServiceUnavailable, "rate_unavailable", "currency");
        var notes = Enumerable.Range(0, 50).ToDictionary(n => $"note {n}", _ => new string('x', 400));
        (await shop.Server.PostAsync("/v1/payment_sessions", new { amount = 5, currency = "USD", metadata = notes }))
            .ShouldBeError(HttpStatusCode.BadRequest, "details_too_long", "metadata");
        (await shop.Server.PostAsync("/v1/payment_sessions", new { amount = 5, currency = "EUR", expires_in = 3600, assets = new[] { "USDC" } }))
            .ShouldBeError(HttpStatusCode.BadRequest, "expires_in_too_long", "expires_in");
        (await shop.NewSessionAsync(new { amount = 5, currency = "USD", expires_in = 86400, assets = new[] { "USDC" } }))
            .GetProperty("amount_asset").GetString().ShouldBe("0.0500000");
    }

    private static PaidShop? _shop;

    // Of the tests that make nothing.
    private async Task<PaidShop> SharedShopAsync() => _shop ??= await PaidShop.OpenAsync(host);

    private static async Task<(string[] Ids, bool More)> ListAsync(PaidShop shop, string query)
    {
        var page = (await shop.Server.GetAsync($"/v1/payment_sessions{query}")).ShouldBeOk().Body;
        return (
            [.. page.GetProperty("data").EnumerateArray().Select(session => session.GetProperty("id").GetString()!)],
            page.GetProperty("has_more").GetBoolean());
    }
}

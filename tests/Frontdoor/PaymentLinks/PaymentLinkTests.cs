using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;

namespace StellarPay.Frontdoor.Tests.PaymentLinks;

/// <summary>A merchant shares a link, and whoever has it pays.</summary>
[Collection<SessionHostCollection>]
public sealed class PaymentLinkTests(SessionHost host)
{
    [Fact]
    public async Task Looking_at_a_link_makes_nothing_and_its_form_makes_a_session_and_leads_to_its_page()
    {
        var shop = await PaidShop.OpenAsync(host);
        var link = await OpenLink.NewAsync(shop, new
        {
            amount = 1250, currency = "EUR", description = "A book & a map", metadata = new { campaign = "spring" },
            after_completion = new { type = "redirect", redirect = new { url = "https://shop.test/ok" } },
        });
        link.Made.GetProperty("after_completion").GetProperty("redirect").GetProperty("url").GetString().ShouldBe("https://shop.test/ok");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => link.PageAsync()));
        var page = WebUtility.HtmlDecode(answers[0].ShouldBeOk().Text);
        foreach (var shown in new[] { "Ada's Books", "12.50 EUR", "A book & a map", "Test mode", "Go to payment", $"action=\"{link.Url.AbsolutePath}\"" })
        {
            page.ShouldContain(shown);
        }

        foreach (var hidden in new[] { "<script", "spring", "shop.test", "style=", "name=\"amount\"" })
        {
            page.ShouldNotContain(hidden);
        }

        answers[0].Headers.CacheControl!.ToString().ShouldBe("public, max-age=5");
        answers[0].Headers.Vary.ShouldContain("Accept-Language");
        answers[0].Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; script-src 'self'; style-src 'self'");
        (await link.SessionsAsync()).ShouldBe(0);

        var (status, location, text) = await link.PayAsync(query: "?lang=de");
        status.ShouldBe(HttpStatusCode.SeeOther, text);
        var session = await shop.SessionAsync(location!.AbsolutePath["/checkout/".Length..]);
        location.ToString().ShouldBe(session.GetProperty("checkout_url").GetString() + "&lang=de");
        (session.GetProperty("amount").GetInt64(), session.GetProperty("currency").GetString(), session.GetProperty("success_url").GetString())
            .ShouldBe((1250, "EUR", "https://shop.test/ok"));
        (session.GetProperty("metadata").GetProperty("campaign").GetString(), session.GetProperty("metadata").GetProperty("payment_link").GetString())
            .ShouldBe(("spring", link.Id));
        (await link.SessionsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Events_tell_that_a_link_was_made_and_that_it_can_be_paid_no_more_and_nothing_that_changes_nothing()
    {
        var shop = await PaidShop.OpenAsync(host);
        var link = await OpenLink.NewAsync(shop, new { amount = 1250, currency = "EUR", metadata = new { customer = "Grace Hopper" } });
        foreach (var active in new[] { true, false, false })
        {
            (await shop.Server.PostAsync($"/v1/payment_links/{link.Id}", new { active })).ShouldBeOk();
        }

        var told = (await Eventually.UntilAsync(
            () => shop.Server.GetAsync("/v1/events"), answer => answer.ShouldBeOk().Body.GetProperty("data").GetArrayLength() >= 2))
            .Body.GetProperty("data").EnumerateArray().Reverse().ToArray();

        told.Select(each => each.GetProperty("type").GetString()).ShouldBe(["payment_link.created", "payment_link.updated"]);
        var (made, changed) = (told[0].GetProperty("data"), told[1].GetProperty("data"));
        (made.GetProperty("object").GetProperty("id").GetString(), made.GetProperty("object").GetProperty("active").GetBoolean())
            .ShouldBe((link.Id, true));
        made.GetProperty("object").GetProperty("url").GetString().ShouldBe(link.Url.AbsoluteUri);
        (changed.GetProperty("object").GetProperty("active").GetBoolean(), changed.GetProperty("previous_attributes").ToString())
            .ShouldBe((false, """{"active":true}"""));
        told.Select(each => each.GetProperty("stellarpay").GetProperty("sequence").GetInt64()).ShouldBe([1, 2]);
        // What a merchant writes beside it may be of people, and events stay.
        told.ShouldAllBe(each => !each.ToString().Contains("Hopper", StringComparison.Ordinal));
        (await link.StandsAsync()).GetProperty("metadata").GetProperty("customer").GetString().ShouldBe("Grace Hopper");
    }

    // A page of somebody else's, or a script on it, made sessions in the name of who looked at it.
    [Fact]
    public async Task A_form_that_another_page_sends_is_shown_first_and_a_call_of_our_own_is_refused()
    {
        var shop = await PaidShop.OpenAsync(host);
        var link = await OpenLink.NewAsync(shop, new { amount_type = "chosen", currency = "EUR" });
        foreach (var (name, value) in new[] { ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.test") })
        {
            var (status, _, text) = await link.PayAsync("12.50", with: [(name, value)]);
            status.ShouldBe(HttpStatusCode.OK, value);
            text.ShouldContain("value=\"12.50\"");
        }

        (await link.PayAsync("12.50", with: [("Stripe-Signature", "t=1"), ("webhook-signature", "v1,")])).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await link.SessionsAsync()).ShouldBe(0);
        foreach (var (name, value) in new[] { ("Sec-Fetch-Site", "same-origin"), ("Origin", host.Address.GetLeftPart(UriPartial.Authority)), ("Origin", "null") })
        {
            (await link.PayAsync("12.50", with: [(name, value)])).Status.ShouldBe(HttpStatusCode.SeeOther, value);
        }
    }

    [Fact]
    public async Task A_payer_chooses_within_bounds_or_takes_what_is_suggested()
    {
        var shop = await PaidShop.OpenAsync(host);
        var chosen = await OpenLink.NewAsync(shop, new
        {
            amount_type = "chosen", minimum_decimal = "2", maximum_decimal = "100.5", currency = "EUR",
        });
        var page = WebUtility.HtmlDecode((await chosen.PageAsync()).ShouldBeOk().Text);
        page.ShouldContain("Amount in EUR");
        page.ShouldContain("From 2.00 to 100.50");

        foreach (var bad in new[] { null, "", "1.99", "100.51", "2.005", "-3", "0", "many", "1e1", "1,000.00", new string('9', 60) })
        {
            var (status, _, text) = await chosen.PayAsync(bad);
            status.ShouldBe(HttpStatusCode.BadRequest, bad);
            text.ShouldContain("Please enter another amount");
            (await chosen.PayAsync(bad, asProgram: true)).Text.ShouldContain("\"amount_invalid\"");
        }

        (await chosen.SessionsAsync()).ShouldBe(0);
        (await chosen.SessionAsync("12,50")).GetProperty("amount").GetInt64().ShouldBe(1250);
        (await chosen.SessionAsync(" 100.5 ")).GetProperty("amount").GetInt64().ShouldBe(10_050);

        var suggested = await OpenLink.NewAsync(shop, new { amount_type = "suggested", amount_decimal = "3", currency = "USDC" });
        (await suggested.PageAsync()).Text.ShouldContain("value=\"3\"");
        var session = await suggested.SessionAsync("0.5");
        (session.GetProperty("amount_decimal").GetString(), session.GetProperty("assets").GetArrayLength()).ShouldBe(("0.5000000", 1));
    }

    [Fact]
    public async Task A_link_that_cannot_be_paid_says_why_in_six_languages()
    {
        var shop = await PaidShop.OpenAsync(host);
        var link = await OpenLink.NewAsync(shop, new { amount = 1000, currency = "USD", expires_at = host.Clock.GetUtcNow().AddHours(1) });
        foreach (var (language, text) in new[]
        {
            ("en", "Go to payment"), ("de", "Weiter zur Zahlung"), ("es", "Ir al pago"), ("pt", "Ir para o pagamento"), ("hi", "भुगतान पर जाएँ"),
            ("ar", "المتابعة إلى الدفع"),
        })
        {
            WebUtility.HtmlDecode((await link.PageAsync($"?lang={language}")).ShouldBeOk().Text).ShouldContain(text);
        }

        (await shop.Server.PostAsync($"/v1/payment_links/{link.Id}", new { active = false })).ShouldBeOk()
            .Body.GetProperty("stellarpay").GetProperty("status").GetString().ShouldBe("inactive");
        (await link.PayAsync()).ShouldSatisfyAllConditions(
            refused => refused.Status.ShouldBe(HttpStatusCode.Conflict), refused => refused.Text.ShouldContain("This link takes no payments"));
        (await link.PayAsync(asProgram: true)).Text.ShouldContain("\"payment_link_inactive\"");
        (await link.PageWithAsync("This link takes no payments")).ShouldNotContain("<form");

        (await shop.Server.PostAsync($"/v1/payment_links/{link.Id}", new { active = true })).ShouldBeOk();
        await link.SessionAsync();
        host.Clock.Advance(TimeSpan.FromHours(1));
        (await link.PayAsync(asProgram: true)).Text.ShouldContain("\"payment_link_over\"");
        (await link.PageWithAsync("This offer has ended")).ShouldNotContain("<form");
        (await link.StandsAsync()).GetProperty("stellarpay").GetProperty("status").GetString().ShouldBe("over");
        (await link.SessionsAsync()).ShouldBe(1);

        (await host.Anonymous().GetAsync("/pay/nothing")).ShouldSatisfyAllConditions(
            none => none.Status.ShouldBe(HttpStatusCode.NotFound), none => none.Text.ShouldContain("There is no such page"));
        var elsewhere = new HttpRequestMessage(HttpMethod.Get, link.Url.AbsolutePath);
        elsewhere.Headers.Host = "api.example.com";
        (await host.Anonymous().SendAsync(elsewhere)).ShouldBeError(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task What_no_session_could_be_made_of_is_refused_to_its_merchant()
    {
        var shop = (await PaidShop.OpenAsync(host)).Server;
        foreach (var (request, code, param) in new[]
        {
            ("{\"amount\":1000}", "parameter_missing", "currency"),
            ("{\"currency\":\"EUR\"}", "parameter_missing", "amount"),
            ("{\"currency\":\"EUR\",\"amount\":0}", "amount_invalid", "amount"),
            ("{\"currency\":\"EUR\",\"amount\":1,\"amount_type\":\"free\"}", "amount_type_invalid", "amount_type"),
            ("{\"currency\":\"EUR\",\"amount\":1,\"amount_type\":\"chosen\"}", "amount_invalid", "amount"),
            ("{\"currency\":\"EUR\",\"amount\":1,\"minimum_decimal\":\"1\"}", "amount_type_invalid", "amount_type"),
            ("{\"currency\":\"EUR\",\"amount_type\":\"chosen\",\"minimum_decimal\":\"0.001\"}", "minimum_decimal_invalid", "minimum_decimal"),
            ("{\"currency\":\"EUR\",\"amount_type\":\"chosen\",\"minimum_decimal\":\"2\",\"maximum_decimal\":\"1\"}", "maximum_decimal_invalid", "maximum_decimal"),
            ("{\"currency\":\"EUR\",\"amount_type\":\"suggested\",\"amount\":100,\"minimum_decimal\":\"2\"}", "amount_invalid", "amount"),
            ("{\"currency\":\"EUR\",\"amount\":1,\"stock\":0}", "stock_invalid", "stock"),
            ("{\"currency\":\"EUR\",\"amount\":1,\"expires_at\":\"2020-01-01T00:00:00Z\"}", "expires_at_invalid", "expires_at"),
            ("{\"currency\":\"EUR\",\"amount\":1,\"success_url\":\"http://shop.test/\"}", "success_url_invalid", "success_url"),
            ("{\"currency\":\"EUR\",\"amount\":1,\"after_completion\":{\"type\":\"redirect\"}}", "after_completion_invalid", "after_completion"),
            ("{\"currency\":\"EUR\",\"amount\":1,\"metadata\":{\"payment_link\":\"x\"}}", "metadata_invalid", "metadata"),
            ("{\"currency\":\"EUR\",\"amount\":1,\"assets\":[\"DOGE\"]}", "assets_invalid", "assets"),
        })
        {
            (await shop.PostTextAsync("/v1/payment_links", request)).ShouldBeError(HttpStatusCode.BadRequest, code, param);
        }

        (await shop.GetAsync("/v1/payment_links")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Links_are_listed_newest_first_and_are_nobody_elses()
    {
        var shop = await PaidShop.OpenAsync(host);
        var links = new List<string>();
        for (var number = 1; number <= 3; number++)
        {
            links.Insert(0, (await OpenLink.NewAsync(shop, new { amount = number, currency = "EUR" })).Id);
        }

        (await shop.Server.PostAsync($"/v1/payment_links/{links[1]}", new { active = false })).ShouldBeOk();
        var other = (await PaidShop.OpenAsync(host)).Server;

        var first = (await shop.Server.GetAsync("/v1/payment_links?limit=2")).ShouldBeOk().Body;
        (string.Join(' ', IdsOf(first)), first.GetProperty("has_more").GetBoolean()).ShouldBe(($"{links[0]} {links[1]}", true));
        IdsOf((await shop.Server.GetAsync($"/v1/payment_links?starting_after={links[1]}")).ShouldBeOk().Body).ShouldBe([links[2]]);
        IdsOf((await shop.Server.GetAsync($"/v1/payment_links?ending_before={links[1]}")).ShouldBeOk().Body).ShouldBe([links[0]]);
        IdsOf((await shop.Server.GetAsync("/v1/payment_links?active=false")).ShouldBeOk().Body).ShouldBe([links[1]]);
        IdsOf((await other.GetAsync("/v1/payment_links")).ShouldBeOk().Body).ShouldBeEmpty();
        (await other.GetAsync($"/v1/payment_links/{links[0]}")).ShouldBeError(HttpStatusCode.NotFound, "payment_link_not_found");
        (await other.PostAsync($"/v1/payment_links/{links[0]}", new { active = false })).ShouldBeError(HttpStatusCode.NotFound, "payment_link_not_found");
        (await other.GetAsync($"/v1/payment_links?starting_after={links[0]}")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "starting_after");
        (await shop.Server.PostAsync($"/v1/payment_links/{links[0]}", new { })).ShouldBeError(HttpStatusCode.BadRequest, "parameter_missing", "active");
    }

    private static string[] IdsOf(JsonElement page) =>
        [.. page.GetProperty("data").EnumerateArray().Select(link => link.GetProperty("id").GetString()!)];

}

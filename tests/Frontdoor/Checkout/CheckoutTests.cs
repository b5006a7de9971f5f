using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Live;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>What a payer sees, from the first look to the last, and what everybody else does.</summary>
[Collection<SessionHostCollection>]
public sealed class CheckoutTests(SessionHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_has_the_secret_sees_what_is_to_be_paid_and_where()
    {
        var shop = await PaidShop.OpenAsync(host);
        var checkout = await OpenCheckout.NewAsync(shop, new
        {
            amount = 1000, currency = "USD", description = "A book & a map", customer_email = "reader@example.com",
            line_items = new[] { new { name = "On Numbers", quantity = 2 } }, metadata = new { order = "secret-77" },
            success_url = "https://shop.test/ok", cancel_url = "https://shop.test/no",
        });
        var payTo = (await shop.SessionAsync(checkout.Id)).GetProperty("pay_to");

        var answer = (await checkout.PageAsync()).ShouldBeOk();
        var page = WebUtility.HtmlDecode(answer.Text);
        foreach (var shown in new[]
        {
            "Ada's Books", "10.00 USD", "10 USDC", "A book & a map", "2 × On Numbers", "Test mode", payTo.GetProperty("address").GetString()!,
            payTo.GetProperty("memo").GetString()!, payTo.GetProperty("memo_id").GetString()!, payTo.GetProperty("muxed_address").GetString()!,
            "web+stellar:pay?destination=", "https://shop.test/no", "lang=\"en\" dir=\"ltr\"",
        })
        {
            page.ShouldContain(shown);
        }

        foreach (var hidden in new[] { "reader@example.com", "secret-77", "https://shop.test/ok", "style=", "<style", "onclick" })
        {
            page.ShouldNotContain(hidden);
        }

        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; script-src 'self'; style-src 'self'");
        answer.Headers.GetValues("Referrer-Policy").Single().ShouldBe("no-referrer");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var data = await checkout.DataAsync();
        (data.GetProperty("state").GetString(), data.GetProperty("assets").GetArrayLength(), data.GetProperty("success_url").ValueKind)
            .ShouldBe(("waiting", 2, JsonValueKind.Null));
        data.ToString().ShouldNotContain("reader@example.com");
    }

    [Fact]
    public async Task The_id_alone_shows_little_and_not_for_long_and_another_secret_shows_nothing()
    {
        var shop = await PaidShop.OpenAsync(host);
        var checkout = await OpenCheckout.NewAsync(shop, new { amount = 700, currency = "USD", description = "A present" });
        var refund = host.Services.GetRequiredService<CheckoutSecrets>().RefundKeyOf(PaymentSessionId.Parse(checkout.Id));
        refund.ShouldNotBe(checkout.Key);

        var bare = (await checkout.AskAsync($"/v1/checkout/{checkout.Id}")).ShouldBeOk().Body;
        bare.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null).Select(member => member.Name)
            .ShouldBe(["id", "object", "livemode", "merchant_name", "status", "currency", "amount_decimal"]);
        var page = WebUtility.HtmlDecode((await checkout.AskAsync($"/checkout/{checkout.Id}")).ShouldBeOk().Text);
        page.ShouldContain("Ada's Books");
        page.ShouldNotContain("A present");
        page.ShouldNotContain("web+stellar");
        foreach (var key in new[] { refund, "", "x", checkout.Key[..^1], $"{checkout.Key}A", checkout.Key.ToUpperInvariant() })
        {
            foreach (var path in new[] { $"/v1/checkout/{checkout.Id}", $"/checkout/{checkout.Id}", $"/checkout/{checkout.Id}/qr.svg" })
            {
                (await checkout.AskAsync($"{path}?key={Uri.EscapeDataString(key)}")).Status.ShouldBe(HttpStatusCode.NotFound, $"{path} {key}");
            }

            (await checkout.SeeAsync(key)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        (await checkout.AskAsync($"/checkout/{checkout.Id}/qr.png")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await checkout.AskAsync($"/v1/checkout/{PaymentSessionId.New(TimeProvider.System)}"))
            .ShouldBeError(HttpStatusCode.NotFound, "payment_session_not_found");
        (await checkout.AskAsync("/checkout/nothing")).Text.ShouldContain("There is no such page");

        (await shop.Server.PostAsync($"/v1/payment_sessions/{checkout.Id}/cancel")).ShouldBeOk();
        await checkout.UntilAsync("canceled");
        (await checkout.AskAsync($"/v1/checkout/{checkout.Id}")).ShouldBeOk();
        host.Clock.Advance(TimeSpan.FromMinutes(61));
        (await checkout.AskAsync($"/v1/checkout/{checkout.Id}")).ShouldBeError(HttpStatusCode.NotFound, "payment_session_not_found");
        (await checkout.AskAsync($"/checkout/{checkout.Id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await checkout.TextAsync()).ShouldContain("This request was ended");
        host.Log.Lines.Where(line => line.Everything.Contains(checkout.Key, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wallet_pays_by_the_QR_code_and_the_page_says_what_came_and_where_to_go()
    {
        var shop = await PaidShop.OpenAsync(host);
        var checkout = await OpenCheckout.NewAsync(shop, new
        {
            amount_decimal = "3", currency = "USDC", success_url = "https://shop.test/ok?sid={CHECKOUT_SESSION_ID}&p={PAYMENT_SESSION_ID}",
            cancel_url = "https://shop.test/no",
        });
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "20");

        var whole = await checkout.ScanAsync("USDC");
        await payer.PayAsync(whole, "1.25");
        await checkout.UntilAsync("underpaid");
        var page = await checkout.TextAsync();
        page.ShouldContain("1.25 USDC has come");
        page.ShouldContain("3 USDC");
        page.ShouldContain("1.75 USDC");
        page.ShouldNotContain("shop.test/ok");
        var rest = await checkout.ScanAsync("USDC");
        (whole.Amount, rest.Amount).ShouldBe((30_000_000, 17_500_000));

        await payer.PayAsync(rest);
        await checkout.UntilAsync("paid");
        page = await checkout.TextAsync();
        page.ShouldContain($"https://shop.test/ok?sid={checkout.Id}&p={checkout.Id}");
        page.ShouldContain((await shop.SessionAsync(checkout.Id)).GetProperty("tx_hash").GetString()!);
        await ShouldHideWhereToPayAsync(checkout, page);
        page.ShouldNotContain("shop.test/no");

        await payer.PayAsync(whole, "1");
        await checkout.UntilAsync("overpaid");
        (await checkout.TextAsync()).ShouldContain("More came than was asked for");
    }

    [Fact]
    public async Task A_page_whose_time_is_over_shows_no_address_and_leads_back_alone()
    {
        var shop = await PaidShop.OpenAsync(host);
        var checkout = await OpenCheckout.NewAsync(shop, new
        {
            amount_decimal = "3", currency = "USDC", expires_in = 60, success_url = "https://shop.test/ok?sid={CHECKOUT_SESSION_ID}",
            cancel_url = "https://shop.test/no",
        });
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        var request = await checkout.ScanAsync("USDC");

        host.Clock.Advance(TimeSpan.FromSeconds(61));
        var page = await checkout.TextAsync();
        page.ShouldContain("Looking at the last payments");
        await ShouldHideWhereToPayAsync(checkout, page);
        (await checkout.DataAsync()).GetProperty("status").GetString().ShouldBe("created");

        await host.LetLedgersCatchUpAsync();
        await Eventually.UntilAsync(
            async () =>
            {
                host.Clock.Advance(TimeSpan.FromSeconds(1));
                return (await checkout.DataAsync()).GetProperty("state").GetString() == "expired";
            },
            "the page is expired");
        page = await checkout.TextAsync();
        page.ShouldContain("The time to pay is over");
        page.ShouldContain("https://shop.test/no");
        page.ShouldNotContain("shop.test/ok");
        await ShouldHideWhereToPayAsync(checkout, page);

        await payer.PayAsync(request);
        await checkout.UntilAsync("late");
        (await checkout.TextAsync()).ShouldContain("Something came too late");

        var late = (await shop.SessionAsync(checkout.Id)).GetProperty("payments")[0].GetProperty("operation_id").GetString();
        (await shop.Server.PostAsync($"/v1/payment_sessions/{checkout.Id}/accept", new { payment = late })).ShouldBeOk();
        await checkout.UntilAsync("accepted");
        page = await checkout.TextAsync();
        page.ShouldContain("has accepted it all the same");
        page.ShouldNotContain("https://shop.test/no");
        await ShouldHideWhereToPayAsync(checkout, page);
    }

    [Fact]
    public async Task Polls_are_answered_from_memory_and_looking_writes_nothing()
    {
        var shop = await PaidShop.OpenAsync(host);
        var heard = await HeardEvents.FromNowOnAsync(host);
        var checkout = await OpenCheckout.NewAsync(shop);
        await heard.UntilAsync(checkout.Id);
        var before = await EventsOfAsync(checkout.Id);
        var reads = host.Sessions.Reads;

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => checkout.AskAsync($"/v1/checkout/{checkout.Id}?key={checkout.Key}")));

        var tag = answers.Select(answer => answer.ShouldBeOk().Headers.ETag!.ToString()).Distinct().ShouldHaveSingleItem();
        await checkout.PageAsync();
        (host.Sessions.Reads - reads).ShouldBe(1);
        var again = new HttpRequestMessage(HttpMethod.Get, $"/v1/checkout/{checkout.Id}?key={checkout.Key}");
        again.Headers.TryAddWithoutValidation("If-None-Match", tag);
        (await host.Anonymous().SendAsync(again)).Status.ShouldBe(HttpStatusCode.NotModified);
        (await EventsOfAsync(checkout.Id)).ShouldBe(before);
    }

    [Fact]
    public async Task What_is_kept_of_a_session_is_dropped_by_its_own_event_long_before_it_is_old()
    {
        var shop = await PaidShop.OpenAsync(host);
        var heard = await HeardEvents.FromNowOnAsync(host);
        var (checkout, other) = (await OpenCheckout.NewAsync(shop), await OpenCheckout.NewAsync(shop));
        // Else the news that they were made could drop what is read next.
        await heard.UntilAsync(checkout.Id, other.Id);
        (await checkout.DataAsync()).GetProperty("state").GetString().ShouldBe("waiting");
        (await other.DataAsync()).GetProperty("state").GetString().ShouldBe("waiting");
        var reads = host.Sessions.Reads;

        (await shop.Server.PostAsync($"/v1/payment_sessions/{checkout.Id}/cancel")).ShouldBeOk();

        // What nothing drops is looked at anew after a minute.
        await checkout.UntilAsync("canceled").WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        (await other.DataAsync()).GetProperty("state").GetString().ShouldBe("waiting");
        (host.Sessions.Reads - reads).ShouldBe(1);
    }

    [Fact]
    public async Task What_is_asked_for_by_an_id_that_is_nobodys_is_looked_for_once()
    {
        var checkout = await OpenCheckout.NewAsync(await PaidShop.OpenAsync(host));
        var (invented, reads) = (PaymentSessionId.New(TimeProvider.System), host.Sessions.Reads);

        for (var asked = 0; asked < 10; asked++)
        {
            (await checkout.AskAsync($"/v1/checkout/{invented}")).ShouldBeError(HttpStatusCode.NotFound, "payment_session_not_found");
            (await checkout.AskAsync($"/checkout/{invented}")).Status.ShouldBe(HttpStatusCode.NotFound);
        }

        (host.Sessions.Reads - reads).ShouldBe(1);
    }

    [Fact]
    public async Task What_a_merchant_says_of_a_sale_is_opened_for_whoever_has_the_secret_alone()
    {
        var shop = await PaidShop.OpenAsync(host);
        var checkout = await OpenCheckout.NewAsync(shop, new { amount = 700, currency = "USD", description = "A present" });
        await using (var command = host.Database.DataSource.CreateCommand(
            "UPDATE grain_rows SET payload = jsonb_set(payload, '{sealed}', '\"AAAA\"') WHERE grain_key = $1 AND row_key = 'details'"))
        {
            command.Parameters.AddWithValue(checkout.Id);
            (await command.ExecuteNonQueryAsync(Cancelled)).ShouldBe(1);
        }

        (await checkout.AskAsync($"/v1/checkout/{checkout.Id}?key={checkout.Key}")).Status.ShouldBe(
            HttpStatusCode.InternalServerError, "what is stored cannot be opened");
        (await checkout.AskAsync($"/v1/checkout/{checkout.Id}")).ShouldBeOk().Text.ShouldContain("Ada's Books");
        (await checkout.AskAsync($"/checkout/{checkout.Id}")).ShouldBeOk();
    }

    [Fact]
    public async Task A_strangers_little_takes_away_no_way_to_pay()
    {
        var shop = await PaidShop.OpenAsync(host);
        var checkout = await OpenCheckout.NewAsync(shop, new { amount = 1000, currency = "USD", assets = new[] { "XLM", "USDC" } });
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        var asked = await DuesAsync(checkout);
        asked.Select(due => due.Asset).ShouldBe(["XLM", "USDC"]);
        var whole = await checkout.ScanAsync("USDC");

        await payer.PayAsync(whole, "0.01");
        await checkout.UntilAsync("underpaid");
        (await DuesAsync(checkout)).ShouldBe([asked[0], ("USDC", "9.9900000")]);
        (await checkout.ScanAsync("XLM")).Asset.ShouldBe(Stellar.Xdr.Asset.Native);
        (await checkout.TextAsync()).ShouldContain("asset=USDC");

        await payer.PayAsync(whole, "1.5");
        await Eventually.UntilAsync(
            async () => (await DuesAsync(checkout)).SequenceEqual([("USDC", "8.4900000"), asked[0]]),
            "what is being paid in comes first, and what else does is there");
        await payer.PayAsync(await checkout.ScanAsync("USDC"));
        await checkout.UntilAsync("paid");
    }

    [Fact]
    public async Task That_it_was_seen_is_written_once_by_a_form_and_leads_back_to_the_page()
    {
        var shop = await PaidShop.OpenAsync(host);
        var checkout = await OpenCheckout.NewAsync(shop);
        (await shop.SessionAsync(checkout.Id)).GetProperty("viewed_at").ValueKind.ShouldBe(JsonValueKind.Null);

        var seen = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => checkout.SeeAsync()));

        seen.Select(answer => (answer.StatusCode, answer.Headers.Location!.ToString())).Distinct()
            .ShouldBe([(HttpStatusCode.SeeOther, checkout.Url.PathAndQuery)]);
        (await shop.SessionAsync(checkout.Id)).GetProperty("viewed_at").ValueKind.ShouldBe(JsonValueKind.String);
        (await EventsOfAsync(checkout.Id)).ShouldBe(["payment_session.created", "payment_session.viewed"]);
    }

    [Fact]
    public async Task The_page_speaks_six_languages_in_both_directions()
    {
        var checkout = await OpenCheckout.NewAsync(await PaidShop.OpenAsync(host));

        foreach (var (more, accept, begin, text) in new[]
        {
            ("", "de-AT,en;q=0.5", "lang=\"de\" dir=\"ltr\"", "Wir warten auf Ihre Zahlung"),
            ("", "fr,es;q=0.8", "lang=\"es\" dir=\"ltr\"", "Esperando su pago"), ("&lang=pt", "de", "lang=\"pt\" dir=\"ltr\"", "Aguardando o seu pagamento"),
            ("&lang=hi", null, "lang=\"hi\" dir=\"ltr\"", "आपके भुगतान की प्रतीक्षा है"), ("&lang=ar", null, "lang=\"ar\" dir=\"rtl\"", "في انتظار دفعتك"),
            ("&lang=xx", "fr", "lang=\"en\" dir=\"ltr\"", "Waiting for your payment"),
        })
        {
            var page = WebUtility.HtmlDecode((await checkout.PageAsync(more, accept)).ShouldBeOk().Text);
            page.ShouldContain($"<html {begin}>");
            page.ShouldContain(text);
        }
    }

    [Fact]
    public async Task Its_files_are_kept_for_ever_and_it_is_at_no_other_host()
    {
        var checkout = await OpenCheckout.NewAsync(await PaidShop.OpenAsync(host));
        var page = (await checkout.PageAsync()).Text;

        foreach (var (end, type) in new[] { (".css", "text/css"), (".js", "text/javascript") })
        {
            var at = page.IndexOf("/checkout/assets/checkout.", StringComparison.Ordinal);
            at = end == ".js" ? page.IndexOf("/checkout/assets/checkout.", at + 1, StringComparison.Ordinal) : at;
            var file = await checkout.AskAsync(page[at..page.IndexOf('"', at)]);
            file.ShouldBeOk().ContentHeaders.ContentType!.MediaType.ShouldBe(type);
            file.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        }

        (await checkout.AskAsync("/checkout/assets/brand-ffcc00.css")).ShouldBeOk().Text.ShouldBe(":root{--brand:#ffcc00;--on-brand:#000}");
        (await checkout.AskAsync("/checkout/assets/brand-00ff00;x.css")).Status.ShouldBe(HttpStatusCode.NotFound);
        var elsewhere = new HttpRequestMessage(HttpMethod.Get, checkout.Url.PathAndQuery);
        elsewhere.Headers.Host = "api.example.com";
        (await host.Anonymous().SendAsync(elsewhere)).ShouldBeError(HttpStatusCode.NotFound, "not_found");
    }

    private static async Task ShouldHideWhereToPayAsync(OpenCheckout checkout, string page)
    {
        var address = (await checkout.Shop.SessionAsync(checkout.Id)).GetProperty("pay_to").GetProperty("address").GetString()!;
        page.ShouldNotContain(address);
        page.ShouldNotContain("web+stellar");
        page.ShouldNotContain("qr.svg");
        (await checkout.AskAsync($"/checkout/{checkout.Id}/qr.svg?key={checkout.Key}")).Status.ShouldBe(HttpStatusCode.NotFound);
        var data = await checkout.DataAsync();
        (data.GetProperty("pay_to").ValueKind, data.GetProperty("assets").ValueKind).ShouldBe((JsonValueKind.Null, JsonValueKind.Null));
    }

    private static async Task<(string Asset, string Amount)[]> DuesAsync(OpenCheckout checkout) =>
    [
        .. (await checkout.DataAsync()).GetProperty("assets").EnumerateArray()
            .Select(due => (due.GetProperty("asset").GetString()!, due.GetProperty("amount").GetString()!)),
    ];

    private async Task<string[]> EventsOfAsync(string session)
    {
        await using var command = host.Database.DataSource.CreateCommand("SELECT array(SELECT type FROM events WHERE subject = $1 ORDER BY xid, id)");
        command.Parameters.AddWithValue(session);
        return (string[])(await command.ExecuteScalarAsync(Cancelled))!;
    }
}

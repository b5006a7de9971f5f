using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Invoices;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;

namespace StellarPay.Frontdoor.Tests.Invoices;

/// <summary>A merchant drafts an invoice, finalizes it, sends it and takes it back.</summary>
[Collection<SessionHostCollection>]
public sealed class InvoiceTests(SessionHost host)
{
    [Fact]
    public async Task A_draft_is_changed_then_finalized_with_a_number_and_then_changed_no_more()
    {
        var shop = await PaidShop.OpenAsync(host);
        var draft = await OpenInvoice.DraftAsync(shop, new
        {
            currency = "EUR", customer_email = "Grace@Example.com", customer_name = "Grace Hopper", description = "Spring lessons", footer = "Thank you",
            metadata = new { project = "cobol" }, days_until_due = 14,
            line_items = new[] { new { name = "Lesson", quantity = 3, amount = "12.50" }, new { name = "Book", quantity = 1, amount = "7" } },
        });
        (draft.Made.GetProperty("status").GetString(), draft.Made.GetProperty("amount_due").GetInt64(), draft.Made.GetProperty("number").ValueKind)
            .ShouldBe(("draft", 4450, JsonValueKind.Null));
        draft.Made.GetProperty("hosted_invoice_url").ValueKind.ShouldBe(JsonValueKind.Null);
        draft.Made.GetProperty("due_date").ValueKind.ShouldBe(JsonValueKind.Null);

        var changed = (await shop.Server.PostAsync($"/v1/invoices/{draft.Id}", new { footer = "", customer_name = "Admiral Hopper" })).ShouldBeOk().Body;
        (changed.GetProperty("footer").ValueKind, changed.GetProperty("customer_name").GetString(), changed.GetProperty("amount_due").GetInt64())
            .ShouldBe((JsonValueKind.Null, "Admiral Hopper", 4450));
        changed.GetProperty("lines").GetProperty("data").GetArrayLength().ShouldBe(2);

        var now = host.Clock.GetUtcNow();
        var made = (await draft.DoAsync("finalize")).ShouldBeOk().Body;
        (made.GetProperty("status").GetString(), made.GetProperty("number").GetString(), made.GetProperty("amount_remaining").GetInt64())
            .ShouldBe(("open", "ADASBOOK-0001", 4450));
        made.GetProperty("due_date").GetInt64().ShouldBeInRange(now.AddDays(14).ToUnixTimeSeconds(), host.Clock.GetUtcNow().AddDays(14).ToUnixTimeSeconds());
        made.GetProperty("customer_email").GetString().ShouldBe("Grace@Example.com");
        made.GetProperty("hosted_invoice_url").GetString()!.ShouldContain($"/invoice/{draft.Id}?key=");

        // As often as it is asked for, once.
        (await draft.DoAsync("finalize")).ShouldBeOk().Body.GetProperty("number").GetString().ShouldBe("ADASBOOK-0001");
        (await shop.Server.PostAsync($"/v1/invoices/{draft.Id}", new { footer = "x" })).ShouldBeError(HttpStatusCode.Conflict, "invoice_not_draft");
        (await draft.DoAsync("void")).ShouldBeOk().Body.GetProperty("status").GetString().ShouldBe("void");
        (await draft.DoAsync("void")).ShouldBeOk();
        (await draft.DoAsync("mark_uncollectible")).ShouldBeError(HttpStatusCode.Conflict, "invoice_not_open");
        (await draft.DoAsync("finalize")).ShouldBeError(HttpStatusCode.Conflict, "invoice_not_draft");

        var told = await draft.EventsAsync(4);
        told.Select(OpenInvoice.TypeOf).ShouldBe(["invoice.created", "invoice.updated", "invoice.finalized", "invoice.voided"]);
        var finalized = told[2].GetProperty("data");
        finalized.GetProperty("previous_attributes").ToString().ShouldBe("""{"status":"draft"}""");
        // What is shown of an event is what a question for the invoice answers.
        foreach (var field in new[] { "number", "customer_email", "customer_name", "hosted_invoice_url", "lines", "metadata", "amount_due", "due_date" })
        {
            finalized.GetProperty("object").GetProperty(field).ToString().ShouldBe(made.GetProperty(field).ToString(), field);
        }

        // No person is named in what stays for ever, nor is the secret.
        await using var stored = host.Database.DataSource.CreateCommand(
            $"SELECT string_agg(data::text, ' ') FROM events WHERE subject = '{draft.Id}'");
        var text = (string)(await stored.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        text.ShouldNotContain("Hopper");
        text.ShouldNotContain("xample.com");
        text.ShouldNotContain("key=");
    }

    [Fact]
    public async Task Numbers_are_dense_whatever_is_finalized_at_once()
    {
        var shop = await PaidShop.OpenAsync(host);
        var drafts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OpenInvoice.DraftAsync(shop)));

        // Each twice at once, by whichever front door.
        var answers = await Task.WhenAll(drafts.Concat(drafts).Select(draft => draft.DoAsync("finalize")));

        var numbers = answers.Select(answer => answer.ShouldBeOk().Body).ToLookup(body => body.GetProperty("id").GetString(), body => body.GetProperty("number").GetString());
        numbers.ShouldAllBe(given => given.Distinct().Count() == 1);
        numbers.Select(given => given.First()).Order().ShouldBe(Enumerable.Range(1, 8).Select(n => $"ADASBOOK-000{n}"));
    }

    [Fact]
    public async Task Lists_are_filtered_and_what_is_another_merchants_is_not_there()
    {
        var (shop, other) = (await PaidShop.OpenAsync(host), await PaidShop.OpenAsync(host));
        var first = await OpenInvoice.NewAsync(shop, new { amount = 100, currency = "EUR", customer_email = "a@example.com", days_until_due = 5 });
        var second = await OpenInvoice.NewAsync(shop, new { amount = 200, currency = "EUR", customer_email = "b@example.com", days_until_due = 50 });
        var draft = await OpenInvoice.DraftAsync(shop, new { amount = 300, currency = "EUR", customer_email = "a@example.com" });
        var limit = host.Clock.GetUtcNow().AddDays(20).ToUnixTimeSeconds();
        foreach (var (query, expected) in new (string, string[])[]
        {
            ("", [draft.Id, second.Id, first.Id]), ("?status=open", [second.Id, first.Id]), ("?status=draft", [draft.Id]),
            ("?customer_email=A@EXAMPLE.com", [draft.Id, first.Id]), ($"?due_date[lte]={limit}", [first.Id]), ($"?due_date[gt]={limit}", [second.Id]),
            ("?number=ADASBOOK-0002", [second.Id]), ("?number=nobody-1", []), ("?limit=1", [draft.Id]), ($"?starting_after={second.Id}", [first.Id]),
            ($"?ending_before={second.Id}", [draft.Id]),
        })
        {
            (await shop.Server.GetAsync($"/v1/invoices{query}")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
                .Select(each => each.GetProperty("id").GetString()).ShouldBe(expected, query);
        }

        foreach (var (query, param) in new[]
        {
            ("?status=late", "status"), ("?number=%00", "number"), ("?customer_email=nobody", "customer_email"), ("?due_date[gt]=-1", "due_date"),
            ("?starting_after=in_00000000000000000000000a", "starting_after"), ($"?starting_after={first.Id[..^1]}%00", "starting_after"),
        })
        {
            (await shop.Server.GetAsync($"/v1/invoices{query}")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", param);
        }

        var strangers = new[]
        {
            await other.Server.GetAsync($"/v1/invoices/{first.Id}"), await other.Server.PostAsync($"/v1/invoices/{draft.Id}", new { footer = "mine" }),
            await other.Server.PostAsync($"/v1/invoices/{draft.Id}/finalize"), await other.Server.PostAsync($"/v1/invoices/{first.Id}/void"),
            await other.Server.PostAsync($"/v1/invoices/{first.Id}/mark_uncollectible"), await other.Server.PostAsync($"/v1/invoices/{first.Id}/send"),
            await other.Server.GetAsync("/v1/invoices/in_00000000000000000000000a"),
        };
        strangers.ShouldAllBe(answer => answer.ShouldBeError(HttpStatusCode.NotFound, "invoice_not_found", null) != null);
        (await other.Server.GetAsync("/v1/invoices")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await first.StatusAsync(), await draft.StatusAsync()).ShouldBe(("open", "draft"));
    }

    [Theory]
    [InlineData("""{"amount":5}""", "parameter_missing", "currency")]
    [InlineData("""{"currency":"USD"}""", "parameter_missing", "amount")]
    [InlineData("""{"amount":0,"currency":"USD"}""", "amount_invalid", "amount")]
    [InlineData("""{"amount":5,"currency":"USD","due_date":1}""", "due_date_invalid", "due_date")]
    [InlineData("""{"amount":5,"currency":"USD","due_date":9223372036854775807}""", "due_date_invalid", "due_date")]
    [InlineData("""{"amount":5,"currency":"USD","days_until_due":731}""", "days_until_due_invalid", "days_until_due")]
    [InlineData("""{"amount":5,"currency":"USD","days_until_due":-1}""", "days_until_due_invalid", "days_until_due")]
    [InlineData("""{"amount":5,"currency":"USD","days_until_due":1,"due_date":1}""", "due_date_invalid", "due_date")]
    [InlineData("""{"amount":5,"currency":"USD","customer_email":"nobody"}""", "customer_email_invalid", "customer_email")]
    [InlineData("""{"amount":5,"currency":"USD","customer_name":"a\u0000b"}""", "customer_name_invalid", "customer_name")]
    [InlineData("""{"amount":5,"currency":"USD","footer":"a\u0000b"}""", "footer_invalid", "footer")]
    [InlineData("""{"amount":5,"currency":"USD","description":"a\u0000b"}""", "description_invalid", "description")]
    [InlineData("""{"amount":5,"currency":"USD","metadata":{"invoice":"in_1"}}""", "metadata_invalid", "metadata")]
    [InlineData("""{"amount":5,"currency":"USD","line_items":[{"name":"a","amount":"0.06"}]}""", "amount_invalid", "amount")]
    [InlineData("""{"currency":"USD","line_items":[{"name":"a","quantity":1000000,"amount":"922337203685"}]}""", "line_items_invalid", "line_items")]
    [InlineData("""{"currency":"USD","line_items":[{"name":"a","amount":"0"}]}""", "line_items_invalid", "line_items")]
    [InlineData("""{"currency":"USD","line_items":[{"name":"a\u0000","amount":"1"}]}""", "line_items_invalid", "line_items[0][name]")]
    public async Task What_is_wrong_is_named_and_makes_nothing(string body, string code, string param)
    {
        var shop = await SharedShopAsync();

        (await shop.Server.PostTextAsync("/v1/invoices", body)).ShouldBeError(HttpStatusCode.BadRequest, code, param);

        (await shop.Server.GetAsync("/v1/invoices")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    // Half of a character is none: a database refuses it where it is stored.
    [Theory]
    [InlineData("customer_name")]
    [InlineData("footer")]
    [InlineData("description")]
    public async Task A_text_with_half_a_character_is_refused(string field)
    {
        var shop = await SharedShopAsync();

        (await shop.Server.PostTextAsync("/v1/invoices", $$"""{"amount":5,"currency":"USD","{{field}}":"a\ud800b"}""")).Status
            .ShouldBe(HttpStatusCode.BadRequest);

        (await shop.Server.GetAsync("/v1/invoices")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task An_invoice_is_mailed_to_its_customer_and_no_draft_and_not_for_ever()
    {
        var shop = await PaidShop.OpenAsync(host);
        var email = FrontdoorHost.NewEmail();
        var draft = await OpenInvoice.DraftAsync(shop, new { amount = 1250, currency = "EUR", customer_email = email, description = "Buy pills at evil.test" });
        (await draft.DoAsync("send")).ShouldBeError(HttpStatusCode.Conflict, "invoice_not_open");
        var made = (await draft.DoAsync("finalize")).ShouldBeOk().Body;

        var sent = (await draft.DoAsync("send")).ShouldBeOk().Body;

        sent.GetProperty("stellarpay").GetProperty("sent_at").ValueKind.ShouldBe(JsonValueKind.String);
        var mail = await host.Messages.NextAsync(email);
        mail.Subject.ShouldBe("[Test] Invoice ADASBOOK-0001");
        mail.Text.ShouldContain("This is a test");
        mail.Text.ShouldContain(made.GetProperty("hosted_invoice_url").GetString()!);
        mail.Text.ShouldContain("12.50 EUR");
        // A merchant's own words would make it a way to write to anybody.
        mail.Text.ShouldNotContain("pills");
        mail.Text.ShouldNotContain("Ada's Books");
        (await draft.EventsAsync(3)).Select(OpenInvoice.TypeOf).ShouldBe(["invoice.created", "invoice.finalized", "invoice.sent"]);

        var answers = new List<Answer>();
        for (var n = 0; n < 6; n++)
        {
            answers.Add(await draft.DoAsync("send"));
        }

        answers[^1].ShouldBeError(HttpStatusCode.TooManyRequests, "customer_notices_used_up");
        var nobody = await OpenInvoice.NewAsync(shop);
        (await nobody.DoAsync("send")).ShouldBeError(HttpStatusCode.Conflict, "invoice_has_no_email");
    }

    [Fact]
    public async Task It_is_told_once_that_an_invoice_is_overdue_and_it_can_still_be_paid()
    {
        var shop = await PaidShop.OpenAsync(host);
        var due = host.Clock.GetUtcNow().AddMinutes(10);
        var invoice = await OpenInvoice.NewAsync(shop, new { amount = 1000, currency = "USD", due_date = due.ToUnixTimeSeconds() });
        invoice.Made.GetProperty("stellarpay").GetProperty("overdue").GetBoolean().ShouldBeFalse();
        (await invoice.PageAsync()).ShouldNotContain("Overdue");

        // Its day is over.
        await SetAsync(invoice, "due_at", Invoice.Today(host.Clock.GetUtcNow()).AddSeconds(-1));

        (await invoice.EventsAsync(3)).Select(OpenInvoice.TypeOf).ShouldBe(["invoice.created", "invoice.finalized", "invoice.overdue"]);
        var stands = await invoice.StandsAsync();
        (stands.GetProperty("status").GetString(), stands.GetProperty("stellarpay").GetProperty("overdue").GetBoolean()).ShouldBe(("open", true));
        (await invoice.PageAsync()).ShouldContain("Overdue");
        (await invoice.SessionAsync()).GetProperty("status").GetString().ShouldBe("created");

        // Whoever looks again, at once with others, finds that it was told.
        var sweep = host.Services.GetRequiredService<InvoiceSweep>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => sweep.SettleAsync(TestContext.Current.CancellationToken)));
        (await invoice.DoAsync("void")).ShouldBeOk();
        (await invoice.EventsAsync(4)).Select(OpenInvoice.TypeOf)
            .ShouldBe(["invoice.created", "invoice.finalized", "invoice.overdue", "invoice.voided"]);
    }

    // What is known to be paid after the end of its day may have been paid before it.
    [Fact]
    public async Task Nobody_is_told_that_one_is_overdue_while_a_session_from_before_can_still_turn_out_paid()
    {
        var shop = await PaidShop.OpenAsync(host);
        var invoice = await OpenInvoice.NewAsync(shop);
        await invoice.SessionAsync();
        await SetPieceAsync(host.Clock.GetUtcNow().AddDays(-3));
        await SetAsync(invoice, "due_at", Invoice.Today(host.Clock.GetUtcNow()).AddSeconds(-1));

        (await DueAsync()).ShouldNotContain(invoice.Id);

        await SetPieceAsync(host.Clock.GetUtcNow());
        (await invoice.EventsAsync(3)).Select(OpenInvoice.TypeOf).ShouldBe(["invoice.created", "invoice.finalized", "invoice.overdue"]);

        async Task<string[]> DueAsync() =>
        [
            .. (await host.Services.GetRequiredService<InvoiceStore>().OverdueAsync(
                host.Clock.GetUtcNow(), 1_000, TestContext.Current.CancellationToken)).Select(id => id.Value),
        ];

        async Task SetPieceAsync(DateTimeOffset takenAt)
        {
            await using var set = host.Database.DataSource.CreateCommand(
                $"UPDATE payment_link_pieces SET taken_at = $1 WHERE link = '{invoice.Id}'");
            set.Parameters.AddWithValue(takenAt);
            (await set.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
        }
    }

    private async Task SetAsync(OpenInvoice invoice, string column, DateTimeOffset time)
    {
        await using var set = host.Database.DataSource.CreateCommand($"UPDATE invoices SET {column} = $1 WHERE id = '{invoice.Id}'");
        set.Parameters.AddWithValue(time);
        await set.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static PaidShop? _shop;

    // Of the tests that make nothing.
    private async Task<PaidShop> SharedShopAsync() => _shop ??= await PaidShop.OpenAsync(host);
}

using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Invoices;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Invoices;

/// <summary>
/// Whoever has an invoice's link pays it, once. The bug kept away: an invoice paid twice, or taken back while it was paid.
/// </summary>
[Collection<SessionHostCollection>]
public sealed class InvoicePaymentTests(SessionHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private InvoiceStore Store => host.Services.GetRequiredService<InvoiceStore>();

    private InvoiceTurns Turns => host.Services.GetRequiredService<InvoiceTurns>();

    [Fact]
    public async Task The_page_shows_it_to_who_has_the_secret_and_its_form_opens_one_session_for_all_of_them()
    {
        var shop = await PaidShop.OpenAsync(host);
        var invoice = await OpenInvoice.NewAsync(shop, new
        {
            currency = "EUR", customer_name = "Grace Hopper", customer_email = "grace@example.com", description = "Lessons & books", footer = "IBAN no more",
            line_items = new[] { new { name = "Lesson", quantity = 3, amount = "12.50" } }, metadata = new { secret = "of mine" }, days_until_due = 7,
        });
        var page = await invoice.PageAsync();
        foreach (var shown in new[]
        {
            "Invoice ADASBOOK-0001 from Ada's Books", "37.50 EUR", "3 × Lesson · 12.50 EUR", "Grace Hopper", "Lessons & books", "IBAN no more",
            "Test mode", "Go to payment",
        })
        {
            page.ShouldContain(shown);
        }

        foreach (var hidden in new[] { "<script", "of mine", "grace@example.com", "style=" })
        {
            page.ShouldNotContain(hidden);
        }

        page.Length.ShouldBeLessThan(60_000);
        foreach (var (language, text) in new[]
        {
            ("de", "Rechnung"), ("es", "Factura"), ("pt", "Fatura"), ("hi", "बिल"), ("ar", "فاتورة"),
        })
        {
            (await invoice.PageAsync($"&lang={language}")).ShouldContain(text);
        }

        foreach (var target in new[]
        {
            invoice.Url.AbsolutePath, $"{invoice.Url.AbsolutePath}?key=", $"{invoice.Url.PathAndQuery}x", $"{invoice.Url.AbsolutePath}?key=%00",
            "/invoice/in_00000000000000000000000a?key=x", "/invoice/none?key=x",
        })
        {
            var answer = await host.Anonymous().SendAsync(new HttpRequestMessage(HttpMethod.Get, target));
            (answer.Status, answer.Text.Contains("Lesson", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.NotFound, false), target);
            (await invoice.PayAsync(target)).Status.ShouldBe(HttpStatusCode.NotFound, target);
        }

        (await invoice.PayAsync(with: [("Sec-Fetch-Site", "cross-site")])).Status.ShouldBe(HttpStatusCode.OK);
        (await invoice.SessionsAsync()).ShouldBe(0);
        await host.CatchUpWithLedgersAsync();

        // Two tabs and more, at once.
        var opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            var answer = await invoice.PayAsync();
            await Eventually.UntilAsync(
                async () => answer.Status == HttpStatusCode.SeeOther
                    || (answer = await invoice.PayAsync()).Status == HttpStatusCode.SeeOther,
                "his turn comes");
            return answer;
        }));

        opened.ShouldAllBe(answer => answer.Status == HttpStatusCode.SeeOther);
        var location = opened.Select(answer => answer.Location!.ToString()).Distinct().ShouldHaveSingleItem();
        (await invoice.SessionsAsync()).ShouldBe(1);
        (await invoice.PayAsync()).Location!.ToString().ShouldBe(location);
        var session = await shop.SessionAsync(opened[0].Location!.AbsolutePath["/checkout/".Length..]);
        (session.GetProperty("amount").GetInt64(), session.GetProperty("currency").GetString(), session.GetProperty("customer_email").GetString())
            .ShouldBe((3750, "EUR", "grace@example.com"));
        session.GetProperty("metadata").GetProperty("invoice").GetString().ShouldBe(invoice.Id);
    }

    [Fact]
    public async Task What_pays_its_session_pays_the_invoice_once_and_what_does_not_leaves_it_open()
    {
        var shop = await PaidShop.OpenAsync(host);
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        var invoice = await OpenInvoice.NewAsync(shop);
        var session = await invoice.SessionAsync();
        var id = session.GetProperty("id").GetString()!;
        await payer.PayAsync(session.GetProperty("pay_to"), "1");
        await Eventually.UntilAsync(
            async () => (await shop.SessionAsync(id)).GetProperty("underpaid").GetBoolean(), "a part has come");
        (await invoice.StatusAsync()).ShouldBe("open");

        await payer.PayAsync(session.GetProperty("pay_to"), "2");
        await shop.UntilAsync(id, "paid");
        await invoice.UntilAsync("paid");

        var paid = await invoice.StandsAsync();
        (paid.GetProperty("stellarpay").GetProperty("payment_session").GetString(), paid.GetProperty("stellarpay").GetProperty("amount_paid_decimal").GetString())
            .ShouldBe((id, "3"));
        (await invoice.DoAsync("void")).ShouldBeError(HttpStatusCode.Conflict, "invoice_paid");
        (await invoice.DoAsync("mark_uncollectible")).ShouldBeError(HttpStatusCode.Conflict, "invoice_paid");
        var page = await invoice.PageAsync();
        page.ShouldContain("Thank you. Ada's Books has your payment.");
        page.ShouldContain($"/checkout/{id}?key=");
        page.ShouldNotContain("<form");
        (await invoice.PayAsync()).Status.ShouldBe(HttpStatusCode.OK);
        (await invoice.SessionsAsync()).ShouldBe(1);
        var sweep = host.Services.GetRequiredService<InvoiceSweep>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => sweep.SettleAsync(Cancelled)));
        (await invoice.EventsAsync(3)).Select(OpenInvoice.TypeOf).ShouldBe(["invoice.created", "invoice.finalized", "invoice.paid"]);
    }

    [Fact]
    public async Task After_a_session_that_expired_there_is_another_and_what_comes_late_for_the_first_is_held()
    {
        var shop = await PaidShop.OpenAsync(host);
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        var invoice = await OpenInvoice.NewAsync(shop);
        var first = await invoice.SessionAsync();
        var id = first.GetProperty("id").GetString()!;
        host.Clock.Advance(TimeSpan.FromSeconds(901));
        await host.LetLedgersCatchUpAsync();
        await Eventually.UntilAsync(
            async () =>
            {
                host.Clock.Advance(TimeSpan.FromSeconds(1));
                return (await shop.SessionAsync(id)).GetProperty("status").GetString() == "expired";
            },
            "the first is expired");

        await payer.PayAsync(first.GetProperty("pay_to"), "3");
        JsonElement payment = default;
        await Eventually.UntilAsync(
            async () => (payment = (await shop.SessionAsync(id)).GetProperty("payments")) is { ValueKind: JsonValueKind.Array } all && all.GetArrayLength() == 1,
            "it came late");
        (await invoice.StatusAsync()).ShouldBe("open");
        var second = await invoice.SessionAsync();
        second.GetProperty("id").GetString().ShouldNotBe(id);

        // Its merchant accepts what came late: the invoice is paid by that, and what could be paid a second time is cancelled.
        var accepted = (await Eventually.UntilAsync(
            () => shop.Server.PostAsync(
                $"/v1/payment_sessions/{id}/accept", new { payment = payment[0].GetProperty("operation_id").GetString() }),
            answer => answer.Status == HttpStatusCode.OK)).Body;
        await invoice.UntilAsync("paid");
        (await invoice.StandsAsync()).GetProperty("stellarpay").GetProperty("payment_session").GetString()
            .ShouldBe(accepted.GetProperty("id").GetString());
        (await shop.SessionAsync(second.GetProperty("id").GetString()!)).GetProperty("status").GetString().ShouldBe("canceled");
    }

    [Fact]
    public async Task To_take_one_back_cancels_its_session_first_and_what_paid_that_is_not_taken_back()
    {
        var shop = await PaidShop.OpenAsync(host);
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        var (unpaid, paid) = (await OpenInvoice.NewAsync(shop), await OpenInvoice.NewAsync(shop));
        var (open, met) = (await unpaid.SessionAsync(), await paid.SessionAsync());

        (await unpaid.DoAsync("void")).ShouldBeOk().Body.GetProperty("status").GetString().ShouldBe("void");

        (await shop.SessionAsync(open.GetProperty("id").GetString()!)).GetProperty("status").GetString().ShouldBe("canceled");
        (await unpaid.PageAsync()).ShouldContain("Nothing is to be paid");
        (await unpaid.PayAsync()).Status.ShouldBe(HttpStatusCode.OK);
        (await unpaid.EventsAsync(3)).Select(OpenInvoice.TypeOf).ShouldBe(["invoice.created", "invoice.finalized", "invoice.voided"]);

        await payer.PayAsync(met.GetProperty("pay_to"), "3");
        await shop.UntilAsync(met.GetProperty("id").GetString()!, "paid");
        // At once, whether or not anybody has swept.
        (await paid.DoAsync("void")).ShouldBeError(HttpStatusCode.Conflict, "invoice_paid");
        (await paid.StatusAsync()).ShouldBe("paid");
    }

    // A process that dies between the number and what it is for left a gap.
    [Fact]
    public async Task A_number_whose_invoice_is_not_finalized_after_all_is_the_next_ones()
    {
        var shop = await PaidShop.OpenAsync(host);
        var (broken, next) = (await OpenInvoice.DraftAsync(shop), await OpenInvoice.DraftAsync(shop));

        // It has its number, and then its row cannot be written.
        await Should.ThrowAsync<Npgsql.PostgresException>(() => Turns.TakeAsync(
            InvoiceId.Parse(broken.Id), merchant: null, "ADASBOOK",
            (invoice, _) => new InvoiceStep(
                invoice with { Status = InvoiceStatus.Open, FinalizedAt = host.Clock.GetUtcNow(), DueAt = null },
                EventTypes.InvoiceFinalized),
            key: null, Cancelled));

        (await broken.StatusAsync()).ShouldBe("draft");
        (await next.DoAsync("finalize")).ShouldBeOk().Body.GetProperty("number").GetString().ShouldBe("ADASBOOK-0001");
        (await broken.DoAsync("finalize")).ShouldBeOk().Body.GetProperty("number").GetString().ShouldBe("ADASBOOK-0002");
    }

    [Fact]
    public async Task One_whose_front_door_died_before_it_asked_for_the_session_is_taken_back_all_the_same()
    {
        var shop = await PaidShop.OpenAsync(host);
        var invoice = await OpenInvoice.NewAsync(shop);
        var id = InvoiceId.Parse(invoice.Id);
        var dead = PaymentSessionId.New(TimeProvider.System);
        (await Store.TakeAsync(id, dead, host.Clock.GetUtcNow(), Cancelled)).Answer.ShouldBe("taken");
        (await Store.TakeAsync(id, PaymentSessionId.New(TimeProvider.System), host.Clock.GetUtcNow(), Cancelled)).ShouldBe(("begun", dead));

        (await invoice.DoAsync("void")).ShouldBeOk();

        (await Store.TakeAsync(id, PaymentSessionId.New(TimeProvider.System), host.Clock.GetUtcNow(), Cancelled)).Answer.ShouldBe("void");
    }
}

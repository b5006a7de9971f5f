using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Invoices;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.Tests.Invoices;

/// <summary>
/// What comes late for an invoice's session, and is accepted, pays the invoice. The bug kept away: one paid by a cent of another session,
/// or money accepted for an invoice that is paid, or given up.
/// </summary>
[Collection<SessionHostCollection>]
public sealed class InvoiceAcceptanceTests(SessionHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private InvoiceSweep Sweep => host.Services.GetRequiredService<InvoiceSweep>();

    [Fact]
    public async Task A_session_that_says_it_is_for_an_invoice_and_was_not_made_for_it_pays_nothing_of_it()
    {
        var shop = await PaidShop.OpenAsync(host);
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        var invoice = await OpenInvoice.NewAsync(shop);
        var open = await invoice.SessionAsync();
        var other = await shop.NewSessionAsync(new { amount_decimal = "3", currency = "USDC", metadata = new { invoice = invoice.Id } });
        var payment = await PayLateAsync(shop, payer, other, "3");

        var accepted = (await AcceptAsync(shop, other, payment)).ShouldBeOk().Body;
        await Sweep.SettleAsync(Cancelled);

        accepted.GetProperty("metadata").GetProperty("invoice").GetString().ShouldBe(invoice.Id);
        (await invoice.StatusAsync()).ShouldBe("open");
        (await shop.SessionAsync(IdOf(open))).GetProperty("status").GetString().ShouldBe("created");
    }

    [Fact]
    public async Task Nothing_is_accepted_for_an_invoice_that_is_paid_or_closed_and_what_is_refused_leaves_it_as_it_was()
    {
        var shop = await PaidShop.OpenAsync(host);
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "40");
        var (closed, paid, part) = (await OpenInvoice.NewAsync(shop), await OpenInvoice.NewAsync(shop), await OpenInvoice.NewAsync(shop));
        var (first, second, third) = (await closed.SessionAsync(), await paid.SessionAsync(), await part.SessionAsync());
        var late = new[]
        {
            await PayLateAsync(shop, payer, first, "3"), await PayLateAsync(shop, payer, second, "3"), await PayLateAsync(shop, payer, third, "2"),
        };
        (await closed.DoAsync("mark_uncollectible")).ShouldBeOk();
        // Its payer is about to pay it.
        var open = await part.SessionAsync();
        var again = await paid.SessionAsync();
        await payer.PayAsync(again.GetProperty("pay_to"), "3");
        await shop.UntilAsync(IdOf(again), "paid");

        (await AcceptAsync(shop, first, late[0])).ShouldBeError(HttpStatusCode.Conflict, "invoice_not_open");
        // At once, whether or not anybody has swept.
        (await AcceptAsync(shop, second, late[1])).ShouldBeError(HttpStatusCode.Conflict, "invoice_paid");
        (await AcceptAsync(shop, third, late[2])).ShouldBeError(HttpStatusCode.BadRequest, "payment_below_price", "payment");

        (await shop.SessionAsync(IdOf(open))).GetProperty("status").GetString().ShouldBe("created");
        foreach (var session in new[] { first, second, third })
        {
            (await shop.SessionAsync(IdOf(session))).GetProperty("accepted_as").ValueKind.ShouldBe(JsonValueKind.Null);
        }

        (await paid.StandsAsync()).GetProperty("stellarpay").GetProperty("payment_session").GetString().ShouldBe(IdOf(again));
        (await part.DoAsync("void")).ShouldBeOk();
    }

    // A front door that died after the money was accepted left the invoice open, and it was paid a second time.
    [Fact]
    public async Task What_a_front_door_that_died_began_is_done_by_the_next_one()
    {
        var shop = await PaidShop.OpenAsync(host);
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        var (accepted, asked) = (await OpenInvoice.NewAsync(shop), await OpenInvoice.NewAsync(shop));
        var (first, second) = (await accepted.SessionAsync(), await asked.SessionAsync());
        var (payment, other) = (await PayLateAsync(shop, payer, first, "3"), await PayLateAsync(shop, payer, second, "3"));
        await PrepareAsync(accepted, first, payment);
        await PrepareAsync(asked, second, other);
        (await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IPaymentSessionGrain>(IdOf(first))
            .AcceptAsync(MerchantId.Parse(shop.Id), OperationIds.Find(payment)!.Value, Cancelled)).IsSuccess.ShouldBeTrue();

        // Nothing else becomes of it meanwhile.
        (await accepted.DoAsync("void")).ShouldBeError(HttpStatusCode.ServiceUnavailable, "invoice_busy");
        (await host.Services.GetRequiredService<InvoiceStore>().TakeAsync(
            InvoiceId.Parse(accepted.Id), PaymentSessionId.New(TimeProvider.System), host.Clock.GetUtcNow(), Cancelled)).Answer.ShouldBe("begun");
        await using var age = host.Database.DataSource.CreateCommand(
            $"UPDATE invoices SET accepting_at = now() - interval '1 hour' WHERE id IN ('{accepted.Id}', '{asked.Id}')");
        (await age.ExecuteNonQueryAsync(Cancelled)).ShouldBe(2);

        await accepted.UntilAsync("paid");
        var born = (await shop.SessionAsync(IdOf(first))).GetProperty("accepted_as").GetString();
        (await accepted.StandsAsync()).GetProperty("stellarpay").GetProperty("payment_session").GetString().ShouldBe(born);
        (await AcceptAsync(shop, first, payment)).ShouldBeOk().Body.GetProperty("id").GetString().ShouldBe(born);
        (await accepted.EventsAsync(3)).Select(OpenInvoice.TypeOf).ShouldBe(["invoice.created", "invoice.finalized", "invoice.paid"]);
        // Of the other nothing was accepted: it is as it was.
        await Eventually.UntilAsync(async () => (await asked.DoAsync("void")).Status == HttpStatusCode.OK, "nobody accepts it any more");
        (await shop.SessionAsync(IdOf(second))).GetProperty("accepted_as").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private async Task PrepareAsync(OpenInvoice invoice, JsonElement session, string payment)
    {
        var found = await host.Services.GetRequiredService<InvoiceStore>().FindAsync(InvoiceId.Parse(invoice.Id), Cancelled);
        (await host.Services.GetRequiredService<InvoiceAcceptance>().PrepareAsync(
            found!, LatePayment.Begin(PaymentSessionId.Parse(IdOf(session)), OperationIds.Find(payment)!.Value))).ShouldBeNull();
    }

    private static string IdOf(JsonElement session) => session.GetProperty("id").GetString()!;

    private static Task<Answer> AcceptAsync(PaidShop shop, JsonElement session, string payment) =>
        shop.Server.PostAsync($"/v1/payment_sessions/{IdOf(session)}/accept", new { payment });

    // Cancelled, and paid then.
    private static async Task<string> PayLateAsync(PaidShop shop, OutsidersWallet payer, JsonElement session, string amount)
    {
        var id = IdOf(session);
        (await shop.Server.PostAsync($"/v1/payment_sessions/{id}/cancel")).ShouldBeOk();
        await payer.PayAsync(session.GetProperty("pay_to"), amount);
        await Eventually.UntilAsync(async () => (await shop.SessionAsync(id)).GetProperty("late").GetBoolean(), "it came late");
        return (await shop.SessionAsync(id)).GetProperty("payments")[0].GetProperty("operation_id").GetString()!;
    }
}

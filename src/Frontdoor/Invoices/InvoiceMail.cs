using System.Globalization;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>A mail that was paid for from the day's budget.</summary>
/// <param name="Mail">What is stored of it.</param>
/// <param name="Share">What was taken for it.</param>
internal sealed record InvoiceLetter((string Id, byte[] Sealed, DateTimeOffset ExpiresAt) Mail, MessageShare Share);

/// <summary>
/// Mails invoices to customers, within a budget of their own. It says no more than what the platform knows: a merchant's own words, and so
/// what it calls itself, would make it a way to write to anybody. Sent behind codes, which people wait for.
/// </summary>
internal sealed class InvoiceMail(
    MessageTransports transports, MessageBudget budget, MessageSeal seal, CheckoutLinks links, TimeProvider system)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromDays(1);

    private static readonly Problem NotOffered = Problem.Of(new Error(
        ErrorKind.Refused, "email_unavailable", "No e-mail is sent here. Share the invoice's hosted_invoice_url by yourself."));

    /// <summary>A mail with an invoice's link, with what a day has of that; or why there is none.</summary>
    public async Task<(InvoiceLetter? Letter, Problem? Problem)> WriteAsync(
        Invoice invoice, SaleDetailsJson said, bool isLive, CancellationToken cancellationToken)
    {
        if (!transports.Offers(MessageChannel.Email) || links.UrlOf(invoice.Id) is not { } url)
        {
            return (null, NotOffered);
        }

        if (said.CustomerEmail is not { } to)
        {
            return (null, InvoiceProblems.NoEmail);
        }

        var ask = new MessageAsk(MessageUse.Invoice, MessageChannel.Email, to, Merchant: invoice.Merchant);
        if (await budget.TakeAsync(ask, cancellationToken) is not { } share)
        {
            return (null, Problem.Of(new Error(
                ErrorKind.RateLimited, "customer_notices_used_up",
                "Today this customer, or so many of your customers, can be mailed nothing more.",
                RetryAfter: budget.Tomorrow - system.GetUtcNow())));
        }

        var due = invoice.DueAt!.Value.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var message = new Message(
            MessageOutbox.NewId(system), MessageChannel.Email, to, $"{(isLive ? "" : "[Test] ")}Invoice {invoice.Number}",
            $"""
            {(isLive ? "" : "This is a test: no money is owed, and none is to be paid.\n\n")}A business has sent you invoice {invoice.Number}: {invoice.Terms.Text} {invoice.Terms.Code}, to be paid by the end of {due} (UTC).

            See whose it is, and pay it, here:
            {url}

            Whoever has this link can see the invoice. If you do not know what it is for, please ignore this e-mail.
            """,
            Code: null);
        return (new InvoiceLetter((message.Id, seal.Seal(message), system.GetUtcNow() + Lasts), share), null);
    }

    /// <summary>It is not sent after all, and what was taken for it is there again.</summary>
    public Task ReturnAsync(InvoiceLetter letter) => budget.ReturnAsync(letter.Share, CancellationToken.None);
}

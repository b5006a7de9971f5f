using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Registration;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>What a merchant does with its invoices.</summary>
internal sealed class InvoiceDesk(
    InvoiceStore store, InvoiceTurns turns, InvoiceEnding ending, InvoiceMail mail, InvoiceCustomers customers, SaleDetailsSeal seal,
    SessionAssets assets, MerchantBook merchants, CheckoutLinks links, IOptions<InvoiceOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    /// <summary>A new draft; or what is wrong with it.</summary>
    public async Task<(InvoiceJson? Made, Problem? Problem)> CreateAsync(
        InvoiceRequest request, MerchantCaller caller, CancellationToken cancellationToken)
    {
        var now = business.GetUtcNow();
        var (draft, problem) = InvoiceForm.Read(request, assets, caller.IsLive, now);
        if (draft is null)
        {
            return (null, problem);
        }

        var invoice = new Invoice(InvoiceId.New(business), caller.Merchant, InvoiceStatus.Draft, draft.Terms, now)
        {
            DueAt = draft.DueAt,
            Customer = customers.Of(caller.Merchant, draft.Details.CustomerEmail),
            Details = await SealAsync(caller.Merchant, draft, cancellationToken),
        };
        return await store.AddAsync(invoice, caller.Key, cancellationToken) switch
        {
            "added" => (InvoiceJson.Of(invoice, draft.Details, caller.IsLive, links, now), null),
            "too_many" => (null, Problem.Of(new Error(
                ErrorKind.Refused, "too_many_invoices", $"You can have {options.Value.UnpaidPerMerchant} invoices that are drafts or open."))),
            _ => (null, Problem.Of(new Error(
                ErrorKind.RateLimited, "too_many_invoices_today", $"You can make {options.Value.PerMerchantADay} invoices a day.",
                RetryAfter: Tomorrow(now) - now))),
        };
    }

    /// <summary>A draft as something else.</summary>
    public async Task<(InvoiceJson? Invoice, Problem? Problem)> UpdateAsync(
        InvoiceId id, InvoiceRequest request, MerchantCaller caller, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(caller.Merchant, id, cancellationToken) is not { } before)
        {
            return (null, InvoiceProblems.NotFound);
        }

        if (before.Status != InvoiceStatus.Draft)
        {
            return (null, InvoiceProblems.NotDraft);
        }

        var said = await SaidAsync(before, cancellationToken);
        var (draft, problem) = InvoiceForm.Read(InvoiceForm.Over(request, before, said), assets, caller.IsLive, business.GetUtcNow());
        if (draft is null)
        {
            return (null, problem);
        }

        var details = await SealAsync(caller.Merchant, draft, cancellationToken);
        var customer = customers.Of(caller.Merchant, draft.Details.CustomerEmail);
        return await ShownAsync(
            await turns.TakeAsync(
                id, caller.Merchant, prefix: null,
                // What is laid over another state than it was read from would take back what somebody else has just said.
                (invoice, _) => invoice.Status == InvoiceStatus.Draft && invoice.Revision != before.Revision
                    ? new InvoiceStep(Refused: InvoiceProblems.Changed)
                    : InvoiceSteps.Update(invoice, draft, details, customer),
                caller.Key, cancellationToken),
            caller, cancellationToken);
    }

    /// <summary>Gives it its number, and lets it be paid; as often as it is asked for, once.</summary>
    public async Task<(InvoiceJson? Invoice, Problem? Problem)> FinalizeAsync(
        InvoiceId id, MerchantCaller caller, CancellationToken cancellationToken)
    {
        var merchant = await merchants.FindAsync(caller.Merchant, user: null, cancellationToken);
        var now = business.GetUtcNow();
        return await ShownAsync(
            await turns.TakeAsync(
                id, caller.Merchant, PrefixOf(merchant?.StatementDescriptor ?? ""), (invoice, _) => InvoiceSteps.Finalize(invoice, now),
                caller.Key, CancellationToken.None),
            caller, cancellationToken);
    }

    /// <summary>
    /// Ends it unpaid. Its session is cancelled before, by which all that the ledger holds by now is judged: where that paid it, it stays
    /// paid.
    /// </summary>
    public async Task<(InvoiceJson? Invoice, Problem? Problem)> CloseAsync(
        InvoiceId id, InvoiceStatus end, MerchantCaller caller, CancellationToken cancellationToken) =>
        await ShownAsync(
            await ending.EndAsync(
                id, caller.Merchant, "The invoice was closed.", invoice => InvoiceSteps.Close(invoice, end, business.GetUtcNow()), caller.Key),
            caller, cancellationToken);

    /// <summary>Mails its link to its customer, within what a day has of that.</summary>
    public async Task<(InvoiceJson? Invoice, Problem? Problem)> SendAsync(
        InvoiceId id, MerchantCaller caller, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(caller.Merchant, id, cancellationToken) is not { } invoice)
        {
            return (null, InvoiceProblems.NotFound);
        }

        if (InvoiceSteps.Send(invoice, options.Value.MailsPerInvoice, business.GetUtcNow()).Refused is { } refused)
        {
            return (null, refused);
        }

        var (letter, problem) = await mail.WriteAsync(
            invoice, await SaidAsync(invoice, cancellationToken), caller.IsLive, cancellationToken);
        if (letter is null)
        {
            return (null, problem);
        }

        // From here on it is sent even if the caller hangs up: something was taken for it.
        var sent = false;
        try
        {
            var answer = await turns.TakeAsync(
                id, caller.Merchant, prefix: null,
                (now, _) =>
                {
                    var step = InvoiceSteps.Send(now, options.Value.MailsPerInvoice, business.GetUtcNow());
                    return step.Next is null ? step : step with { Mail = letter.Mail };
                },
                caller.Key, CancellationToken.None);
            sent = answer.Refused is null;
            return await ShownAsync(answer, caller, cancellationToken);
        }
        finally
        {
            if (!sent)
            {
                await mail.ReturnAsync(letter);
            }
        }
    }

    /// <summary>What is said of some of one merchant's, in their order.</summary>
    public async Task<IReadOnlyList<InvoiceJson>> ShowAsync(
        MerchantCaller caller, IReadOnlyList<Invoice> invoices, CancellationToken cancellationToken)
    {
        var said = await seal.OpenAsync(caller.Merchant, [.. invoices.Select(invoice => invoice.Details)], cancellationToken);
        var now = business.GetUtcNow();
        return [.. invoices.Select((invoice, at) => InvoiceJson.Of(invoice, said[at], caller.IsLive, links, now))];
    }

    /// <summary>What is said of one, in clear.</summary>
    public async Task<SaleDetailsJson> SaidAsync(Invoice invoice, CancellationToken cancellationToken) =>
        (await seal.OpenAsync(invoice.Merchant, [invoice.Details], cancellationToken))[0];

    /// <summary>What a merchant's numbers begin with: up to eight letters and digits of what statements call it.</summary>
    public static string PrefixOf(string descriptor)
    {
        const int longest = 8;
        var letters = descriptor.Where(char.IsAsciiLetterOrDigit).Take(longest).ToArray();
        return letters.Length == 0 ? "INV" : new string(letters).ToUpperInvariant();
    }

    private async Task<(InvoiceJson? Invoice, Problem? Problem)> ShownAsync(
        (Invoice? Invoice, Problem? Refused) answer, MerchantCaller caller, CancellationToken cancellationToken) =>
        answer.Refused is not null || answer.Invoice is null
            ? (null, answer.Refused)
            : ((await ShowAsync(caller, [answer.Invoice], cancellationToken))[0], null);

    private async Task<string?> SealAsync(MerchantId merchant, InvoiceDraft draft, CancellationToken cancellationToken) =>
        draft.Bytes is { } bytes ? await seal.SealAsync(merchant, bytes, cancellationToken) : null;

    private static DateTimeOffset Tomorrow(DateTimeOffset now) => new(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
}

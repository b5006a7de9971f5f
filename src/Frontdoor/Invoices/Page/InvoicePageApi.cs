using Microsoft.Net.Http.Headers;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Checkout.Page;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Registration;
using StellarPay.Frontdoor.Origins;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.SecurityHeaders;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Invoices.Page;

/// <summary>
/// The pages of invoices, for whoever has the secret of one: the id alone shows nothing. To look at one makes nothing. Its form opens a
/// session, and leads to its page.
/// </summary>
internal static class InvoicePageApi
{
    public static void MapInvoicePages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/invoice").ExcludeFromDescription().WithMetadata(ContentPolicy.OwnFiles, PayersPage.Mark)
            .AddEndpointFilter(CheckoutApi.OnlyAtItsOriginAsync);
        pages.MapGet("/{id}", ShowAsync).RequireRateLimiting(RateLimitNames.Checkout);
        pages.MapPost("/{id}", PayAsync).RequireRateLimiting(RateLimitNames.PaymentLink);
    }

    private static async Task<IResult> ShowAsync(
        string id, string? key, HttpContext context, InvoiceStore store, InvoiceDesk desk, MerchantBook merchants, CheckoutSecrets secrets,
        InvoicePages pages, CheckoutPages others, [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
        CancellationToken cancellationToken)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
        return await FindAsync(id, key, store, merchants, secrets, cancellationToken) is ({ } invoice, { } merchant)
            ? CheckoutApi.Html(await pages.OfAsync(
                invoice, await desk.SaidAsync(invoice, cancellationToken), merchant, key!, context.Request, business.GetUtcNow()))
            : CheckoutApi.Html(await others.OfNothingAsync(context.Request), StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> PayAsync(
        string id, string? key, HttpContext context, InvoiceStore store, InvoiceDesk desk, InvoiceTill till, MerchantBook merchants,
        CheckoutSecrets secrets, CheckoutLinks links, InvoicePages pages, CheckoutPages others,
        [FromKeyedServices(BusinessTime.Key)] TimeProvider business, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, key, store, merchants, secrets, cancellationToken) is not ({ } invoice, { } merchant))
        {
            return CheckoutApi.Html(await others.OfNothingAsync(context.Request), StatusCodes.Status404NotFound);
        }

        var said = await desk.SaidAsync(invoice, cancellationToken);
        if (!OurForms.IsOurs(context.Request) || !InvoicePages.MayBePaid(invoice, merchant))
        {
            // Another page sent the form, perhaps unseen by who is before it; or there is nothing to be paid by now: he is shown it.
            return CheckoutApi.Html(await pages.OfAsync(invoice, said, merchant, key!, context.Request, business.GetUtcNow()));
        }

        var (session, problem) = await till.OpenAsync(invoice, said, merchant, cancellationToken);
        if (session is { } opened)
        {
            var language = context.Request.Query.ContainsKey("lang") ? $"&lang={CheckoutTexts.For(context.Request).Language}" : "";
            context.Response.Headers.Location = links.UrlOf(opened) + language;
            return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
        }

        // It may have been paid or taken back meanwhile: as it stands now.
        invoice = await store.FindAsync(invoice.Id, cancellationToken) ?? invoice;
        return CheckoutApi.Html(
            await pages.OfRefusalAsync(invoice, said, merchant, key!, problem!, context.Request, business.GetUtcNow()), problem!.Status);
    }

    // The secret first: who has it not causes no look into the database.
    private static async Task<(Invoice Invoice, Merchant Merchant)?> FindAsync(
        string id, string? key, InvoiceStore store, MerchantBook merchants, CheckoutSecrets secrets, CancellationToken cancellationToken) =>
        InvoiceId.TryParse(id, out var name) && key is not null && secrets.IsInvoiceKey(name, key)
        && await store.FindAsync(name, cancellationToken) is { Status: not InvoiceStatus.Draft } invoice
        && await merchants.FindAsync(invoice.Merchant, user: null, cancellationToken) is { } merchant
            ? (invoice, merchant)
            : null;
}

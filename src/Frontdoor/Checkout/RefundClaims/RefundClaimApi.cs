using StellarPay.Frontdoor.Checkout.Embed;
using StellarPay.Frontdoor.Checkout.Memory;
using StellarPay.Frontdoor.Checkout.Page;
using StellarPay.Frontdoor.Compression;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Origins;
using StellarPay.Frontdoor.RateLimits;

namespace StellarPay.Frontdoor.Checkout.RefundClaims;

/// <summary>
/// The page on which what is held for a session's payers is claimed, by a secret of its own; and the form by which who may pay has that
/// mailed to who has paid.
/// </summary>
internal static class RefundClaimApi
{
    public static void AddRefundClaims(this IServiceCollection services)
    {
        services.AddSingleton<ClaimMemory>();
        services.AddSingleton<RefundLinkMail>();
        services.AddSingleton<RefundClaimDesk>();
        services.AddSingleton<RefundClaimPages>();
    }

    /// <summary>Maps them below the session's own.</summary>
    public static void MapRefundClaims(this IEndpointRouteBuilder checkout)
    {
        var pages = checkout.MapGroup("").WithMetadata(PayersPage.Mark, NeverCompressed.Because)
            .AddEndpointFilter(ByItsFormsAsync).AddEndpointFilter(WithAPageAsync);
        pages.MapGet("/{id}/refund", ShowAsync).RequireRateLimiting(RateLimitNames.Checkout);
        pages.MapPost("/{id}/refund", ClaimAsync).RequireRateLimiting(RateLimitNames.Checkout);
        pages.MapPost("/{id}/refund_link", SendLinkAsync).RequireRateLimiting(RateLimitNames.Checkout);
    }

    private static async ValueTask<object?> ByItsFormsAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        HttpMethods.IsGet(context.HttpContext.Request.Method) || OurForms.IsOurs(context.HttpContext.Request)
            ? await next(context)
            : await RefuseAsync(context.HttpContext, StatusCodes.Status403Forbidden);

    // Who looks at a page is told by one. Whatever may have been done by then is seen when it is looked at again.
    private static async ValueTask<object?> WithAPageAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception e) when (!context.HttpContext.RequestAborted.IsCancellationRequested && ExceptionProblems.IsPassing(e))
        {
            return await RefuseAsync(context.HttpContext, StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<object?> RefuseAsync(HttpContext context, int status) => CheckoutApi.Html(
        await context.RequestServices.GetRequiredService<RefundClaimPages>().RefusalAsync(context.Request), status);

    private static async Task<IResult> ShowAsync(
        string id, string? payer, string? key, string? payment, string? why, HttpContext context, RefundClaimDesk desk,
        RefundClaimPages pages, CheckoutPages others, CancellationToken cancellationToken) =>
        await desk.FindAsync(id, payer, key, cancellationToken) is { } found
            ? CheckoutApi.Html(await pages.OfAsync(found, LinksOf(found.Sale, payer, key!, context), context.Request, payment, why))
            : await NothingAsync(context, others);

    private static async Task<IResult> ClaimAsync(
        string id, HttpContext context, RefundClaimDesk desk, CheckoutPages others, CancellationToken cancellationToken)
    {
        var form = await PageForm.ReadAsync(context.Request, cancellationToken);
        var (payer, key) = (form[RefundClaimLinks.PayerName].FirstOrDefault(), form["key"].FirstOrDefault());
        if (await desk.FindAsync(id, payer, key, cancellationToken) is not { } found)
        {
            return await NothingAsync(context, others);
        }

        var links = LinksOf(found.Sale, payer, key!, context);
        var payment = form[RefundClaimLinks.Payment].FirstOrDefault();
        var why = await desk.ClaimAsync(found, payment, form[RefundClaimLinks.OwnAccount] == RefundClaimLinks.Yes);
        return SeeOther(context, why is null ? links.Page() : links.Page(RefundClaimPages.NameIn(payment), why));
    }

    // By the secret to pay: whoever has that is told no more than that the link is on its way, if it is.
    private static async Task<IResult> SendLinkAsync(
        string id, HttpContext context, RefundClaimDesk desk, CheckoutDesk checkout, CheckoutPages others,
        CancellationToken cancellationToken)
    {
        var form = await PageForm.ReadAsync(context.Request, cancellationToken);
        var key = form["key"].FirstOrDefault();
        if (await checkout.FindWholeAsync(id, key, cancellationToken) is not { } sale)
        {
            return await NothingAsync(context, others);
        }

        await desk.SendLinkAsync(sale, cancellationToken);
        return SeeOther(
            context, new PageLinks(id, key!, Asset: null, PageFrames.NameIn(form[PageFrames.Parameter].FirstOrDefault())).RefundLinkSent);
    }

    private static RefundClaimLinks LinksOf(CheckoutSale sale, string? payer, string key, HttpContext context) => new(
        sale.Session.Id, payer, key, context.Request.Query.ContainsKey("lang") ? CheckoutTexts.For(context.Request).Language : null);

    private static async Task<IResult> NothingAsync(HttpContext context, CheckoutPages others) =>
        CheckoutApi.Html(await others.OfNothingAsync(context.Request), StatusCodes.Status404NotFound);

    // Who loads that again sends no form again.
    private static IResult SeeOther(HttpContext context, string page)
    {
        context.Response.Headers.Location = page;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}

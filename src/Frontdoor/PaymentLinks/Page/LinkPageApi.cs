using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Checkout.Embed;
using StellarPay.Frontdoor.Checkout.Page;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Origins;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.SecurityHeaders;
using StellarPay.Grains;
using StellarPay.Grains.Money;

namespace StellarPay.Frontdoor.PaymentLinks.Page;

/// <summary>
/// The pages of links. To look at one makes nothing: crawlers, and whatever passes links on, look at them. Its form makes the session, and
/// leads to its page.
/// </summary>
internal static class LinkPageApi
{
    private const string Cached = "public, max-age=5";
    private const string AmountField = "amount";
    private const int LongestAmount = 40;

    private static readonly Problem NotFound = StatusProblems.Of(StatusCodes.Status404NotFound);

    public static void MapLinkPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/pay").ExcludeFromDescription().WithMetadata(ContentPolicy.OwnFiles, PayersPage.Mark)
            .AddEndpointFilter(CheckoutApi.OnlyAtItsOriginAsync);
        pages.MapGet("/{slug}", ShowAsync).RequireRateLimiting(RateLimitNames.Checkout);
        pages.MapPost("/{slug}", PayAsync).RequireRateLimiting(RateLimitNames.PaymentLink);
    }

    private static async Task<IResult> ShowAsync(
        string slug, HttpContext context, LinkMemory memory, LinkPages pages, CheckoutPages others, PageFrames frames,
        [FromKeyedServices(BusinessTime.Key)] TimeProvider business, CancellationToken cancellationToken)
    {
        if (await memory.FindAsync(slug, cancellationToken) is not { } sale)
        {
            return CheckoutApi.Html(await others.OfNothingAsync(context.Request), StatusCodes.Status404NotFound);
        }

        var frame = await frames.OpenAsync(context, sale.Link.Merchant);
        if (!context.Request.Query.ContainsKey(PageFrames.Parameter))
        {
            // In a frame it stands as long as the key does, and by where one asks from: kept by nobody.
            context.Response.Headers.CacheControl = Cached;
        }

        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
        return CheckoutApi.Html(await pages.OfAsync(sale, context.Request, business.GetUtcNow(), frame));
    }

    private static async Task<IResult> PayAsync(
        string slug, HttpContext context, LinkMemory memory, PaymentLinkStore store, LinkHolders holders, SessionMaker maker,
        CheckoutLinks links, LinkPages pages, CheckoutPages others, PageFrames frames, IOptions<PaymentLinkOptions> options,
        [FromKeyedServices(BusinessTime.Key)] TimeProvider business, CancellationToken cancellationToken)
    {
        // As it is now: who makes something does not go by what was a moment ago.
        if (await memory.ReadAsync(slug, cancellationToken) is not { } sale)
        {
            return IsProgram(context.Request)
                ? NotFound
                : CheckoutApi.Html(await others.OfNothingAsync(context.Request), StatusCodes.Status404NotFound);
        }

        var frame = await frames.OpenAsync(context, sale.Link.Merchant);
        var entered = await EnteredAsync(context.Request, cancellationToken);
        if (!OurForms.IsOurs(context.Request))
        {
            // Another page sent the form, perhaps unseen by who is before it: he is asked.
            return CheckoutApi.Html(await pages.OfAsync(sale, context.Request, business.GetUtcNow(), frame, entered));
        }

        var (amount, problem) = AmountOf(sale.Link.Terms, entered);
        if (sale.Merchant.Status != MerchantStatus.Active)
        {
            problem = Problem.Of(new Grains.Results.Error(
                Grains.Results.ErrorKind.Conflict, "payment_link_inactive", "This payment link takes no payments."));
        }

        if (problem is null)
        {
            var link = sale.Link;
            var caller = new MerchantCaller(
                link.Merchant, sale.Merchant.IsLive, sale.Merchant.Tier, sale.Merchant.Status, MerchantPermissions.None);
            var piece = new LinkPiece(store, link, holders.Of(context, link), sale.Merchant.Tier, business.GetUtcNow());
            (var made, problem) = await maker.MakeAsync(
                caller, PaymentLinkForm.SessionOf(link, amount!, options.Value.HoldSeconds), key: null, piece, cancellationToken);
            if (made is not null)
            {
                var language = context.Request.Query.ContainsKey("lang") ? $"&lang={CheckoutTexts.For(context.Request).Language}" : "";
                var embed = frame is null ? "" : $"&{PageFrames.Parameter}={frame.Key}";
                context.Response.Headers.Location = links.UrlOf(made.Id) + language + embed;
                return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
            }
        }

        return IsProgram(context.Request)
            ? problem!
            : CheckoutApi.Html(await pages.OfRefusalAsync(sale, problem!, entered, context.Request, frame), problem!.Status);
    }

    // Browsers ask for pages, whatever else they take; a program that wants data says so.
    private static bool IsProgram(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase));

    private static async Task<string?> EnteredAsync(HttpRequest request, CancellationToken cancellationToken) =>
        (await PageForm.ReadAsync(request, cancellationToken))[AmountField].FirstOrDefault() is { Length: <= LongestAmount } text
            ? text.Trim()
            : null;

    // A comma is a point where there is one of them alone: that is how most of the languages write it.
    private static (string? Amount, Problem? Problem) AmountOf(LinkTerms terms, string? entered)
    {
        if (terms is { AmountType: LinkAmount.Fixed, Amount: { } price })
        {
            return (terms.Text(price), null);
        }

        var text = entered is not null && entered.Count(letter => letter is ',' or '.') == 1 ? entered.Replace(',', '.') : entered;
        return Amount.TryParseStroops(text, out var amount) && amount > 0 && !(amount < terms.Minimum) && !(amount > terms.Maximum)
            ? (text, null)
            : (null, Problem.Invalid("amount_invalid", "'amount' is a decimal string within the link's bounds.", AmountField));
    }
}

using Microsoft.Extensions.Options;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Checkout.Page;
using StellarPay.Frontdoor.Compression;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Origins;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.SecurityHeaders;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Checkout.WalletPay;

/// <summary>
/// The pages on which a session is paid from a wallet here: in a window of their own, by forms of their own. Passwords and factors count by
/// the limits of /v1/auth.
/// </summary>
internal static class WalletPayApi
{
    // What is navigated to. Frames, and what scripts ask for, are something else; browsers that do not say keep the policy against frames.
    private const string Window = "document";

    public static void AddWalletPay(this IServiceCollection services, bool development)
    {
        services.AddSingleton(provider => new PayerTickets(
            TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development),
            provider.GetRequiredService<IOptions<CheckoutOptions>>().Value.Origin,
            provider.GetRequiredKeyedService<TimeProvider>(BusinessTime.Key)));
        services.AddScoped<PayerLogins>();
        services.AddSingleton<PayerPayments>();
        services.AddSingleton<WalletPayPages>();
        services.AddScoped<QuoteDesk>();
        services.AddScoped<WalletPayDesk>();
    }

    /// <summary>Maps them below the session's own.</summary>
    public static void MapWalletPay(this IEndpointRouteBuilder checkout)
    {
        var pages = checkout.MapGroup("/{id}/wallet").WithMetadata(PayersPage.Mark, NeverCompressed.Because, OwnWindow.Mark)
            .AddEndpointFilter(InItsWindowAsync).AddEndpointFilter(ByItsFormsAsync).AddEndpointFilter(WithAPageAsync);
        pages.MapGet("", ShowAsync).RequireRateLimiting(RateLimitNames.Checkout);
        pages.MapPost("/login", LogInAsync).RequireRateLimiting(RateLimitNames.Auth);
        pages.MapPost("/factor", ShowFactorAsync).RequireRateLimiting(RateLimitNames.Auth);
        pages.MapPost("/quote", QuoteAsync).RequireRateLimiting(RateLimitNames.Checkout);
        pages.MapPost("/pay", PayAsync).RequireRateLimiting(RateLimitNames.Checkout);
        pages.MapPost("/leave", LeaveAsync).RequireRateLimiting(RateLimitNames.Checkout);
    }

    private static async ValueTask<object?> InItsWindowAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.Headers["Sec-Fetch-Dest"].FirstOrDefault() is null or Window
            ? await next(context)
            : await RefuseAsync(context.HttpContext, "wallet_window_text", StatusCodes.Status403Forbidden);

    private static async ValueTask<object?> ByItsFormsAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        HttpMethods.IsGet(context.HttpContext.Request.Method) || OurForms.IsOurs(context.HttpContext.Request)
            ? await next(context)
            : await RefuseAsync(context.HttpContext, "wallet_window_text", StatusCodes.Status403Forbidden);

    // Who looks at a page is told by one. Whatever may have been done by then is not told by an exception.
    private static async ValueTask<object?> WithAPageAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception e) when (!context.HttpContext.RequestAborted.IsCancellationRequested && ExceptionProblems.IsPassing(e))
        {
            return await RefuseAsync(context.HttpContext, "wallet_unavailable_text", StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<object?> RefuseAsync(HttpContext context, string text, int status) => CheckoutApi.Html(
        await context.RequestServices.GetRequiredService<WalletPayPages>().RefusalAsync(context.Request, text), status);

    private static Task<IResult> ShowAsync(
        string id, string? key, string? asset, string? payment, string? why, HttpContext context, WalletPayDesk desk) =>
        AtAsync(id, key, asset, context, visit => desk.ShowAsync(visit, payment, why));

    private static Task<IResult> LogInAsync(string id, HttpContext context, WalletPayDesk desk) =>
        ByFormAsync(id, context, (visit, form) => desk.LogInAsync(visit, form("name"), form("password")));

    private static Task<IResult> ShowFactorAsync(string id, HttpContext context, WalletPayDesk desk) =>
        ByFormAsync(id, context, (visit, form) => desk.ShowFactorAsync(visit, form("code")));

    private static Task<IResult> QuoteAsync(string id, HttpContext context, WalletPayDesk desk) =>
        ByFormAsync(id, context, (visit, form) => desk.QuoteAsync(visit, form("source")));

    private static Task<IResult> PayAsync(string id, HttpContext context, WalletPayDesk desk) =>
        ByFormAsync(id, context, (visit, form) => desk.PayAsync(visit, form("payment")));

    private static Task<IResult> LeaveAsync(string id, HttpContext context, WalletPayDesk desk) =>
        ByFormAsync(id, context, (visit, _) => desk.LeaveAsync(visit));

    private static async Task<IResult> ByFormAsync(
        string id, HttpContext context, Func<PayerVisit, Func<string, string?>, Task<IResult>> doAsync)
    {
        var form = await PageForm.ReadAsync(context.Request, context.RequestAborted);
        return await AtAsync(id, Field("key"), Field("asset"), context, visit => doAsync(visit, Field));

        string? Field(string name) => form[name].FirstOrDefault() is { Length: > 0 } text ? text : null;
    }

    // The secret first: without it nobody learns here whether a password is right.
    private static async Task<IResult> AtAsync(
        string id, string? key, string? asset, HttpContext context, Func<PayerVisit, Task<IResult>> doAsync)
    {
        var services = context.RequestServices;
        var desk = services.GetRequiredService<CheckoutDesk>();
        if (await desk.FindWholeAsync(id, key, context.RequestAborted) is not { } sale)
        {
            return CheckoutApi.Html(
                await services.GetRequiredService<CheckoutPages>().OfNothingAsync(context.Request), StatusCodes.Status404NotFound);
        }

        var language = context.Request.Query.ContainsKey("lang") ? CheckoutTexts.For(context.Request).Language : null;
        // What the session does not take is not repeated: it is as long as somebody likes.
        var taken = CheckoutStates.Dues(sale.Session).Any(due => due.Asset == asset || due.Canonical() == asset);
        var links = new WalletPayLinks(sale.Session.Id, key!, taken ? asset : null, language);
        var ticket = services.GetRequiredService<PayerTickets>().Find(context, sale.Session.Id);
        var now = desk.NowOf(sale);
        if (!CheckoutStates.IsPayable(sale.Session, now))
        {
            // The session's page says what has become of it.
            context.Response.Headers.Location = links.Checkout;
            return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
        }

        return await doAsync(new PayerVisit(context, sale, links, ticket));
    }
}

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Checkout.Embed;
using StellarPay.Frontdoor.Checkout.Memory;
using StellarPay.Frontdoor.Checkout.Page;
using StellarPay.Frontdoor.Checkout.RefundClaims;
using StellarPay.Frontdoor.Checkout.Streams;
using StellarPay.Frontdoor.Checkout.WalletPay;
using StellarPay.Frontdoor.EntityTags;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Logos;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.SecurityHeaders;
using StellarPay.Frontdoor.Wallets;
using StellarPay.Frontdoor.Webhooks.Delivery;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.Checkout;

/// <summary>The pages where payment sessions are paid, and what they show as data. Who asks is nobody that we know.</summary>
internal static class CheckoutApi
{
    public static readonly Problem NotFound = Problem.Of(new Error(
        ErrorKind.NotFound, "payment_session_not_found", "There is no such payment session, or the key is not its own."));

    public static void AddCheckout(this IServiceCollection services, NetworkProfile network, bool development)
    {
        services.AddOptions<CheckoutOptions>().BindConfiguration(CheckoutOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new CheckoutSecrets(
            TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development)));
        services.AddSingleton<CheckoutLinks>();
        services.AddSingleton<LogoFiles>();
        services.AddSingleton<CheckoutReader>();
        services.AddSingleton<CheckoutMemory>();
        services.AddSingleton<CheckoutDesk>();
        services.AddSingleton(provider => new PaymentRequestSigner(
            TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development),
            provider.GetRequiredService<IOptions<CheckoutOptions>>(), network.Passphrase));
        services.AddSingleton(provider => new CheckoutPayments(network.Passphrase, provider.GetRequiredService<PaymentRequestSigner>()));
        services.AddSingleton<CheckoutPages>();
        services.AddSingleton<PageFrames>();
        services.AddSingleton<CheckoutStreams>();
        services.AddSingleton<CheckoutStreamApi>();
        services.AddWalletPay(development);
        services.AddRefundClaims();
    }

    public static void MapCheckout(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/checkout/{id}", GetAsync).WithTags("Checkout").RequireRateLimiting(RateLimitNames.Checkout)
            .WithMetadata(Polled.Often).WithSummary("What a payment session's page shows");
        routes.MapGet("/v1/checkout/{id}/events", CheckoutStreamApi.OpenAsync).WithTags("Checkout").RequireRateLimiting(RateLimitNames.Checkout)
            .WithSummary("The same as server-sent events, again each time it changes");
        routes.MapMethods(EmbedScripts.Path + "/{file}", [HttpMethods.Get, HttpMethods.Head], EmbedScripts.Get).ExcludeFromDescription()
            .WithMetadata(ForAnyPage.Mark).AddEndpointFilter(OnlyAtItsOriginAsync);
        routes.MapMethods(PaymentRequestSigner.TomlPath, [HttpMethods.Get, HttpMethods.Head], Toml).ExcludeFromDescription()
            .WithMetadata(ForAnyPage.Mark).AddEndpointFilter(OnlyAtItsOriginAsync);
        var pages = routes.MapGroup("/checkout").ExcludeFromDescription().WithMetadata(ContentPolicy.OwnFiles)
            .AddEndpointFilter(OnlyAtItsOriginAsync);
        pages.MapGet("/assets/{file}", CheckoutFiles.Get);
        pages.MapGet(LogoFiles.Route["/checkout".Length..], (string name, HttpContext context, LogoFiles logos) => logos.GetAsync(name, context))
            .WithMetadata(ForAnyPage.Mark);
        pages.MapGet("/{id}", ShowAsync).RequireRateLimiting(RateLimitNames.Checkout).WithMetadata(PayersPage.Mark);
        pages.MapPost("/{id}/viewed", ViewAsync).RequireRateLimiting(RateLimitNames.Checkout).WithMetadata(PayersPage.Mark);
        pages.MapPost("/{id}/address", OpenAddressAsync).RequireRateLimiting(RateLimitNames.Checkout).WithMetadata(PayersPage.Mark);
        pages.MapWalletPay();
        pages.MapRefundClaims();
        pages.MapGet("/{id}/qr.svg", DrawAsync).RequireRateLimiting(RateLimitNames.Checkout);
        pages.MapGet("/{id}/qr.png", PaintAsync).RequireRateLimiting(RateLimitNames.Checkout);
    }

    /// <summary>Pages are at no other origin, and who shows them is no program of ours.</summary>
    public static async ValueTask<object?> OnlyAtItsOriginAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RequestServices.GetRequiredService<CheckoutLinks>().IsOurs(context.HttpContext.Request)
            ? WebhookSignature.IsOn(context.HttpContext.Request) ? StatusProblems.Of(StatusCodes.Status403Forbidden) : await next(context)
            : StatusProblems.Of(StatusCodes.Status404NotFound);

    // Wallets that run in a browser read it too (SEP-1).
    private static Results<FileContentHttpResult, NotFound> Toml(PaymentRequestSigner signer, HttpContext context)
    {
        if (signer.Toml() is not { } toml)
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Bytes(toml, "text/plain; charset=utf-8");
    }

    private static async Task<Results<Ok<CheckoutAnswer>, Problem>> GetAsync(
        string id, string? key, CheckoutDesk desk, CheckoutPayments payments, CancellationToken cancellationToken) =>
        await desk.FindAsync(id, key, cancellationToken) is not { } found ? NotFound
        : TypedResults.Ok(
            found.IsWhole ? CheckoutAnswer.Of(found.Sale, payments, desk.NowOf(found.Sale)) : CheckoutAnswer.Bare(found.Sale));

    private static async Task<ContentHttpResult> ShowAsync(
        string id, string? key, HttpContext context, CheckoutDesk desk, CheckoutPages pages, PageFrames frames, PayerTickets tickets,
        PayerPayments payers, CancellationToken cancellationToken) =>
        await desk.FindAsync(id, key, cancellationToken) switch
        {
            null => await NothingAsync(context.Request, pages),
            { IsWhole: true } found => Html(await pages.OfSessionAsync(
                found.Sale, key!, context.Request, desk.NowOf(found.Sale), await frames.OpenAsync(context, found.Sale.Merchant),
                CheckoutStates.IsPayable(found.Sale.Session, desk.NowOf(found.Sale))
                    ? await payers.FollowAsync(tickets.Find(context, found.Sale.Session.Id), found.Sale)
                    : SentPayment.None)),
            { } found => Html(await pages.OfBareSessionAsync(found.Sale, context.Request, desk.NowOf(found.Sale))),
        };

    // By a script or a form: what only looks at links sees nothing here.
    private static async Task<IResult> ViewAsync(
        string id, HttpContext context, CheckoutDesk desk, CheckoutPages pages, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var form = await PageForm.ReadAsync(context.Request, cancellationToken);
        var key = form["key"].FirstOrDefault();
        if (await desk.FindWholeAsync(id, key, cancellationToken) is not { } sale)
        {
            return await NothingAsync(context.Request, pages);
        }

        if (sale.Session is { ViewedAt: null, Status: "created" })
        {
            await grains.GetGrain<IPaymentSessionGrain>(sale.Session.Id).ViewAsync(sale.Merchant);
        }

        // Back to the page: who loads that again sends no form again.
        context.Response.Headers.Location = new PageLinks(
            id, key!, Asset: null, PageFrames.NameIn(form[PageFrames.Parameter].FirstOrDefault())).Page;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    // Whoever has the secret may ask, for it is his wallet that can set no memo. What it costs is bounded by the merchant's day.
    private static async Task<IResult> OpenAddressAsync(
        string id, HttpContext context, CheckoutDesk desk, CheckoutPages pages, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var form = await PageForm.ReadAsync(context.Request, cancellationToken);
        var key = form["key"].FirstOrDefault();
        if (await desk.FindWholeAsync(id, key, cancellationToken) is not { } sale)
        {
            return await NothingAsync(context.Request, pages);
        }

        var links = new PageLinks(id, key!, Asset: null, PageFrames.NameIn(form[PageFrames.Parameter].FirstOrDefault()));
        var opening = await Outcome.OfAsync(
            () => grains.GetGrain<IPaymentSessionGrain>(sale.Session.Id).OpenAddressAsync(sale.Merchant, CancellationToken.None));
        context.Response.Headers.Location = opening.IsSuccess ? links.Page : links.Refused;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static async Task<ContentHttpResult> NothingAsync(HttpRequest request, CheckoutPages pages) =>
        Html(await pages.OfNothingAsync(request), StatusCodes.Status404NotFound);

    /// <summary>A page as it is sent.</summary>
    public static ContentHttpResult Html(string page, int status = StatusCodes.Status200OK) =>
        TypedResults.Content(page, "text/html; charset=utf-8", contentEncoding: null, status);

    private static async Task<IResult> DrawAsync(
        string id, string? key, string? asset, CheckoutDesk desk, CheckoutPayments payments, CancellationToken cancellationToken) =>
        await UriAsync(id, key, asset, desk, payments, cancellationToken) is { } uri
            ? TypedResults.Text(QrImage.Svg(uri), "image/svg+xml")
            : NotFound;

    private static async Task<IResult> PaintAsync(
        string id, string? key, string? asset, CheckoutDesk desk, CheckoutPayments payments, CancellationToken cancellationToken) =>
        await UriAsync(id, key, asset, desk, payments, cancellationToken) is { } uri
            ? TypedResults.Bytes(QrImage.Png(uri), "image/png")
            : NotFound;

    // Where nothing may be sent there is no code, either.
    private static async Task<string?> UriAsync(
        string id, string? key, string? asset, CheckoutDesk desk, CheckoutPayments payments, CancellationToken cancellationToken) =>
        await desk.FindWholeAsync(id, key, cancellationToken) is { } sale
        && CheckoutPayments.DueIn(sale.Session, asset, desk.NowOf(sale)) is { } due
            ? payments.UriOf(sale, due)
            : null;
}

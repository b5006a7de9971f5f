using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Idempotency;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.PaymentLinks.Page;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.PaymentLinks;

/// <summary>Links by which a merchant's payers make their sessions themselves, in Stripe's shape.</summary>
internal static class PaymentLinksApi
{
    public const string Path = "/v1/payment_links";

    // 96 bits: whoever is given none finds none.
    private const int SlugLength = 20;
    private const string SlugLetters = "23456789abcdefghjkmnpqrstuvwxyz";

    private static Problem NotFound { get; } =
        Problem.Of(new Error(ErrorKind.NotFound, "payment_link_not_found", "There is no such payment link."));

    public static void AddPaymentLinks(this IServiceCollection services, bool development)
    {
        services.AddOptions<PaymentLinkOptions>().BindConfiguration(PaymentLinkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LinkEvents>();
        services.AddSingleton<PaymentLinkStore>();
        services.AddSingleton<LinkMemory>();
        services.AddSingleton<LinkPages>();
        services.AddSingleton(provider => new LinkHolders(
            TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development)));
        services.AddSingleton<PaymentLinkSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<PaymentLinkSweep>());
    }

    public static void MapPaymentLinks(this IEndpointRouteBuilder routes)
    {
        var links = routes.MapGroup(Path).WithTags("Payment links").RequireRateLimiting(RateLimitNames.Merchant);
        links.MapPost("", CreateAsync).WithSummary("Make a link by which anybody can pay")
            .RequireMerchant(MerchantPermissions.PaymentSessionsWrite).TakesIdempotencyKey(ShowAsync);
        links.MapGet("", ListAsync).WithSummary("The payment links, newest first").RequireMerchant(MerchantPermissions.PaymentSessionsRead);
        links.MapGet("/{id}", GetAsync).WithSummary("A payment link and what is left of it")
            .RequireMerchant(MerchantPermissions.PaymentSessionsRead);
        links.MapPost("/{id}", UpdateAsync).WithSummary("Let a payment link be paid, or no more")
            .RequireMerchant(MerchantPermissions.PaymentSessionsWrite).TakesIdempotencyKey(ShowAsync);
        routes.MapLinkPages();
    }

    private static async Task<Results<Ok<PaymentLinkJson>, Problem>> CreateAsync(
        NewPaymentLinkRequest request, MerchantCaller caller, PaymentLinkStore store, SessionAssets assets, CheckoutLinks links,
        IOptions<PaymentLinkOptions> options, [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
        CancellationToken cancellationToken)
    {
        var now = business.GetUtcNow();
        var (terms, problem) = PaymentLinkForm.Read(request, assets, caller.IsLive, now);
        if (terms is null)
        {
            return problem!;
        }

        var link = new PaymentLink(
            PaymentLinkId.New(business), caller.Merchant, RandomNumberGenerator.GetString(SlugLetters, SlugLength), IsActive: true, terms,
            request.Metadata ?? [], now, request.ExpiresAt, request.Stock, Held: 0, Sold: 0, Revision: 1);
        return await store.AddAsync(link, caller.Key, cancellationToken)
            ? TypedResults.Ok(PaymentLinkJson.Of(link, caller.IsLive, links, now))
            : Problem.Of(new Error(
                ErrorKind.Refused, "too_many_payment_links", $"You can have {options.Value.LinksPerMerchant} payment links."));
    }

    private static async Task<Results<Ok<ListPage<PaymentLinkJson>>, Problem>> ListAsync(
        [AsParameters] ListPlace place, bool? active, [AsParameters] CreatedRange created, MerchantCaller caller, PaymentLinkStore store,
        CheckoutLinks links,
        [FromKeyedServices(BusinessTime.Key)] TimeProvider business, CancellationToken cancellationToken)
    {
        if (place.Read(out var limit) is { } bad)
        {
            return bad;
        }

        if (place.Named is { } named && !PaymentLinkId.TryParse(named, out _))
        {
            return place.Unknown();
        }

        if (created.Read(out var from, out var to) is { } badTime)
        {
            return badTime;
        }

        var read = await store.ListAsync(
            caller.Merchant, place.Named, place.IsBackwards, active, from, to, limit + 1, cancellationToken);
        var now = business.GetUtcNow();
        return read is null
            ? place.Unknown()
            : TypedResults.Ok(ListPage<PaymentLinkJson>.Of(
                read.Select(link => PaymentLinkJson.Of(link, caller.IsLive, links, now)), limit, place.IsBackwards, Path));
    }

    private static async Task<Results<Ok<PaymentLinkJson>, Problem>> GetAsync(
        string id, MerchantCaller caller, PaymentLinkStore store, CheckoutLinks links,
        [FromKeyedServices(BusinessTime.Key)] TimeProvider business, CancellationToken cancellationToken) =>
        PaymentLinkId.TryParse(id, out _) && await store.FindAsync(caller.Merchant, id, cancellationToken) is { } link
            ? TypedResults.Ok(PaymentLinkJson.Of(link, caller.IsLive, links, business.GetUtcNow()))
            : NotFound;

    private static async Task<IResult> ShowAsync(Replay replay) => await GetAsync(
        replay.Subject, replay.Caller, replay.Get<PaymentLinkStore>(), replay.Get<CheckoutLinks>(),
        replay.Context.RequestServices.GetRequiredKeyedService<TimeProvider>(BusinessTime.Key), replay.CancellationToken);

    private static async Task<Results<Ok<PaymentLinkJson>, Problem>> UpdateAsync(
        string id, PaymentLinkChangeRequest request, MerchantCaller caller, PaymentLinkStore store, CheckoutLinks links,
        [FromKeyedServices(BusinessTime.Key)] TimeProvider business, CancellationToken cancellationToken)
    {
        if (request.Active is not { } active)
        {
            return Problem.Missing("active");
        }

        return PaymentLinkId.TryParse(id, out _)
            && await store.SwitchAsync(caller.Merchant, id, active, caller.Key, cancellationToken) is { } link
            ? TypedResults.Ok(PaymentLinkJson.Of(link, caller.IsLive, links, business.GetUtcNow()))
            : NotFound;
    }
}

using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.EntityTags;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Idempotency;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Me;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Merchants.Registration;

/// <summary>Businesses that are paid, as their people see them; and what a page may know of one.</summary>
internal static class MerchantsApi
{
    public static void MapMerchantRegistration(this IEndpointRouteBuilder routes)
    {
        var merchants = routes.MapGroup("/v1/merchants").WithTags("Merchants")
            .RequireAuthorization().RequireRateLimiting(RateLimitNames.Api);
        merchants.MapPost("", (NewMerchantRequest request, MerchantDesk desk, HttpContext context) =>
                desk.RegisterAsync(request, context, context.RequestAborted))
            .WithMetadata(ConfirmedOnly.Because)
            .WithSummary("Register a business; an e-mail address that is not mine is sent a code")
            .TakesIdempotencyKey(ShowRegisteredAsync);
        merchants.MapGet("", ListAsync).WithSummary("The businesses that I am of, the newest first");
        merchants.MapGet("/{id}", (string id, MerchantCaller caller, MerchantDesk desk, HttpContext context) =>
                desk.ShowAsync(caller, context.RequestAborted))
            .RequireMerchantInPath(MerchantPermissions.MerchantRead)
            .WithSummary("A business of mine");
        merchants.MapPatch("/{id}",
                (string id, MerchantChangeRequest request, MerchantCaller caller, MerchantDesk desk, HttpContext context) =>
                    desk.ChangeAsync(request, caller, context, context.RequestAborted))
            .RequireMerchantInPath(MerchantPermissions.MerchantWrite)
            .WithSummary("Change what a business of mine is called and where it is found")
            .TakesIdempotencyKey(ShowChangedAsync);
        merchants.MapPost("/{id}/email/code",
                (string id, MerchantEmailRequest request, MerchantCaller caller, MerchantDesk desk, HttpContext context) =>
                    desk.SendCodeAsync(request, caller, context, context.RequestAborted))
            .RequireMerchantInPath(MerchantPermissions.MerchantWrite)
            .WithSummary("Send a code to the e-mail address of a business, or to another that is to be it");
        merchants.MapPost("/{id}/email/confirm",
                (string id, CodeRequest request, MerchantCaller caller, MerchantDesk desk, HttpContext context) =>
                    desk.ConfirmAsync(request, caller, context, context.RequestAborted))
            .RequireMerchantInPath(MerchantPermissions.MerchantWrite)
            .WithSummary("Confirm the e-mail address of a business by the code that was sent there");
        routes.MapGet("/v1/merchant", FactsAsync).WithTags("Merchants").WithMetadata(Polled.Often)
            .RequireMerchant(MerchantPermissions.MerchantRead, orPublishable: true).RequireRateLimiting(RateLimitNames.Merchant)
            .WithSummary("What a page may know of the business whose key it has");
    }

    private static async Task<IResult> ShowRegisteredAsync(Replay replay) =>
        // The first try may have been cut off before a code was sent and the account begun.
        await replay.Get<MerchantDesk>().RegisteredAsync(MerchantId.Parse(replay.Subject), replay.Context) is { } merchant
            ? TypedResults.Created($"/v1/merchants/{replay.Subject}", MerchantJson.Of(merchant))
            : MerchantGate.NotFound;

    private static async Task<IResult> ShowChangedAsync(Replay replay)
    {
        // The first try may have been cut off before the account was told; to be told again says nothing to it.
        await replay.Get<MerchantAccounts>().SetTermsAsync(replay.Caller.Merchant);
        return await replay.Get<MerchantDesk>().ShowAsync(replay.Caller, replay.CancellationToken);
    }

    private static async Task<Ok<Page<MerchantJson>>> ListAsync(
        ClaimsPrincipal caller, MerchantBook book, CancellationToken cancellationToken)
    {
        var all = await book.OfAsync(caller.UserId(), cancellationToken);
        return TypedResults.Ok(new Page<MerchantJson>("list", [.. all.Select(MerchantJson.Of)], HasMore: false));
    }

    private static async Task<Results<Ok<MerchantFactsJson>, Problem>> FactsAsync(
        MerchantCaller caller, MerchantBook book, CancellationToken cancellationToken) =>
        await book.FindAsync(caller.Merchant, user: null, cancellationToken) is { } merchant
            ? TypedResults.Ok(MerchantFactsJson.Of(merchant))
            : MerchantGate.NotFound;
}

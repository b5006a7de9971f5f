using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Compression;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Idempotency;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Registration;
using StellarPay.Frontdoor.RateLimits;

namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>A merchant's keys, for his people.</summary>
internal static class ApiKeysApi
{
    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/v1/merchants/{id}/api_keys").WithTags("API keys")
            .RequireAuthorization().RequireRateLimiting(RateLimitNames.Api).WithMetadata(NeverCompressed.Because);
        keys.MapGet("", ListAsync).RequireMerchantInPath(MerchantPermissions.ApiKeysRead)
            .WithSummary("The API keys of a business, the newest first");
        keys.MapPost("", (string id, NewApiKeyRequest request, MerchantCaller caller, ApiKeyDesk desk, HttpContext context) =>
                desk.CreateAsync(request, caller, context, context.RequestAborted))
            .RequireMerchantInPath(MerchantPermissions.ApiKeysWrite)
            .WithSummary("Make an API key, with a second factor or the password; it is shown in this answer alone")
            .TakesIdempotencyKey(HideAsync);
        keys.MapGet("/{key}", GetAsync).RequireMerchantInPath(MerchantPermissions.ApiKeysRead).WithSummary("An API key of a business");
        keys.MapPatch("/{key}",
                (string id, string key, ApiKeyChangeRequest request, MerchantCaller caller, ApiKeyDesk desk, HttpContext context) =>
                    desk.ChangeAsync(key, request, caller, context, context.RequestAborted))
            .RequireMerchantInPath(MerchantPermissions.ApiKeysWrite)
            .WithSummary("Change what an API key is called and from where it may be used, with a second factor or the password")
            .TakesIdempotencyKey(ShowAsync);
        keys.MapPost("/{key}/rotate",
                (string id, string key, ApiKeyRotationRequest request, MerchantCaller caller, ApiKeyDesk desk, HttpContext context) =>
                    desk.RotateAsync(key, request, caller, context, context.RequestAborted))
            .RequireMerchantInPath(MerchantPermissions.ApiKeysWrite)
            .WithSummary("Exchange an API key for another, with a second factor or the password; the old one holds for a while")
            .TakesIdempotencyKey(HideAsync);
        keys.MapPost("/{key}/revoke", (string id, string key, MerchantCaller caller, ApiKeyDesk desk, HttpContext context) =>
                desk.RevokeAsync(key, caller, context, context.RequestAborted))
            .RequireMerchantInPath(MerchantPermissions.ApiKeysWrite).WithMetadata(StepUpOnly.Because)
            .WithSummary("Take an API key away; nothing moves by it from then on").TakesIdempotencyKey(ShowAsync);
    }

    private static async Task<Ok<Page<ApiKeyJson>>> ListAsync(
        string id, MerchantCaller caller, ApiKeyBook book, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<ApiKeyJson>("list", await book.ListAsync(caller.Merchant, cancellationToken), HasMore: false));

    private static async Task<Results<Ok<ApiKeyJson>, Problem>> GetAsync(
        string id, string key, MerchantCaller caller, ApiKeyBook book, CancellationToken cancellationToken) =>
        ApiKey.IsId(key) && await book.FindAsync(caller.Merchant, key, cancellationToken) is { } found
            ? TypedResults.Ok(found)
            : MerchantOutcomes.Explain(MerchantOutcome.NoKey, null!);

    private static async Task<IResult> ShowAsync(Replay replay) => await GetAsync(
        replay.Caller.Merchant.Value, replay.Subject, replay.Caller, replay.Get<ApiKeyBook>(), replay.CancellationToken);

    private static async Task<IResult> HideAsync(Replay replay) =>
        await replay.Get<ApiKeyBook>().FindAsync(replay.Caller.Merchant, replay.Subject, replay.CancellationToken) is null
            ? MerchantOutcomes.Explain(MerchantOutcome.NoKey, null!)
            : ShownSecret.Of(replay, "the API key", $"/v1/merchants/{replay.Caller.Merchant.Value}/api_keys/{replay.Subject}");
}

using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Idempotency;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Webhooks.Endpoints;

/// <summary>Where a merchant is called, in Stripe's shape.</summary>
internal static class WebhookEndpointsApi
{
    public const string Path = "/v1/webhook_endpoints";

    /// <summary>That an endpoint is none of the caller's.</summary>
    public static Problem NotFound { get; } = Problem.Of(new Error(
        ErrorKind.NotFound, "webhook_endpoint_not_found", "There is no such webhook endpoint."));

    public static void MapWebhookEndpoints(this IEndpointRouteBuilder routes)
    {
        var endpoints = routes.MapGroup(Path).WithTags("Webhooks").RequireRateLimiting(RateLimitNames.Merchant);
        endpoints.MapPost("", CreateAsync).WithSummary("Have a URL called with what happens from now on; its secret is shown this once")
            .RequireMerchant(MerchantPermissions.WebhookEndpointsWrite).TakesIdempotencyKey(HideAsync);
        endpoints.MapGet("", ListAsync).WithSummary("The webhook endpoints, newest first")
            .RequireMerchant(MerchantPermissions.WebhookEndpointsRead);
        endpoints.MapGet("/{id}", GetAsync).WithSummary("How a webhook endpoint stands")
            .RequireMerchant(MerchantPermissions.WebhookEndpointsRead);
        endpoints.MapPost("/{id}", UpdateAsync).WithSummary("Change, disable or enable a webhook endpoint")
            .RequireMerchant(MerchantPermissions.WebhookEndpointsWrite).TakesIdempotencyKey(ShowAsync);
        endpoints.MapDelete("/{id}", RemoveAsync).WithSummary("Remove a webhook endpoint")
            .RequireMerchant(MerchantPermissions.WebhookEndpointsWrite);
        endpoints.MapPost("/{id}/roll_secret", RollAsync).WithSummary("Replace a webhook endpoint's secret; both sign for a while")
            .RequireMerchant(MerchantPermissions.WebhookEndpointsWrite).TakesIdempotencyKey(HideAsync);
    }

    private static async Task<Results<Ok<WebhookEndpointJson>, Problem>> CreateAsync(
        NewEndpointRequest request, MerchantCaller caller, WebhookEndpointDesk desk, CancellationToken cancellationToken)
    {
        var (endpoint, problem) = await desk.CreateAsync(caller, request, cancellationToken);
        return endpoint is null ? problem! : TypedResults.Ok(endpoint);
    }

    private static async Task<Results<Ok<ListPage<WebhookEndpointJson>>, Problem>> ListAsync(
        [AsParameters] ListPlace place, MerchantCaller caller, WebhookEndpointStore store, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (place.Read(out var limit) is { } bad)
        {
            return bad;
        }

        if (place.Named is { } named && !WebhookEndpointId.TryParse(named, out _))
        {
            return place.Unknown();
        }

        var read = await store.ListAsync(caller.Merchant, place.Named, place.IsBackwards, limit + 1, cancellationToken);
        return read is null
            ? place.Unknown()
            : TypedResults.Ok(ListPage<WebhookEndpointJson>.Of(
                read.Select(one => WebhookEndpointJson.Of(one, caller.IsLive, time.GetUtcNow())), limit, place.IsBackwards, Path));
    }

    private static async Task<Results<Ok<WebhookEndpointJson>, Problem>> GetAsync(
        string id, MerchantCaller caller, WebhookEndpointStore store, TimeProvider time, CancellationToken cancellationToken) =>
        WebhookEndpointId.TryParse(id, out _) && await store.FindAsync(caller.Merchant, id, cancellationToken) is { } endpoint
            ? TypedResults.Ok(WebhookEndpointJson.Of(endpoint, caller.IsLive, time.GetUtcNow()))
            : NotFound;

    private static async Task<IResult> ShowAsync(Replay replay) => await GetAsync(
        replay.Subject, replay.Caller, replay.Get<WebhookEndpointStore>(), replay.Get<TimeProvider>(), replay.CancellationToken);

    private static async Task<IResult> HideAsync(Replay replay) =>
        await replay.Get<WebhookEndpointStore>().FindAsync(replay.Caller.Merchant, replay.Subject, replay.CancellationToken) is null
            ? NotFound
            : ShownSecret.Of(replay, "the webhook endpoint", $"{Path}/{replay.Subject}");

    private static async Task<Results<Ok<WebhookEndpointJson>, Problem>> UpdateAsync(
        string id, EndpointChangeRequest request, MerchantCaller caller, WebhookEndpointDesk desk, CancellationToken cancellationToken)
    {
        var (endpoint, problem) = await desk.UpdateAsync(caller, id, request, cancellationToken);
        return endpoint is null ? problem! : TypedResults.Ok(endpoint);
    }

    private static async Task<Results<Ok<DeletedEndpointJson>, Problem>> RemoveAsync(
        string id, MerchantCaller caller, WebhookEndpointStore store, CancellationToken cancellationToken) =>
        WebhookEndpointId.TryParse(id, out _) && await store.RemoveAsync(caller.Merchant, id, cancellationToken)
            ? TypedResults.Ok(new DeletedEndpointJson(id, "webhook_endpoint", Deleted: true))
            : NotFound;

    private static async Task<Results<Ok<WebhookEndpointJson>, Problem>> RollAsync(
        string id, RollSecretRequest request, MerchantCaller caller, WebhookEndpointDesk desk, CancellationToken cancellationToken)
    {
        var (endpoint, problem) = await desk.RollAsync(caller, id, request, cancellationToken);
        return endpoint is null ? problem! : TypedResults.Ok(endpoint);
    }
}

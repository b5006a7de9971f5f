using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Idempotency;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.MerchantEvents;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Webhooks.Endpoints;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;
using EventId = StellarPay.Grains.Identifiers.EventId;

namespace StellarPay.Frontdoor.Webhooks.Log;

/// <summary>How the calls of a merchant's endpoints went, and what is to be sent again.</summary>
internal static class DeliveriesApi
{
    private const long LastSecond = 253_402_300_799;

    private static readonly string[] Outcomes = ["succeeded", "failed", "gone"];

    private static readonly Problem Disabled = Problem.Of(new Error(
        ErrorKind.Conflict, "webhook_endpoint_disabled", "The webhook endpoint is disabled. Please enable it first."));

    public static void MapDeliveries(this IEndpointRouteBuilder routes)
    {
        var endpoints = routes.MapGroup(WebhookEndpointsApi.Path + "/{id}").WithTags("Webhooks").RequireRateLimiting(RateLimitNames.Merchant);
        endpoints.MapGet("/deliveries", ListAsync).WithSummary("How the calls of a webhook endpoint went in the last 30 days, newest first")
            .RequireMerchant(MerchantPermissions.WebhookEndpointsRead);
        endpoints.MapPost("/test", TestAsync).WithSummary("Send a webhook endpoint a test event, and show how that went")
            .RequireMerchant(MerchantPermissions.WebhookEndpointsWrite).TakesIdempotencyKey(ShowTestAsync);
        endpoints.MapPost("/replay", ReplayAsync).WithSummary("Send a webhook endpoint again what happened since an event or a time")
            .RequireMerchant(MerchantPermissions.WebhookEndpointsWrite);
        routes.MapPost(MerchantEventsApi.Path + "/{id}/redeliver", RedeliverAsync).WithTags("Webhooks")
            .WithSummary("Send an event to a webhook endpoint again")
            .RequireMerchant(MerchantPermissions.WebhookEndpointsWrite).RequireRateLimiting(RateLimitNames.Merchant);
    }

    private static async Task<Results<Ok<ListPage<DeliveryJson>>, Problem>> ListAsync(
        string id, [AsParameters] ListPlace place, [FromQuery(Name = "outcome")] string? outcome, MerchantCaller caller,
        WebhookEndpointStore endpoints, DeliveryLog log, CancellationToken cancellationToken)
    {
        if (place.Read(out var limit) is { } bad)
        {
            return bad;
        }

        if (outcome is not null && !Outcomes.Contains(outcome))
        {
            return Problem.Invalid("parameter_invalid", $"'outcome' is one of {string.Join(", ", Outcomes)}.", "outcome");
        }

        if (await FindAsync(id, caller, endpoints, cancellationToken) is null)
        {
            return WebhookEndpointsApi.NotFound;
        }

        long? beside = null;
        if (place.Named is { } named)
        {
            if (!LoggedTry.TryRead(named, out var number))
            {
                return place.Unknown();
            }

            beside = number;
        }

        var read = await log.ListAsync(caller.Merchant, id, outcome, beside, place.IsBackwards, limit + 1, cancellationToken);
        return TypedResults.Ok(ListPage<DeliveryJson>.Of(
            read.Select(DeliveryJson.Of), limit, place.IsBackwards, $"{WebhookEndpointsApi.Path}/{id}/deliveries"));
    }

    private static async Task<Results<Ok<DeliveryJson>, Problem>> TestAsync(
        string id, MerchantCaller caller, WebhookEndpointStore endpoints, TestEvents tests, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, caller, endpoints, cancellationToken) is not { } endpoint)
        {
            return WebhookEndpointsApi.NotFound;
        }

        var (tried, problem) = await tests.SendAsync(endpoint, caller.IsLive, caller.Key, cancellationToken);
        return tried is null ? problem! : TypedResults.Ok(DeliveryJson.Of(tried));
    }

    private static async Task<IResult> ShowTestAsync(Replay replay) =>
        await replay.Get<DeliveryLog>().FindTestAsync(
            replay.Caller.Merchant, (string)replay.Context.GetRouteValue("id")!, replay.Subject, replay.CancellationToken) is { } tried
            ? TypedResults.Ok(DeliveryJson.Of(tried))
            : replay.Get<TestEvents>().NothingKnown(replay.Age);

    private static async Task<Results<Ok<ReplayJson>, Problem>> ReplayAsync(
        string id, ReplayRequest request, MerchantCaller caller, WebhookEndpointStore endpoints, MerchantEventStore events, DeliveryLog log,
        CancellationToken cancellationToken)
    {
        if (request.FromEvent is null == request.FromTime is null)
        {
            return Problem.Invalid("parameter_invalid", "Say either 'from_event' or 'from_time'.", "from_event");
        }

        if (request.FromTime is < 0 or > LastSecond)
        {
            return Problem.Invalid("parameter_invalid", "'from_time' is a time in seconds of Unix time.", "from_time");
        }

        if (await FindAsync(id, caller, endpoints, cancellationToken) is null)
        {
            return WebhookEndpointsApi.NotFound;
        }

        var from = request.FromTime is { } second
            ? await events.FirstSinceAsync(caller.Merchant, DateTimeOffset.FromUnixTimeSeconds(second), cancellationToken) ?? long.MaxValue
            : EventId.TryParse(request.FromEvent, out _)
                ? await events.NumberOfAsync(caller.Merchant, request.FromEvent!, cancellationToken)
                : null;
        if (from is null)
        {
            return MerchantEventsApi.NotFound;
        }

        return await log.ReplayAsync(caller.Merchant, id, from.Value, cancellationToken) is { } many
            ? TypedResults.Ok(new ReplayJson("webhook_replay", id, many))
            : Disabled;
    }

    private static async Task<Results<Ok<RedeliveryJson>, Problem>> RedeliverAsync(
        string id, RedeliverRequest request, MerchantCaller caller, WebhookEndpointStore endpoints, MerchantEventStore events,
        DeliveryLog log, CancellationToken cancellationToken)
    {
        if (request.Endpoint is null)
        {
            return Problem.Missing("endpoint");
        }

        if (!EventId.TryParse(id, out _) || await events.NumberOfAsync(caller.Merchant, id, cancellationToken) is not { } number)
        {
            return MerchantEventsApi.NotFound;
        }

        if (await FindAsync(request.Endpoint, caller, endpoints, cancellationToken) is null)
        {
            return WebhookEndpointsApi.NotFound;
        }

        return await log.RedeliverAsync(caller.Merchant, request.Endpoint, number, cancellationToken)
            ? TypedResults.Ok(new RedeliveryJson("webhook_redelivery", id, request.Endpoint))
            : Disabled;
    }

    private static async Task<WebhookEndpoint?> FindAsync(
        string id, MerchantCaller caller, WebhookEndpointStore endpoints, CancellationToken cancellationToken) =>
        WebhookEndpointId.TryParse(id, out _) ? await endpoints.FindAsync(caller.Merchant, id, cancellationToken) : null;
}

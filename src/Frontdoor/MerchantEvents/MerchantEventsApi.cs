using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.MerchantEvents.Streams;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Results;
using EventId = StellarPay.Grains.Identifiers.EventId;

namespace StellarPay.Frontdoor.MerchantEvents;

/// <summary>What happened to a merchant, in Stripe's shape.</summary>
internal static class MerchantEventsApi
{
    public const string Path = "/v1/events";

    /// <summary>That an event is none of the caller's.</summary>
    public static Problem NotFound { get; } = Problem.Of(new Error(ErrorKind.NotFound, "event_not_found", "There is no such event."));

    public static void AddMerchantEvents(this IServiceCollection services)
    {
        services.AddSingleton<MerchantEventStore>();
        services.AddEventStreams();
    }

    public static void MapMerchantEvents(this IEndpointRouteBuilder routes)
    {
        var events = routes.MapGroup(Path).WithTags("Events")
            .RequireMerchant(MerchantPermissions.EventsRead).RequireRateLimiting(RateLimitNames.Merchant);
        events.MapGet("", ListAsync).WithSummary("What happened to a merchant, newest first");
        events.MapEventStream();
        events.MapGet("/{id}", GetAsync).WithSummary("An event of a merchant");
    }

    private static async Task<Results<Ok<ListPage<EventJson>>, Problem>> ListAsync(
        [AsParameters] ListPlace place, [AsParameters] EventQuestion question, [AsParameters] CreatedRange created, MerchantCaller caller,
        MerchantEventStore store, SessionEventDetails details, CancellationToken cancellationToken)
    {
        var badQuestion = question.Read(created, out var filter);
        if ((place.Read(out var limit) ?? badQuestion) is { } bad)
        {
            return bad;
        }

        long? beside = null;
        if (place.Named is { } named
            && (!EventId.TryParse(named, out _) || (beside = await store.NumberOfAsync(caller.Merchant, named, cancellationToken)) is null))
        {
            return place.Unknown();
        }

        var read = await store.ListAsync(caller.Merchant, filter!, beside, place.IsBackwards, limit + 1, cancellationToken);
        var shown = await details.OpenAsync(caller.Merchant, read, cancellationToken);
        return TypedResults.Ok(ListPage<EventJson>.Of(
            shown.Select(one => EventRenderer.Of(one, EventVersions.Newest)), limit, place.IsBackwards, Path));
    }

    private static async Task<Results<Ok<EventJson>, Problem>> GetAsync(
        string id, MerchantCaller caller, MerchantEventStore store, SessionEventDetails details, CancellationToken cancellationToken) =>
        EventId.TryParse(id, out _) && await store.FindAsync(caller.Merchant, id, cancellationToken) is { } happened
            ? TypedResults.Ok(EventRenderer.Of(
                (await details.OpenAsync(caller.Merchant, [happened], cancellationToken))[0], EventVersions.Newest))
            : NotFound;
}

/// <summary>Which events are asked for.</summary>
/// <param name="Type">Of this type.</param>
/// <param name="Types">Of one of these, 20 at most.</param>
internal sealed record EventQuestion(
    [property: FromQuery(Name = "type")] string? Type,
    [property: FromQuery(Name = "types[]")] string[]? Types)
{
    private const int MostTypes = 20;
    private const int LongestType = 100;

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public Problem? Read(CreatedRange created, out EventFilter? filter)
    {
        filter = null;
        string[] types = [.. Type is null ? [] : new[] { Type }, .. Types ?? []];
        if (types.Length > MostTypes || types.Any(type => type.Length > LongestType || type.Contains('\0', StringComparison.Ordinal)))
        {
            return Problem.Invalid("parameter_invalid", $"'type' names one type of events, 'types[]' at most {MostTypes}.", "type");
        }

        if (created.Read(out var from, out var to) is { } bad)
        {
            return bad;
        }

        filter = new EventFilter(types, from, to);
        return null;
    }
}

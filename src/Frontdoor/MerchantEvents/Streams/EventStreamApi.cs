using Microsoft.AspNetCore.Mvc;
using StellarPay.Frontdoor.Compression;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Grains.Results;
using EventId = StellarPay.Grains.Identifiers.EventId;

namespace StellarPay.Frontdoor.MerchantEvents.Streams;

/// <summary>A merchant's events for those who cannot be called.</summary>
internal static class EventStreamApi
{
    public const string Cursor = "Last-Event-ID";

    private const string First = "0";

    private static readonly TimeSpan ComeBackAfter = TimeSpan.FromSeconds(10);

    private static readonly Problem TooMany = Problem.Of(new Error(
        ErrorKind.RateLimited, "too_many_streams", "This key, its merchant, the merchants of one user or all together listen to as many streams as they may. Close one, or share it.",
        RetryAfter: ComeBackAfter));

    public static void AddEventStreams(this IServiceCollection services)
    {
        services.AddOptions<EventStreamOptions>().BindConfiguration(EventStreamOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<EventStreamPlaces>();
        services.AddSingleton<EventStreamGuard>();
        services.AddSingleton<EventStream>();
        services.AddSingleton<EventStreamNews>();
        services.AddHostedService(provider => provider.GetRequiredService<EventStreamNews>());
    }

    public static void MapEventStream(this IEndpointRouteBuilder events) => events.MapGet("/stream", ListenAsync)
        .WithMetadata(NeverCompressed.Because)
        .Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
        .WithSummary("A merchant's events as they happen, as server-sent events")
        .WithDescription(
            "For those who cannot be called: each event as `GET /v1/events/{id}` answers it, with its id as the stream's place. Whoever is cut off "
            + "asks again with the last id that it has seen in `Last-Event-ID`, and misses nothing; without one it begins now, and with `0` at the first that is kept. A line that begins with a "
            + "colon says every few seconds that the stream is alive. It ends once its key is revoked or its token is over.");

    private static async Task<IResult> ListenAsync(
        [AsParameters] StreamQuestion question, MerchantCaller caller, MerchantEventStore store, EventStreamPlaces places,
        EventStream stream, HttpContext context, CancellationToken cancellationToken)
    {
        if (new EventQuestion(question.Type, question.Types).Read(CreatedRange.Any, out var filter) is { } bad)
        {
            return bad;
        }

        var after = await PlaceOfAsync(question.After, caller, store, cancellationToken);
        if (after is null)
        {
            return Problem.Invalid("parameter_invalid", $"'{Cursor}' is the id of one of the merchant's events.", Cursor);
        }

        using var place = places.Take(caller, await store.OwnerOfAsync(caller.Merchant, cancellationToken));
        if (place is null)
        {
            return TooMany;
        }

        await stream.RunAsync(context, caller, filter!, after.Value, question.Follow ?? true);
        return Results.Empty;
    }

    private static async Task<long?> PlaceOfAsync(
        string? named, MerchantCaller caller, MerchantEventStore store, CancellationToken cancellationToken) => named switch
    {
        null or "" => await store.LastNumberAsync(caller.Merchant, cancellationToken),
        First => 0,
        _ => EventId.TryParse(named, out _) ? await store.NumberOfAsync(caller.Merchant, named, cancellationToken) : null,
    };
}

/// <summary>What somebody wants to hear.</summary>
/// <param name="Type">Events of this type.</param>
/// <param name="Types">Events of one of these, 20 at most.</param>
/// <param name="Follow">Whether the stream waits for more once all is told: true if it is left out.</param>
/// <param name="After">The id of the last event that it has seen; from now on if it is left out, and all that are kept where it is 0.</param>
internal sealed record StreamQuestion(
    [property: FromQuery(Name = "type")] string? Type,
    [property: FromQuery(Name = "types[]")] string[]? Types,
    [property: FromQuery(Name = "follow")] bool? Follow,
    [property: FromHeader(Name = EventStreamApi.Cursor)] string? After);

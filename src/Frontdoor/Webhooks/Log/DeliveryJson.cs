using System.Text;

namespace StellarPay.Frontdoor.Webhooks.Log;

/// <summary>A call of a webhook endpoint, as it went.</summary>
/// <param name="Id">Its id, <c>dlv_…</c>.</param>
/// <param name="Object">Always <c>webhook_delivery</c>.</param>
/// <param name="Event">The event, <c>evt_…</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Attempt">Which attempt it was, from 1 on.</param>
/// <param name="Outcome"><c>succeeded</c> (it answered 2xx), <c>failed</c>, or <c>gone</c> (410, which disables it).</param>
/// <param name="Created">When, in seconds of Unix time.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="Problem">Why it failed, where the status does not say it; or why the answer is not whole.</param>
/// <param name="NextAttempt">When it is tried again; null where it is not.</param>
/// <param name="Request">What was sent.</param>
/// <param name="Response">What was answered; null where nothing was.</param>
internal sealed record DeliveryJson(
    string Id,
    string Object,
    string Event,
    string Type,
    int Attempt,
    string Outcome,
    long Created,
    int DurationMs,
    string? Problem,
    long? NextAttempt,
    DeliveryRequestJson Request,
    DeliveryResponseJson? Response)
{
    public static DeliveryJson Of(LoggedTry tried) => new(
        LoggedTry.IdOf(tried.Id),
        "webhook_delivery",
        tried.Event,
        tried.Type,
        tried.Attempt,
        tried.Outcome,
        tried.StartedAt.ToUnixTimeSeconds(),
        tried.Took,
        tried.Problem,
        tried.NextAt?.ToUnixTimeSeconds(),
        new DeliveryRequestJson(tried.Url, tried.RequestHeaders, TextOf(tried.RequestBody), tried.RequestLength),
        tried.Status is { } status
            ? new DeliveryResponseJson(status, tried.ResponseHeaders ?? new Dictionary<string, string>(), TextOf(tried.ResponseBody) ?? "")
            : null);

    // What is cut off within a character or is no text at all is shown as far as it is.
    private static string? TextOf(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);
}

/// <summary>What was sent to an endpoint.</summary>
/// <param name="Url">Where.</param>
/// <param name="Headers">The headers, signatures and all.</param>
/// <param name="Body">The body's first 2 kB; null where it is not kept any more.</param>
/// <param name="BodyBytes">How long the body was.</param>
internal sealed record DeliveryRequestJson(string Url, IReadOnlyDictionary<string, string> Headers, string? Body, int? BodyBytes);

/// <summary>What an endpoint answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Headers">The first fifty headers.</param>
/// <param name="Body">The body's first 2 kB.</param>
internal sealed record DeliveryResponseJson(int Status, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>To which endpoint an event is to be sent again.</summary>
/// <param name="Endpoint">The webhook endpoint, <c>we_…</c>.</param>
internal sealed record RedeliverRequest(string? Endpoint);

/// <summary>That an event will be sent again.</summary>
/// <param name="Object">Always <c>webhook_redelivery</c>.</param>
/// <param name="Event">The event.</param>
/// <param name="Endpoint">The endpoint.</param>
internal sealed record RedeliveryJson(string Object, string Event, string Endpoint);

/// <summary>From where on events are to be sent again: an event or a time.</summary>
/// <param name="FromEvent">The first event, <c>evt_…</c>.</param>
/// <param name="FromTime">What happened in this second of Unix time and since.</param>
internal sealed record ReplayRequest(string? FromEvent, long? FromTime);

/// <summary>That events will be sent again.</summary>
/// <param name="Object">Always <c>webhook_replay</c>.</param>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Events">How many of the merchant's events that are; it is sent those of them that it asks for.</param>
internal sealed record ReplayJson(string Object, string Endpoint, long Events);

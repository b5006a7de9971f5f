using System.Text.Json;
using System.Text.Json.Serialization;

namespace StellarPay.Frontdoor.MerchantEvents;

/// <summary>An event in Stripe's shape.</summary>
/// <param name="Id">Its id, <c>evt_…</c>; the same in each form in which it is told.</param>
/// <param name="Object">Always <c>event</c>.</param>
/// <param name="ApiVersion">By which version it is written; an endpoint's is fixed when that is made.</param>
/// <param name="Created">When it happened, in seconds of Unix time.</param>
/// <param name="Data">What it is about.</param>
/// <param name="Livemode">Whether payments are real.</param>
/// <param name="PendingWebhooks">How many endpoints had yet to take it when it was written.</param>
/// <param name="Request">What brought it about: not told.</param>
/// <param name="Type">What happened.</param>
/// <param name="Stellarpay">What Stripe has no field for.</param>
internal sealed record EventJson(
    string Id,
    string Object,
    string ApiVersion,
    long Created,
    EventDataJson Data,
    bool Livemode,
    long PendingWebhooks,
    EventRequestJson Request,
    string Type,
    EventExtraJson Stellarpay);

/// <summary>What an event is about.</summary>
/// <param name="Object">The object as it was then.</param>
/// <param name="PreviousAttributes">What was changed, as it was before; not there where that is not told.</param>
internal sealed record EventDataJson(
    JsonElement Object,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? PreviousAttributes = null);

/// <summary>What brought an event about.</summary>
/// <param name="Id">Always null.</param>
/// <param name="IdempotencyKey">Always null.</param>
internal sealed record EventRequestJson(string? Id, string? IdempotencyKey);

/// <summary>What Stripe's events have no field for.</summary>
/// <param name="Object">What it is in order of: a session with all that belongs to it, else what the event is about.</param>
/// <param name="Sequence">That object's count of its changes: whoever has seen a higher one drops this.</param>
internal sealed record EventExtraJson(string Object, long Sequence);

/// <summary>That a session was paid, in the simple form.</summary>
/// <param name="Event">Always <c>payment.success</c>.</param>
/// <param name="SessionId">The session, <c>pay_…</c>.</param>
/// <param name="Amount">Its price: in the currency's minor unit, or a decimal string of its asset.</param>
/// <param name="TxHash">The transaction that paid it.</param>
internal sealed record SimpleEventJson(string Event, string SessionId, JsonElement? Amount, string? TxHash);

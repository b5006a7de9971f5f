using System.Text.Json;

namespace StellarPay.Frontdoor.MerchantEvents;

/// <summary>Something that happened to a merchant, as it stands in <c>merchant_events</c>.</summary>
/// <param name="Number">Which of his events it is, from 1 on without a gap.</param>
/// <param name="Id">Its id, <c>evt_…</c>.</param>
/// <param name="Type">What happened.</param>
/// <param name="Dialect">In whose words: <c>stripe</c>, <c>native</c> or <c>simple</c>.</param>
/// <param name="Object">What it is in order of: a session with all that belongs to it, else what it is about.</param>
/// <param name="Sequence">That object's own count of its changes.</param>
/// <param name="OccurredAt">When it happened.</param>
/// <param name="Data">What the grain wrote: <c>object</c>, as of then, <c>livemode</c>, and what changed (<c>previous_attributes</c>).</param>
/// <param name="Pending">How many endpoints are to be sent it.</param>
internal sealed record MerchantEvent(
    long Number, string Id, string Type, string Dialect, string Object, long Sequence, DateTimeOffset OccurredAt, JsonElement Data,
    long Pending);

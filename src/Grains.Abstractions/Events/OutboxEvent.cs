using System.Text.Json;

namespace StellarPay.Grains.Events;

/// <summary>
/// An event in a grain's stored state, under <c>outbox</c>: the storage function takes it out of the state and appends
/// it to <c>events</c> in the same statement.
/// </summary>
/// <param name="Id">The event's id, <c>evt_…</c>.</param>
/// <param name="Type">One of <see cref="EventTypes"/>.</param>
/// <param name="At">When it happened, by business time, in UTC.</param>
/// <param name="Subject">The id of what it happened to.</param>
/// <param name="Owner">The user whose it is, or null.</param>
/// <param name="Data">The event's data.</param>
public sealed record OutboxEvent(
    string Id, string Type, DateTimeOffset At, string Subject, string? Owner, JsonElement Data);

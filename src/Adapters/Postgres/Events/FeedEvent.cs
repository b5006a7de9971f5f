using System.Text.Json;

namespace StellarPay.Adapters.Postgres.Events;

/// <summary>An event as it stands in the feed. <paramref name="Data"/> is the JSON object that the grain wrote.</summary>
public sealed record FeedEvent(
    EventCursor Cursor,
    string EventId,
    string Type,
    string Subject,
    string? Owner,
    DateTimeOffset OccurredAt,
    JsonElement Data);

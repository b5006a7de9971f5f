using System.Text.Json;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Schedules;
using StellarPay.Grains.Events;

namespace StellarPay.Frontdoor.Live;

/// <summary>What became of a scheduled payment, as the hub tells it.</summary>
/// <param name="Object">Always <c>schedule_event</c>.</param>
/// <param name="Id">The event's id, <c>evt_…</c>.</param>
/// <param name="Type">
/// created, paused, resumed, cancelled, completed, occurrence_succeeded, occurrence_retrying, occurrence_failed,
/// occurrence_missed or occurrence_skipped.
/// </param>
/// <param name="Schedule">The schedule, <c>sch_…</c>.</param>
/// <param name="Status">Its status after the change.</param>
/// <param name="Recipient">How the payer named the recipient.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Issuer">The account that issues it; null for XLM.</param>
/// <param name="Amount">A decimal string.</param>
/// <param name="NextAt">When it pays next, or null.</param>
/// <param name="Occurrence">The occurrence that it is about, or null.</param>
/// <param name="OccurredAt">When it happened.</param>
internal sealed record ScheduleUpdateJson(
    string Object,
    string Id,
    string Type,
    string Schedule,
    string Status,
    string Recipient,
    string Asset,
    string? Issuer,
    string Amount,
    DateTimeOffset? NextAt,
    OccurrenceJson? Occurrence,
    DateTimeOffset OccurredAt)
{
    private const string Prefix = "schedule.";

    private static readonly JsonSerializerOptions StoredJson = new(JsonSerializerDefaults.Web);

    public static ScheduleUpdateJson Of(FeedEvent happened)
    {
        var data = happened.Data.Deserialize<ScheduleEventData>(StoredJson)!;
        var asset = Grains.Money.Asset.Parse(data.Asset);
        return new ScheduleUpdateJson(
            "schedule_event",
            happened.EventId,
            happened.Type[Prefix.Length..],
            data.ScheduleId,
            data.Status,
            data.Recipient,
            asset.Code,
            asset.Issuer,
            data.Amount,
            data.NextAt,
            data.Occurrence is { } o
                ? new OccurrenceJson(o.Number, o.DueAt, o.Status, o.Attempt, o.PaymentId, o.FailureCode, o.NextAttemptAt, null)
                : null,
            happened.OccurredAt);
    }
}

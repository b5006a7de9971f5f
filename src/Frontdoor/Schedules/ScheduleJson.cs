using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains.Schedules;

namespace StellarPay.Frontdoor.Schedules;

/// <summary>A scheduled payment as its owner sees it.</summary>
/// <param name="Object">Always <c>schedule</c>.</param>
/// <param name="Id">The schedule's id, <c>sch_…</c>.</param>
/// <param name="Status">active, paused, completed or cancelled.</param>
/// <param name="Recipient">How the payer named the recipient.</param>
/// <param name="Destination">The account that is paid.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Issuer">The account that issues it; null for XLM.</param>
/// <param name="Amount">What each occurrence pays, as a decimal string.</param>
/// <param name="Memo">The memo, or null.</param>
/// <param name="Frequency">once, daily, weekly or monthly.</param>
/// <param name="StartAt">The first occurrence is not before then.</param>
/// <param name="TimeZone">The IANA time zone of its days and times.</param>
/// <param name="DayOfMonth">For monthly ones, the day; null for the start's.</param>
/// <param name="EndAt">No occurrence after then, or null.</param>
/// <param name="Count">At most so many occurrences, or null.</param>
/// <param name="NextAt">When it pays next, or null.</param>
/// <param name="Occurrences">The one that is being paid and the most recent others, newest first.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record ScheduleJson(
    string Object,
    string Id,
    string Status,
    string Recipient,
    string Destination,
    string Asset,
    string? Issuer,
    string Amount,
    string? Memo,
    string Frequency,
    DateTimeOffset StartAt,
    string TimeZone,
    int? DayOfMonth,
    DateTimeOffset? EndAt,
    int? Count,
    DateTimeOffset? NextAt,
    IReadOnlyList<OccurrenceJson> Occurrences,
    DateTimeOffset CreatedAt)
{
    public static ScheduleJson Of(ScheduleView schedule) => new(
        "schedule",
        schedule.Id.Value,
        StatusText.Of(schedule.Status),
        schedule.Recipient,
        schedule.Destination,
        schedule.Amount.Asset.Code,
        schedule.Amount.Asset.Issuer,
        schedule.Amount.ToDecimalString(),
        schedule.Memo,
        StatusText.Of(schedule.Frequency),
        schedule.StartAt,
        schedule.TimeZone,
        schedule.DayOfMonth,
        schedule.EndAt,
        schedule.Count,
        schedule.NextAt,
        [.. schedule.Occurrences.Select(OccurrenceJson.Of)],
        schedule.CreatedAt);
}

/// <summary>One occurrence of a scheduled payment.</summary>
/// <param name="Number">Which one, from 1.</param>
/// <param name="DueAt">When it was due.</param>
/// <param name="Status">paying, succeeded, failed, missed or skipped.</param>
/// <param name="Attempts">How often it has been tried.</param>
/// <param name="Payment">The last attempt's payment, or null.</param>
/// <param name="FailureCode">Why the last attempt failed, or null.</param>
/// <param name="NextAttemptAt">When it is tried or looked at again, or null.</param>
/// <param name="EndedAt">When it was over, or null.</param>
internal sealed record OccurrenceJson(
    int Number,
    DateTimeOffset DueAt,
    string Status,
    int Attempts,
    string? Payment,
    string? FailureCode,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? EndedAt)
{
    public static OccurrenceJson Of(OccurrenceView occurrence) => new(
        occurrence.Number,
        occurrence.DueAt,
        StatusText.Of(occurrence.Status),
        occurrence.Attempts,
        occurrence.Payment?.Value,
        occurrence.FailureCode,
        occurrence.NextAttemptAt,
        occurrence.EndedAt);
}

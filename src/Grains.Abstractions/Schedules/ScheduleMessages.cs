using StellarPay.Grains.Payments;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;

namespace StellarPay.Grains.Schedules;

/// <summary>What a payer asks to be paid later, or again and again.</summary>
/// <param name="Destination">The account to pay (<c>G…</c> or <c>M…</c>), fixed when the schedule is made.</param>
/// <param name="Recipient">How the payer named the recipient.</param>
/// <param name="Asset">The asset, as its canonical form or its bare code.</param>
/// <param name="Amount">A decimal string, at most seven places, more than zero.</param>
/// <param name="Memo">A text memo of at most 28 bytes in UTF-8, or null.</param>
/// <param name="Frequency">How often.</param>
/// <param name="StartAt">Not before then; the local time of day of every occurrence.</param>
/// <param name="TimeZone">An IANA time zone such as <c>Europe/Paris</c>, by which days and times of day are counted.</param>
/// <param name="DayOfMonth">1 to 31, for monthly ones; null for the day of the start.</param>
/// <param name="EndAt">No occurrence after then, or null.</param>
/// <param name="Count">At most so many occurrences, or null.</param>
/// <param name="IdempotencyKey">1 to 255 characters, or null. The same key with the same request returns the same schedule, or that it is over.</param>
/// <param name="Proof">What stands for it that the owner asks; no part of what a key stands for.</param>
[GenerateSerializer, Immutable, Alias("sp.ScheduleRequest")]
public sealed record ScheduleRequest(
    [property: Id(0)] string Destination,
    [property: Id(1)] string Recipient,
    [property: Id(2)] string Asset,
    [property: Id(3)] string Amount,
    [property: Id(4)] string? Memo,
    [property: Id(5)] Frequency Frequency,
    [property: Id(6)] DateTimeOffset StartAt,
    [property: Id(7)] string TimeZone,
    [property: Id(8)] int? DayOfMonth = null,
    [property: Id(9)] DateTimeOffset? EndAt = null,
    [property: Id(10)] int? Count = null,
    [property: Id(11)] string? IdempotencyKey = null,
    [property: Id(12)] PayerProof Proof = PayerProof.Session);

/// <summary>A scheduled payment as its owner sees it.</summary>
/// <param name="Id">The schedule's id.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Recipient">How the payer named the recipient.</param>
/// <param name="Destination">The account that is paid.</param>
/// <param name="Amount">What each occurrence pays.</param>
/// <param name="Memo">The text memo, or null.</param>
/// <param name="Frequency">How often.</param>
/// <param name="StartAt">Not before then.</param>
/// <param name="TimeZone">The IANA time zone of its days and times.</param>
/// <param name="DayOfMonth">For monthly ones, the day.</param>
/// <param name="EndAt">No occurrence after then, or null.</param>
/// <param name="Count">At most so many occurrences, or null.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="NextAt">When it pays next, or null.</param>
/// <param name="Occurrences">The one that is being paid, if any, and the most recent that are over; newest first.</param>
[GenerateSerializer, Immutable, Alias("sp.ScheduleView")]
public sealed record ScheduleView(
    [property: Id(0)] ScheduleId Id,
    [property: Id(1)] ScheduleStatus Status,
    [property: Id(2)] string Recipient,
    [property: Id(3)] string Destination,
    [property: Id(4)] Amount Amount,
    [property: Id(5)] string? Memo,
    [property: Id(6)] Frequency Frequency,
    [property: Id(7)] DateTimeOffset StartAt,
    [property: Id(8)] string TimeZone,
    [property: Id(9)] int? DayOfMonth,
    [property: Id(10)] DateTimeOffset? EndAt,
    [property: Id(11)] int? Count,
    [property: Id(12)] DateTimeOffset CreatedAt,
    [property: Id(13)] DateTimeOffset? NextAt,
    [property: Id(14)] OccurrenceView[] Occurrences);

/// <summary>One occurrence of a scheduled payment.</summary>
/// <param name="Number">Which one, from 1.</param>
/// <param name="DueAt">When it was due.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Attempts">How often it has been tried.</param>
/// <param name="Payment">The last attempt's payment, or null where none came about.</param>
/// <param name="FailureCode">Why the last attempt failed, or null.</param>
/// <param name="NextAttemptAt">When it is tried or looked at again, or null.</param>
/// <param name="EndedAt">When it was over, or null.</param>
[GenerateSerializer, Immutable, Alias("sp.OccurrenceView")]
public sealed record OccurrenceView(
    [property: Id(0)] int Number,
    [property: Id(1)] DateTimeOffset DueAt,
    [property: Id(2)] OccurrenceStatus Status,
    [property: Id(3)] int Attempts,
    [property: Id(4)] PaymentId? Payment,
    [property: Id(5)] string? FailureCode,
    [property: Id(6)] DateTimeOffset? NextAttemptAt,
    [property: Id(7)] DateTimeOffset? EndedAt);

namespace StellarPay.Grains.Events;

/// <summary>The data of schedule events: the schedule, and the occurrence that the event is about.</summary>
/// <param name="ScheduleId">The schedule.</param>
/// <param name="Status">Its status in snake_case.</param>
/// <param name="Recipient">How the payer named the recipient.</param>
/// <param name="Destination">The account that is paid.</param>
/// <param name="Asset">The canonical form.</param>
/// <param name="Amount">A decimal string.</param>
/// <param name="Memo">The memo, or null.</param>
/// <param name="Frequency">In snake_case.</param>
/// <param name="NextAt">When it pays next, in UTC, or null.</param>
/// <param name="Occurrence">The occurrence, or null where the event is about the schedule itself.</param>
public sealed record ScheduleEventData(
    string ScheduleId, string Status, string Recipient, string Destination, string Asset, string Amount, string? Memo,
    string Frequency, DateTimeOffset? NextAt, OccurrenceEventData? Occurrence);

/// <summary>An occurrence of a schedule.</summary>
/// <param name="Number">Which one, from 1.</param>
/// <param name="DueAt">When it was due, in UTC.</param>
/// <param name="Status">In snake_case.</param>
/// <param name="Attempt">Which attempt.</param>
/// <param name="PaymentId">That attempt's payment, or null.</param>
/// <param name="FailureCode">Why that attempt failed, or null.</param>
/// <param name="NextAttemptAt">When it is tried again, in UTC, or null.</param>
public sealed record OccurrenceEventData(
    int Number, DateTimeOffset DueAt, string Status, int Attempt, string? PaymentId, string? FailureCode,
    DateTimeOffset? NextAttemptAt);

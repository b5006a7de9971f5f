namespace StellarPay.Frontdoor.Schedules;

/// <summary>What is to be paid later, or again and again.</summary>
/// <param name="Recipient">As in a payment.</param>
/// <param name="Asset">XLM, USDC, or any asset of the wallet as CODE:ISSUER.</param>
/// <param name="Amount">A decimal string above zero with at most seven places.</param>
/// <param name="Memo">A text of at most 28 bytes in UTF-8, or null.</param>
/// <param name="Frequency">once, daily, weekly or monthly.</param>
/// <param name="StartAt">The first occurrence is then, unless it is on another day of the month; its local time of day is that of all.</param>
/// <param name="TimeZone">An IANA time zone, by which days and times are counted; UTC if it is left out.</param>
/// <param name="DayOfMonth">1 to 31, for monthly ones: a month without that day pays on its last. The start's day if left out.</param>
/// <param name="EndAt">No occurrence after then, or null.</param>
/// <param name="Count">At most so many occurrences, 1 to 1000, or null.</param>
internal sealed record NewScheduleRequest(
    string? Recipient,
    string? Asset,
    string? Amount,
    string? Memo,
    string? Frequency,
    DateTimeOffset? StartAt,
    string? TimeZone,
    int? DayOfMonth,
    DateTimeOffset? EndAt,
    int? Count);

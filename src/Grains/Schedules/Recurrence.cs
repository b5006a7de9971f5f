using NodaTime;

namespace StellarPay.Grains.Schedules;

/// <summary>
/// When the occurrences of a schedule are, the first at its start. Days and times of day are those of its time zone: a time
/// that the change to summer time leaves out is moved on by the gap, and of one that comes twice later on the first counts.
/// </summary>
internal sealed record Recurrence(
    Frequency Frequency, DateTimeOffset StartAt, string TimeZone, int? DayOfMonth, DateTimeOffset? EndAt, int? Count)
{
    /// <summary>Whether there is a time zone of that name.</summary>
    public static bool IsTimeZone(string? name) => name is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is not null;

    /// <summary>The time of an occurrence, or null if there is none of that number (from 1).</summary>
    public DateTimeOffset? At(int number)
    {
        if (number < 1 || number > (Frequency == Frequency.Once ? 1 : Count ?? int.MaxValue))
        {
            return null;
        }

        var zone = DateTimeZoneProviders.Tzdb[TimeZone];
        var start = Instant.FromDateTimeOffset(StartAt).InZone(zone).LocalDateTime;
        var date = DateOf(number - 1, start.Date);
        // The start is a moment, not a time of day: in an hour that comes twice it may be the second.
        var at = date == start.Date
            ? StartAt.ToUniversalTime()
            : zone.AtLeniently(date + start.TimeOfDay).ToInstant().ToDateTimeOffset();
        return EndAt is { } end && at > end ? null : at;
    }

    /// <summary>The number of the first occurrence after a time, at or after the given one; null if there is none.</summary>
    public int? FirstAfter(DateTimeOffset time, int from)
    {
        for (var number = from; At(number) is { } at; number++)
        {
            if (at > time)
            {
                return number;
            }
        }

        return null;
    }

    private LocalDate DateOf(int index, LocalDate start) => Frequency switch
    {
        Frequency.Once => start,
        Frequency.Daily => start.PlusDays(index),
        Frequency.Weekly => start.PlusWeeks(index),
        Frequency.Monthly => MonthlyDate(index, start),
        _ => throw new InvalidOperationException($"There is no frequency {Frequency}."),
    };

    private LocalDate MonthlyDate(int index, LocalDate start)
    {
        var day = DayOfMonth ?? start.Day;
        // The first is in the month of the start, unless its day has passed there.
        var month = start.With(DateAdjusters.StartOfMonth);
        if (InMonth(month, day) < start)
        {
            month = month.PlusMonths(1);
        }

        return InMonth(month.PlusMonths(index), day);
    }

    private static LocalDate InMonth(LocalDate month, int day) =>
        new(month.Year, month.Month, Math.Min(day, month.Calendar.GetDaysInMonth(month.Year, month.Month)));
}

namespace StellarPay.Grains.Schedules;

/// <summary>A user's schedules: which of them are kept, and which is due next.</summary>
internal sealed class ScheduleBook(ScheduleBookState state)
{
    /// <summary>While what is due is being paid, the wake-up that takes it up after a crash comes so much later.</summary>
    public static readonly TimeSpan ResumeAfter = TimeSpan.FromSeconds(30);

    /// <summary>How many are not over.</summary>
    public int CountOpen() => state.Schedules.Count(s => !s.IsOver);

    /// <summary>The one that has been due longest, or null.</summary>
    public ScheduleRecord? NextDue(DateTimeOffset now) =>
        state.Schedules.Where(s => s.DueAt() <= now).MinBy(s => s.DueAt());

    /// <summary>When the book must be woken; null where nothing is due.</summary>
    public DateTimeOffset? DueAt(DateTimeOffset now, bool attended)
    {
        var due = state.Schedules.Min(s => s.DueAt());
        return attended && due < now + ResumeAfter ? now + ResumeAfter : due;
    }

    /// <summary>Of those that are over only the last are kept; the events tell of all.</summary>
    public void Prune()
    {
        var over = state.Schedules.Where(s => s is { IsOver: true, Current: null }).OrderBy(s => s.OverAt).ToArray();
        foreach (var schedule in over.SkipLast(state.IsRetired ? 0 : ScheduleRules.KeptOver))
        {
            state.Schedules.Remove(schedule);
        }
    }
}

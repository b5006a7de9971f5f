namespace StellarPay.Grains.Scheduling;

/// <summary>
/// Wakes what is due of one kind, oldest first, so many at once, and goes round: a sweep that did not come to the end is followed
/// by one that begins there. Who fails again and again is passed over for a while, so that however many always fail, those
/// after them are woken. For one partition, and one sweep at a time.
/// </summary>
internal sealed class WakeRound(IDueIndex index, int atOnce, TimeProvider time)
{
    public const int PageSize = 100;

    // What one sweep looks at; the rest is the next one's, a second later.
    public const int MaxPages = 20;

    // Far more than fail together; those beyond it are tried at each sweep.
    private const int MostFailing = 10_000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, (int Failures, DateTimeOffset Until)> _failing = new(StringComparer.Ordinal);
    private DueEntry? _after;

    /// <summary>Wakes some. Gives how many.</summary>
    /// <param name="query">What is due.</param>
    /// <param name="wake">Wakes one; false where that failed.</param>
    public async Task<int> SweepAsync(DueQuery query, Func<DueEntry, Task<bool>> wake)
    {
        var woken = 0;
        var waking = new List<Task<bool>>();
        for (var page = 0; page < MaxPages; page++)
        {
            var due = await index.ReadAsync(query, _after, PageSize, CancellationToken.None);
            foreach (var entry in due.Where(entry => !IsPaused(entry)))
            {
                if (waking.Count == atOnce)
                {
                    woken += await NextAsync(waking);
                }

                waking.Add(WakeAsync(entry, wake));
            }

            if (due.Count < PageSize)
            {
                _after = null;
                Forget();
                break;
            }

            _after = due[^1];
        }

        while (waking.Count > 0)
        {
            woken += await NextAsync(waking);
        }

        return woken;
    }

    // Whoever is done first makes room: one that takes long holds one place of its kind, and no more.
    private static async Task<int> NextAsync(List<Task<bool>> waking)
    {
        var done = await Task.WhenAny(waking);
        waking.Remove(done);
        return await done ? 1 : 0;
    }

    private async Task<bool> WakeAsync(DueEntry entry, Func<DueEntry, Task<bool>> wake)
    {
        if (await wake(entry))
        {
            _failing.Remove(entry.GrainKey);
            return true;
        }

        if (_failing.TryGetValue(entry.GrainKey, out var known) || _failing.Count < MostFailing)
        {
            _failing[entry.GrainKey] = (known.Failures + 1, time.GetUtcNow() + PauseAfter(known.Failures));
        }

        return false;
    }

    // The first failure may have been a moment's: the next sweep tries again.
    private static TimeSpan PauseAfter(int failuresBefore)
    {
        if (failuresBefore == 0)
        {
            return TimeSpan.Zero;
        }

        var pause = FirstPause * Math.Pow(2, Math.Min(failuresBefore - 1, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    private bool IsPaused(DueEntry entry) =>
        _failing.TryGetValue(entry.GrainKey, out var known) && time.GetUtcNow() < known.Until;

    // Who was not tried for so long is not due any more.
    private void Forget()
    {
        var before = time.GetUtcNow() - LongestPause;
        foreach (var key in _failing.Where(each => each.Value.Until < before).Select(each => each.Key).ToArray())
        {
            _failing.Remove(key);
        }
    }
}

namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>
/// When those whom a day's budget refuses come again: not all in the first moment of the next, and the crowd of one range behind itself and
/// not before others. In memory: who asks again after a restart is counted anew. For the sponsor's own scheduler only.
/// </summary>
internal sealed class OpeningQueue
{
    private const int OfRangeAtOnce = 64;
    private const int OfAllAtOnce = 1024;
    private const int MostRanges = 10_000;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    private readonly Dictionary<ulong, int> _ofRange = [];
    private DateOnly _day;
    private int _all;

    /// <summary>How long after the day's first moment he comes.</summary>
    public TimeSpan Place(DateOnly day, ulong? range)
    {
        if (day != _day)
        {
            (_day, _all) = (day, 0);
            _ofRange.Clear();
        }

        // Of too many ranges the new ones stand in one line.
        var line = range is { } known && (_ofRange.ContainsKey(known) || _ofRange.Count < MostRanges) ? known : 0;
        var before = _ofRange.GetValueOrDefault(line);
        _ofRange[line] = before + 1;
        var after = Step * ((before / OfRangeAtOnce) + (_all++ / OfAllAtOnce));
        return after < Longest ? after : Longest;
    }
}

using StellarPay.Grains.Scheduling;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.Scheduling;

/// <summary>However many of a kind always fail, those that are due after them are woken.</summary>
public sealed class WakeRoundTests
{
    private const int Failing = WakeRound.PageSize * WakeRound.MaxPages;
    private static readonly DueQuery Query = new("wallet", DateTimeOffset.UnixEpoch.AddDays(1), 0, 1);

    private readonly TestClock _clock = new();
    private readonly Due _due = new();
    private readonly List<string> _tried = [];

    private WakeRound Round => field ??= new WakeRound(_due, atOnce: 16, _clock);

    [Fact]
    public async Task A_sweep_that_is_full_of_those_that_fail_is_followed_by_one_that_begins_after_them()
    {
        _due.Add(Failing, "bad");
        _due.Add(1, "good");

        (await SweepAsync()).ShouldBe(0);
        (await SweepAsync()).ShouldBe(1);

        _tried.Count(key => key.StartsWith("bad", StringComparison.Ordinal)).ShouldBe(Failing);
        _tried[^1].ShouldBe("good_00000");
    }

    [Fact]
    public async Task Who_goes_on_failing_is_tried_after_pauses_that_grow_to_five_minutes()
    {
        _due.Add(1, "bad");
        var tries = new List<int>();
        for (var second = 0; second < 1_000; second++)
        {
            _tried.Clear();
            await SweepAsync();
            tries.AddRange(Enumerable.Repeat(second, _tried.Count));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        tries.ShouldBe([0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811]);
    }

    [Fact]
    public async Task Who_was_woken_at_last_is_tried_at_once_when_it_is_due_again()
    {
        _due.Add(1, "bad");
        await SweepAsync();
        await SweepAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));
        _due.Works = true;
        (await SweepAsync()).ShouldBe(1);

        _due.Works = false;
        _tried.Clear();
        await SweepAsync();
        await SweepAsync();

        _tried.Count.ShouldBe(2);
    }

    private Task<int> SweepAsync() => Round.SweepAsync(Query, entry =>
    {
        _tried.Add(entry.GrainKey);
        return Task.FromResult(_due.Works || entry.GrainKey.StartsWith("good", StringComparison.Ordinal));
    });

    // What is due stays so, as where a wake-up fails.
    private sealed class Due : IDueIndex
    {
        private readonly List<DueEntry> _entries = [];

        public bool Works { get; set; }

        public void Add(int count, string name) => _entries.AddRange(Enumerable.Range(0, count).Select(
            n => new DueEntry("wallet", $"{name}_{n:D5}", DateTimeOffset.UnixEpoch.AddSeconds(_entries.Count))));

        public Task<IReadOnlyList<string>> ReadNamesAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<DueEntry>> ReadAsync(
            DueQuery query, DueEntry? after, int limit, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<DueEntry>>(
            [
                .. _entries.Where(e => after is null || (e.DueAt, e.GrainKey).CompareTo((after.DueAt, after.GrainKey)) > 0).Take(limit),
            ]);
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Tests;

namespace StellarPay.Frontdoor.Tests.RateLimits;

/// <summary>What front doors let through of a key, by what the cluster's count leases them.</summary>
public sealed class DoorCountTests
{
    private const string Key = "rl_test_key";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromMilliseconds(new RateLimitOptions().AnswerMilliseconds);
    private readonly TestClock _clock = new();
    private readonly FakeGrains _grains = new();

    public DoorCountTests() => _grains.RateLimits.Clock = _clock;

    [Fact]
    public async Task No_window_has_more_than_the_limit_however_doors_take_turns()
    {
        const int Limit = 400;
        var (doors, let) = (new[] { NewDoor(Limit), NewDoor(Limit), NewDoor(Limit) }, new List<DateTimeOffset>());
        // The same each time: who finds a fault finds it again.
        var random = new Random(10);
        for (var i = 0; i < 40_000; i++)
        {
            var door = doors[random.Next(doors.Length)];
            if (await door.TakeAsync() is null)
            {
                let.Add(_clock.GetUtcNow());
            }

            _clock.Advance(random.Next(400) == 0 ? TimeSpan.FromSeconds(random.Next(40)) : TimeSpan.FromMilliseconds(random.Next(20)));
        }

        for (var i = Limit; i < let.Count; i++)
        {
            (let[i] - let[i - Limit]).ShouldBeGreaterThanOrEqualTo(Minute, $"the requests from {i - Limit} to {i}");
        }

        // And it is a limit that is used: each window of sixty-five seconds nearly fills.
        let.Count.ShouldBeGreaterThan(Limit * 20);
    }

    [Fact]
    public async Task Retry_after_is_the_moment_when_there_is_room_and_not_before()
    {
        var (one, other) = (NewDoor(3), NewDoor(3));
        (await one.TakeAsync()).ShouldBeNull();
        (await other.TakeAsync()).ShouldBeNull();
        _clock.Advance(TimeSpan.FromSeconds(20));
        (await one.TakeAsync()).ShouldBeNull();

        var wait = (await other.TakeAsync()).ShouldNotBeNull();
        wait.ShouldBe(TimeSpan.FromSeconds(40));
        _clock.Advance(wait - TimeSpan.FromMilliseconds(1));
        (await one.TakeAsync()).ShouldNotBeNull().ShouldBe(TimeSpan.FromMilliseconds(1));
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        (await other.TakeAsync()).ShouldBeNull();
        (await one.TakeAsync()).ShouldBeNull();
        (await one.TakeAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_key_that_is_refused_costs_the_cluster_nothing_until_there_is_room()
    {
        var door = NewDoor(1);
        (await door.TakeAsync()).ShouldBeNull();
        (await door.TakeAsync()).ShouldNotBeNull();
        var asks = Asks;
        for (var i = 0; i < 1000; i++)
        {
            (await door.TakeAsync()).ShouldNotBeNull();
        }

        Asks.ShouldBe(asks);
    }

    [Fact]
    public async Task A_key_far_from_its_limit_is_mostly_counted_at_the_door()
    {
        var door = NewDoor(100_000);
        for (var i = 0; i < 1000; i++)
        {
            (await door.TakeAsync()).ShouldBeNull();
        }

        Asks.ShouldBeLessThan(30);
    }

    [Fact]
    public async Task What_one_door_holds_and_does_not_use_comes_back()
    {
        const int Limit = 400;
        var (one, other) = (NewDoor(Limit), NewDoor(Limit));
        for (var i = 0; i < 4; i++)
        {
            (await one.TakeAsync()).ShouldBeNull();
        }

        // Past the lease's end, within the window.
        _clock.Advance(TimeSpan.FromSeconds(6));
        (await one.TakeAsync()).ShouldBeNull();
        for (var i = 5; i < Limit; i++)
        {
            (await other.TakeAsync()).ShouldBeNull($"the request {i}");
        }

        (await other.TakeAsync()).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_door_that_gets_no_answer_counts_by_itself_and_goes_on_from_what_it_let_through(bool hangs)
    {
        var door = NewDoor(5);
        (await door.TakeAsync()).ShouldBeNull();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Break(hangs);

        for (var i = 1; i < 5; i++)
        {
            (await TakeAsync(door, hangs)).ShouldBeNull();
        }

        (await TakeAsync(door, hangs)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Who_waited_long_for_an_answer_has_what_it_grants()
    {
        // The bug kept away: on a slow machine what was granted lapsed before those who waited for it were awake. Where that was all there
        // is, everybody was refused, and nobody had it.
        const int Limit = 5;
        _grains.RateLimits.Answering = () => _clock.Advance(TimeSpan.FromSeconds(1));
        var door = NewDoor(Limit, patience: TimeSpan.FromSeconds(10));

        var waits = await Task.WhenAll(Enumerable.Range(0, Limit + 2).Select(_ => door.TakeAsync().AsTask()));

        waits.Count(wait => wait is null).ShouldBe(Limit);
    }

    [Fact]
    public async Task A_door_asks_again_after_a_second()
    {
        var door = NewDoor(5);
        Break(hangs: false);
        (await door.TakeAsync()).ShouldBeNull();
        (_grains.RateLimits.Fails, var asks) = (null, Asks);
        (await door.TakeAsync()).ShouldBeNull();
        Asks.ShouldBe(asks);
        _clock.Advance(RateLimitGrains.AloneFor);

        (await door.TakeAsync()).ShouldBeNull();
        Asks.ShouldBe(asks + 1);
    }

    [Fact(Explicit = true)]
    public async Task Keys_that_are_made_up_without_end_share_places_and_are_forgotten()
    {
        var table = new RateLimitTable(NewGrains(), _clock);
        var limit = RateLimit.AMinute("test", 10);
        for (var i = 0; i < RateLimitTable.MostKeys + 20_000; i++)
        {
            await table.TakeAsync(limit, $"made-up-{i}");
        }

        table.Size.ShouldBeInRange(RateLimitTable.MostKeys, RateLimitTable.MostKeys + 1024);
        table.Sweep();
        table.Size.ShouldBeGreaterThan(RateLimitTable.MostKeys / 2);
        _clock.Advance(TimeSpan.FromSeconds(66));
        table.Sweep();
        table.Size.ShouldBe(0);
    }

    [Fact]
    public async Task Networks_that_fill_a_limit_displace_no_key_of_another_and_share_nothing_with_who_is_new()
    {
        // The bug kept away: one table for all limits, which a /40 filled; after that all who were new shared 1,024 places.
        var table = new RateLimitTable(NewGrains(), _clock);
        var (site, network, user) = (RateLimit.AMinute("site", 1_000_000), RateLimit.AMinute("network", 1), RateLimit.AMinute("user", 2));
        for (var i = 0; i < RateLimitTable.MostKeys; i++)
        {
            await table.TakeAsync(new(site, "a site"), new LimitedKey(network, $"made-up-{i}"));
        }

        table.SizeOf("network").ShouldBe(RateLimitTable.MostKeys);
        // Somebody's key of another limit is his own, as before.
        (await table.TakeAsync(user, "usr_1")).ShouldBeNull();
        (await table.TakeAsync(user, "usr_2")).ShouldBeNull();
        _grains.RateLimits.Keys.Where(key => key.StartsWith("rl_user_", StringComparison.Ordinal)).Order().ShouldBe(["rl_user_usr_1", "rl_user_usr_2"]);
        // Those who are new are counted by what is wider, and by no place that they share with others.
        for (var i = 0; i < 100; i++)
        {
            (await table.TakeAsync(new(site, "another site"), new LimitedKey(network, $"new-{i}"))).ShouldBeNull();
        }

        _grains.RateLimits.Keys.ShouldNotContain(key => key.Contains("shared", StringComparison.Ordinal));
        table.SizeOf("network").ShouldBe(RateLimitTable.MostKeys);
        // Who has a key has it still.
        (await table.TakeAsync(new(site, "a site"), new LimitedKey(network, "made-up-7"))).ShouldNotBeNull();
        // The same of made-up keys that something else counts.
        (await table.TakeIfRoomAsync(network, "made-up-8")).ShouldNotBeNull();
        for (var i = 0; i < 100; i++)
        {
            (await table.TakeIfRoomAsync(network, "new-300")).ShouldBeNull();
        }

        // And what is wider refuses.
        var narrow = RateLimit.AMinute("narrow site", 3);
        for (var i = 0; i < 3; i++)
        {
            (await table.TakeAsync(new(narrow, "a third"), new LimitedKey(network, "new-200"))).ShouldBeNull();
        }

        (await table.TakeAsync(new(narrow, "a third"), new LimitedKey(network, "new-201"))).ShouldNotBeNull();
    }

    private int Asks => _grains.RateLimits.Of(Key).Asks;

    private void Break(bool hangs) =>
        (_grains.RateLimits.Hangs, _grains.RateLimits.Fails) = (hangs, hangs ? null : new TimeoutException("no silo"));

    // Where nobody answers, the clock goes past the wait once it has begun, and no further: who is alone counts by it.
    private async Task<TimeSpan?> TakeAsync(DoorCount door, bool hangs)
    {
        var taking = door.TakeAsync().AsTask();
        while (hangs && !taking.IsCompleted)
        {
            await Task.WhenAny(taking, _clock.WaitForTimerAsync(AnswerWithin));
            if (!taking.IsCompleted)
            {
                _clock.Advance(AnswerWithin);
            }
        }

        return await taking;
    }

    private DoorCount NewDoor(int limit, TimeSpan? patience = null) =>
        new(Key, RateLimit.AMinute("test", limit), NewGrains(patience ?? AnswerWithin), _clock);

    private RateLimitGrains NewGrains(TimeSpan? patience = null) => new(
        _grains.Factory,
        Options.Create(new RateLimitOptions { AnswerMilliseconds = (int)(patience ?? AnswerWithin).TotalMilliseconds }),
        _clock, NullLogger<RateLimitGrains>.Instance);
}

using Microsoft.Extensions.Time.Testing;
using StellarPay.Grains.RateLimits;

namespace StellarPay.Grains.Tests.RateLimits;

public sealed class SlidingWindowTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void What_is_to_spare_is_a_hundredth_of_the_limit_and_an_eighth_of_what_is_left_at_most()
    {
        var window = new SlidingWindow(TimeSpan.FromMinutes(1), _clock);

        window.Take(810, needed: 1, spare: 64).Granted.ShouldBe(9);
        window.Take(810, needed: 790, spare: 64).Granted.ShouldBe(791);
        window.Take(810, needed: 1, spare: 64).Granted.ShouldBe(2);
        window.Take(810, needed: 10, spare: 64).Granted.ShouldBe(8);
        window.Take(810, needed: 1, spare: 64).Granted.ShouldBe(0);
        new SlidingWindow(TimeSpan.FromMinutes(1), _clock).Take(99, needed: 1, spare: 64).Granted.ShouldBe(1);
    }

    [Fact]
    public void A_lease_may_be_used_to_the_end_of_its_part_and_counts_a_window_longer()
    {
        var window = new SlidingWindow(TimeSpan.FromMinutes(1), _clock);
        var lease = window.Take(900, needed: 1, spare: 8);
        lease.Granted.ShouldBe(9);
        lease.UsableFor.ShouldBeInRange(TimeSpan.FromTicks(1), TimeSpan.FromSeconds(5));
        window.Take(900, needed: 891).Granted.ShouldBe(891);
        _clock.Advance(lease.UsableFor + TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));

        window.Take(900, needed: 1).ShouldSatisfyAllConditions(
            refused => refused.Granted.ShouldBe(0), refused => refused.RetryAfter.ShouldBe(TimeSpan.FromTicks(1)));
        _clock.Advance(TimeSpan.FromTicks(1));
        window.Take(900, needed: 1).Granted.ShouldBe(1);
    }

    [Fact]
    public void What_was_needed_counts_for_the_window_to_the_moment()
    {
        var window = new SlidingWindow(TimeSpan.FromMinutes(1), _clock);
        window.Take(1, needed: 1).Granted.ShouldBe(1);

        window.Take(1, needed: 1).RetryAfter.ShouldBe(TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        window.Take(1, needed: 1).Granted.ShouldBe(0);
        _clock.Advance(TimeSpan.FromTicks(1));
        window.Take(1, needed: 1).Granted.ShouldBe(1);
    }

    [Fact]
    public void What_is_given_back_counts_no_more_and_never_less_than_nothing()
    {
        var window = new SlidingWindow(TimeSpan.FromMinutes(1), _clock);
        var lease = window.Take(10, needed: 10);

        window.GiveBack(lease.Part, 4);
        window.Used.ShouldBe(6);
        window.GiveBack(lease.Part, 1000);
        window.GiveBack(lease.Part - 1, 1000);
        window.Used.ShouldBe(0);
        window.Take(10, needed: 11).Granted.ShouldBe(10);
    }

    [Fact]
    public void A_limit_that_was_lowered_says_when_there_will_be_room()
    {
        var window = new SlidingWindow(TimeSpan.FromMinutes(1), _clock);
        window.Take(10, needed: 5);
        _clock.Advance(TimeSpan.FromSeconds(10));
        window.Take(10, needed: 5);

        _clock.Advance(window.Take(3, needed: 1).RetryAfter);

        window.Take(3, needed: 1).Granted.ShouldBe(1);
    }
}

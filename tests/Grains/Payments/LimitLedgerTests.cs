using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Tests.Payments;

public sealed class LimitLedgerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 3, 20, TimeSpan.Zero);
    private readonly List<UsageBucket> _buckets = [];

    [Fact]
    public void A_payment_counts_for_24_hours_and_never_for_less()
    {
        LimitLedger.Reserve(_buckets, "native", 100, Noon);

        LimitLedger.Used(_buckets, "native", Noon).ShouldBe(100);
        LimitLedger.Used(_buckets, "native", Noon.AddHours(24)).ShouldBe(100);
        LimitLedger.Used(_buckets, "native", Noon.AddHours(24).AddMinutes(10)).ShouldBe(0);
    }

    [Fact]
    public void Assets_are_counted_apart()
    {
        LimitLedger.Reserve(_buckets, "native", 100, Noon);

        LimitLedger.Used(_buckets, "USDC:G", Noon).ShouldBe(0);
    }

    [Fact]
    public void The_limit_itself_is_allowed_and_one_stroop_more_is_not()
    {
        LimitLedger.Reserve(_buckets, "native", 60, Noon);

        LimitLedger.Allows(_buckets, "native", 40, 100, Noon).ShouldBeTrue();
        LimitLedger.Allows(_buckets, "native", 41, 100, Noon).ShouldBeFalse();
    }

    [Fact]
    public void A_sum_beyond_64_bits_is_refused_and_does_not_wrap_around()
    {
        LimitLedger.Reserve(_buckets, "native", 1, Noon);

        LimitLedger.Allows(_buckets, "native", long.MaxValue, long.MaxValue, Noon).ShouldBeFalse();
    }

    [Fact]
    public void A_release_takes_back_what_was_counted_when_the_payment_was_made()
    {
        LimitLedger.Reserve(_buckets, "native", 100, Noon);
        LimitLedger.Reserve(_buckets, "native", 30, Noon.AddHours(3));

        LimitLedger.Release(_buckets, "native", 100, Noon);

        LimitLedger.Used(_buckets, "native", Noon.AddHours(3)).ShouldBe(30);
    }

    [Fact]
    public void A_release_after_the_bucket_has_gone_changes_nothing()
    {
        LimitLedger.Reserve(_buckets, "native", 100, Noon);
        LimitLedger.Prune(_buckets, Noon.AddHours(30));

        LimitLedger.Release(_buckets, "native", 100, Noon);

        _buckets.ShouldBeEmpty();
    }

    [Fact]
    public void A_payment_every_minute_for_three_days_keeps_no_more_than_145_buckets()
    {
        for (var minute = 0; minute < 3 * 24 * 60; minute++)
        {
            LimitLedger.Reserve(_buckets, "native", 1, Noon.AddMinutes(minute));
            LimitLedger.Prune(_buckets, Noon.AddMinutes(minute));
        }

        _buckets.Count.ShouldBeLessThanOrEqualTo(145);
        LimitLedger.Used(_buckets, "native", Noon.AddMinutes(3 * 24 * 60)).ShouldBeInRange(1440, 1451);
    }
}

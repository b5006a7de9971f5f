using StellarPay.Grains.Limits;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Limits;

public sealed class LimitLedgerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 3, 20, TimeSpan.Zero);
    private readonly WalletState _state = new();

    [Fact]
    public void A_payment_counts_for_24_hours_and_30_days_and_never_for_less()
    {
        LimitLedger.Reserve(_state, Payment(100, Noon));

        Today(Noon).ShouldBe(100);
        Today(Noon.AddHours(24)).ShouldBe(100);
        Today(Noon.AddHours(24).AddMinutes(20)).ShouldBe(0);
        ThisMonth(Noon.AddDays(30)).ShouldBe(100);
        ThisMonth(Noon.AddDays(30).AddHours(12)).ShouldBe(0);
    }

    [Fact]
    public void The_limit_itself_is_left_and_one_unit_more_is_not()
    {
        LimitLedger.Reserve(_state, Payment(60, Noon));

        LimitLedger.Left(_state.DayUsage, LimitWindow.Day, 100, Noon).ShouldBe(40);
        LimitLedger.Left(_state.DayUsage, LimitWindow.Day, 50, Noon).ShouldBe(0);
    }

    [Fact]
    public void A_sum_beyond_64_bits_does_not_wrap_around()
    {
        LimitLedger.Reserve(_state, Payment(long.MaxValue, Noon));
        LimitLedger.Reserve(_state, Payment(long.MaxValue, Noon.AddHours(13)));

        Today(Noon.AddHours(13)).ShouldBe((Int128)long.MaxValue * 2);
        LimitLedger.Left(_state.DayUsage, LimitWindow.Day, long.MaxValue, Noon.AddHours(13)).ShouldBe(0);
    }

    [Fact]
    public void A_release_takes_back_exactly_what_was_counted_when_the_payment_was_made()
    {
        var first = Payment(100, Noon);
        LimitLedger.Reserve(_state, first);
        LimitLedger.Reserve(_state, Payment(30, Noon.AddHours(3)));

        LimitLedger.Release(_state, first);

        Today(Noon.AddHours(3)).ShouldBe(30);
        ThisMonth(Noon.AddHours(3)).ShouldBe(30);
    }

    [Fact]
    public void A_release_after_the_days_bucket_has_gone_still_frees_the_month()
    {
        var payment = Payment(100, Noon);
        LimitLedger.Reserve(_state, payment);
        LimitLedger.Prune(_state, Noon.AddHours(30));

        LimitLedger.Release(_state, payment);
        LimitLedger.Prune(_state, Noon.AddHours(30));

        _state.DayUsage.ShouldBeEmpty();
        _state.MonthUsage.ShouldBeEmpty();
    }

    [Fact]
    public void A_payment_every_minute_for_40_days_keeps_no_more_than_73_and_61_buckets()
    {
        const int minutes = 40 * 24 * 60;
        for (var minute = 0; minute < minutes; minute++)
        {
            LimitLedger.Reserve(_state, Payment(1, Noon.AddMinutes(minute)));
            LimitLedger.Prune(_state, Noon.AddMinutes(minute));
        }

        _state.DayUsage.Count.ShouldBeLessThanOrEqualTo(73);
        _state.MonthUsage.Count.ShouldBeLessThanOrEqualTo(61);
        ((long)Today(Noon.AddMinutes(minutes))).ShouldBeInRange(1440, 1461);
        ((long)ThisMonth(Noon.AddMinutes(minutes))).ShouldBeInRange(43_200, 43_921);
    }

    private Int128 Today(DateTimeOffset now) => LimitLedger.Used(_state.DayUsage, LimitWindow.Day, now);

    private Int128 ThisMonth(DateTimeOffset now) => LimitLedger.Used(_state.MonthUsage, LimitWindow.Month, now);

    private static PaymentRecord Payment(long units, DateTimeOffset at) => new() { LimitUnits = units, CreatedAt = at };
}

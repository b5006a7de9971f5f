using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;

namespace StellarPay.Grains.Tests.Costs;

public sealed class OperationPricesTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void An_operation_costs_what_is_bid_at_first_and_its_fee_bump_counts_as_one_more() =>
        Prices().CostOf(1).ShouldBe(2_000);

    [Fact]
    public void What_the_network_asked_for_counts_for_five_minutes_and_is_rounded_up()
    {
        var prices = Prices();

        prices.Note(neededStroops: 8_001, operations: 1);

        prices.CostOf(1).ShouldBe(8_002);
        _time.Advance(OperationPrices.Remembered - TimeSpan.FromTicks(1));
        prices.CostOf(3).ShouldBe(16_004);
        _time.Advance(TimeSpan.FromTicks(1));
        prices.CostOf(1).ShouldBe(2_000);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(-5L)]
    [InlineData(1_000L)]
    public void What_is_no_price_or_less_than_is_bid_anyway_changes_nothing(long? needed)
    {
        var prices = Prices();

        prices.Note(needed, operations: 1);

        prices.CostOf(1).ShouldBe(2_000);
    }

    // The bug kept away: a network that asks for absurd fees would have made every payment too small.
    [Fact]
    public void No_more_counts_than_the_platform_would_pay()
    {
        var prices = Prices();

        prices.Note(long.MaxValue, operations: 1);

        prices.CostOf(1).ShouldBe(20_000);
    }

    private OperationPrices Prices() =>
        new(Options.Create(new NetworkOptions()), Options.Create(new PlatformOptions()), _time);
}

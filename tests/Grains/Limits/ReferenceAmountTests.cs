using System.Globalization;
using StellarPay.Grains.Rates;

namespace StellarPay.Grains.Tests.Limits;

public sealed class ReferenceAmountTests
{
    [Theory]
    [InlineData(10_000_000, "1", 10_000_000)]
    [InlineData(10_000_000, "0.1", 1_000_000)]
    [InlineData(1, "0.1", 1)]
    [InlineData(10, "0.1", 1)]
    [InlineData(11, "0.1", 2)]
    [InlineData(0, "0.1", 0)]
    [InlineData(3, "0.333333333333", 1)]
    [InlineData(30, "0.333333333333", 10)]
    [InlineData(long.MaxValue, "1", long.MaxValue)]
    [InlineData(long.MaxValue, "0.9999999999999999999999999999", long.MaxValue)]
    [InlineData(long.MaxValue, "0.0000000000000000000000000001", 1)]
    [InlineData(1, "9223372036854775807", long.MaxValue)]
    public void An_amount_is_worth_its_price_rounded_up_without_loss(long stroops, string price, long units) =>
        ReferenceAmount.Of(stroops, decimal.Parse(price, CultureInfo.InvariantCulture)).ShouldBe(units);

    [Theory]
    [InlineData(long.MaxValue, "1.0000000000000000001")]
    [InlineData(long.MaxValue, "79228162514264337593543950335")]
    [InlineData(1, "9223372036854775807.1")]
    public void What_64_bits_cannot_hold_is_said_to_be_beyond_counting(long stroops, string price) =>
        ReferenceAmount.Of(stroops, decimal.Parse(price, CultureInfo.InvariantCulture)).ShouldBeNull();

    [Theory]
    [InlineData(100_000, "0.8", 125_000)]
    [InlineData(1, "0.3", 4)]
    [InlineData(0, "0.3", 0)]
    [InlineData(1, "79228162514264337593543950335", 1)]
    [InlineData(long.MaxValue, "1", long.MaxValue)]
    public void The_least_that_is_worth_so_much_is_rounded_up(long units, string price, long stroops) =>
        ReferenceAmount.StroopsFor(units, decimal.Parse(price, CultureInfo.InvariantCulture)).ShouldBe(stroops);

    [Theory]
    [InlineData(100_000, "0.8", 125_000)]
    [InlineData(1, "0.3", 3)]
    [InlineData(1, "79228162514264337593543950335", 0)]
    [InlineData(long.MaxValue, "0.1", long.MaxValue)]
    public void The_most_that_is_worth_no_more_is_rounded_down_and_never_beyond_64_bits(long units, string price, long stroops) =>
        ReferenceAmount.StroopsWithin(units, decimal.Parse(price, CultureInfo.InvariantCulture)).ShouldBe(stroops);

    [Fact]
    public void A_least_that_64_bits_cannot_hold_is_none() => ReferenceAmount.StroopsFor(long.MaxValue, 0.9m).ShouldBeNull();

    [Theory]
    [InlineData(100_000, "0.01 USD")]
    [InlineData(123_456_789, "12.3456789 USD")]
    [InlineData(10_000_000, "1.00 USD")]
    public void To_the_last_unit_where_that_is_what_is_asked_for(long units, string text) =>
        ReferenceAmount.Exact(units).ShouldBe(text);

    [Fact]
    public void A_price_of_nothing_is_never_counted_with() =>
        Should.Throw<ArgumentOutOfRangeException>(() => ReferenceAmount.Of(1, 0));

    [Theory]
    [InlineData(100_000_000_000, "10,000.00 USD")]
    [InlineData(99_999, "0.00 USD")]
    [InlineData(-1, "0.00 USD")]
    [InlineData(long.MaxValue, "922,337,203,685.47 USD")]
    public void People_are_shown_whole_cents_and_never_more_than_there_is(long units, string text) =>
        ReferenceAmount.Text(units).ShouldBe(text);
}

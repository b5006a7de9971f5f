using StellarPay.Grains.Merchants;

namespace StellarPay.Grains.Tests.Merchants;

/// <summary>What a payment costs its merchant: basis points, a fixed part, a least and a most, and never more than came.</summary>
public sealed class MerchantFeesTests
{
    private const long Unit = 10_000_000;

    // Half a stroop is one; of less is none.
    [Theory]
    [InlineData(0, 100, 0)]
    [InlineData(49, 100, 0)]
    [InlineData(50, 100, 1)]
    [InlineData(149, 100, 1)]
    [InlineData(150, 100, 2)]
    [InlineData(4_999, 1, 0)]
    [InlineData(5_000, 1, 1)]
    [InlineData(14_999, 1, 1)]
    [InlineData(15_000, 1, 2)]
    [InlineData(1_234_567, 275, 33_951)]
    [InlineData(1_999, 0, 0)]
    [InlineData(1_999, 10_000, 1_999)]
    [InlineData(long.MaxValue, 10_000, long.MaxValue)]
    [InlineData(long.MaxValue, 30, 27_670_116_110_564_327)]
    public void A_part_of_what_counted_is_rounded_half_up(long counted, int basisPoints, long fee) =>
        MerchantFees.Of(counted, new MerchantFee { BasisPoints = basisPoints }, usdPrice: 1m).ShouldBe(fee);

    // 1 % of 10 is 0.1.
    [Theory]
    [InlineData("0.30", "1", 1_000_000 + 3_000_000)]
    [InlineData("0.30", "0.1", 1_000_000 + 30_000_000)]
    [InlineData("0.30", "2", 1_000_000 + 1_500_000)]
    [InlineData("0.30", "0.7", 1_000_000 + 4_285_715)]
    [InlineData("0.0000001", "3", 1_000_000 + 1)]
    [InlineData("0", "0.1", 1_000_000)]
    public void The_fixed_part_is_dollars_at_the_price_that_held_for_the_session_rounded_up(string dollars, string price, long fee) =>
        MerchantFees.Of(10 * Unit, new MerchantFee { BasisPoints = 100, Fixed = dollars }, Price(price)).ShouldBe(fee);

    [Theory]
    [InlineData(10, "1", 5_000_000)]
    [InlineData(10, "0.5", 10_000_000)]
    [InlineData(50, "1", 5_000_000)]
    [InlineData(51, "1", 5_100_000)]
    [InlineData(100, "0.1", 50_000_000)]
    public void It_is_no_less_than_the_least_in_dollars(long units, string price, long fee) =>
        MerchantFees.Of(units * Unit, new MerchantFee { BasisPoints = 100, Minimum = "0.50" }, Price(price)).ShouldBe(fee);

    [Fact]
    public void The_fixed_part_counts_towards_the_least() =>
        MerchantFees.Of(10 * Unit, new MerchantFee { BasisPoints = 100, Fixed = "0.30", Minimum = "0.35" }, 1m).ShouldBe(4_000_000);

    [Theory]
    [InlineData(1_000, "1", 50_000_000)]
    [InlineData(499, "1", 49_900_000)]
    [InlineData(1_000, "0.5", 100_000_000)]
    [InlineData(1_000, "0.3", 100_000_000)]
    public void It_is_no_more_than_the_most_in_dollars(long units, string price, long fee) =>
        MerchantFees.Of(units * Unit, new MerchantFee { BasisPoints = 100, Cap = "5" }, Price(price)).ShouldBe(fee);

    [Fact]
    public void The_fixed_part_is_within_the_most_and_without_one_there_is_none()
    {
        MerchantFees.Of(495 * Unit, new MerchantFee { BasisPoints = 100, Fixed = "0.30", Cap = "5" }, 1m).ShouldBe(5 * Unit);
        MerchantFees.Of(1_000_000 * Unit, new MerchantFee { BasisPoints = 100, Fixed = "0.30" }, 1m).ShouldBe((10_000 * Unit) + 3_000_000);
        MerchantFees.Of(1_000 * Unit, new MerchantFee { BasisPoints = 100, Cap = "0" }, 1m).ShouldBe(0);
    }

    // A merchant owes nothing for a sale that is smaller than its fee.
    [Theory]
    [InlineData(2_999_999, 2_999_999)]
    [InlineData(3_000_000, 3_000_000)]
    [InlineData(3_000_001, 3_000_000)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    public void It_is_never_more_than_what_counted(long counted, long fee)
    {
        MerchantFees.Of(counted, new MerchantFee { Fixed = "0.30" }, 1m).ShouldBe(fee);
        MerchantFees.Of(counted, new MerchantFee { Minimum = "0.30" }, 1m).ShouldBe(fee);
    }

    // A price so low that the dollars are more of it than there can be is no error.
    [Fact]
    public void Dollars_of_what_is_worth_next_to_nothing_take_all_that_counted_at_most() =>
        MerchantFees.Of(1_000 * Unit, new MerchantFee { BasisPoints = 100, Fixed = "999999999" }, 0.0000001m).ShouldBe(1_000 * Unit);

    [Fact]
    public void Where_no_price_is_known_the_part_alone_is_taken() =>
        MerchantFees.Of(
                1_000 * Unit, new MerchantFee { BasisPoints = 100, Fixed = "0.30", Minimum = "50", Cap = "1" }, usdPrice: null)
            .ShouldBe(10 * Unit);

    [Fact]
    public void Less_than_nothing_is_an_error() =>
        Should.Throw<ArgumentOutOfRangeException>(() => MerchantFees.Of(-1, new MerchantFee(), 1m));

    private static decimal Price(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

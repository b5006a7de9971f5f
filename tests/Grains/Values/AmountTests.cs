using StellarPay.Grains.Money;

namespace StellarPay.Grains.Tests.Values;

public sealed class AmountTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("1", 10_000_000L)]
    [InlineData("12.5", 125_000_000L)]
    [InlineData("12.50", 125_000_000L)]
    [InlineData("0.0000001", 1L)]
    [InlineData("007", 70_000_000L)]
    [InlineData("922337203685.4775807", long.MaxValue)]
    public void A_decimal_string_is_read_to_the_stroop(string text, long stroops)
    {
        Amount.TryParseStroops(text, out var read).ShouldBeTrue();
        read.ShouldBe(stroops);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-0.00000001")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1,5")]
    [InlineData("1e3")]
    [InlineData("5-")]
    [InlineData(" 5")]
    [InlineData("5 ")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1.2.3")]
    [InlineData("0.00000001")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("0x10")]
    [InlineData("٣")]
    [InlineData("922337203685.4775808")]
    [InlineData("9223372036854.7758080")]
    [InlineData("99999999999999999999999999999999999999999999")]
    public void Anything_else_is_refused(string? text)
    {
        Amount.TryParseStroops(text, out var read).ShouldBeFalse();
        read.ShouldBe(0);
    }

    [Theory]
    [InlineData(0L, "0.0000000")]
    [InlineData(1L, "0.0000001")]
    [InlineData(125_000_000L, "12.5000000")]
    [InlineData(-5L, "-0.0000005")]
    [InlineData(-125_000_000L, "-12.5000000")]
    [InlineData(long.MaxValue, "922337203685.4775807")]
    [InlineData(long.MinValue, "-922337203685.4775808")]
    public void Stroops_are_written_with_seven_places(long stroops, string text) => Amount.Format(stroops).ShouldBe(text);

    [Fact]
    public void What_is_written_is_read_back()
    {
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            var stroops = random.NextInt64(long.MaxValue) >> random.Next(63);
            Amount.TryParseStroops(Amount.Format(stroops), out var read).ShouldBeTrue();
            read.ShouldBe(stroops);
        }
    }
}

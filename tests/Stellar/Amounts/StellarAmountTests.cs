namespace StellarPay.Stellar.Tests.Amounts;

public class StellarAmountTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.0000001", 1)]
    [InlineData("12.5", 125_000_000)]
    [InlineData("12.5000000", 125_000_000)]
    [InlineData("1", 10_000_000)]
    [InlineData("0012.50", 125_000_000)]
    [InlineData("922337203685.4775807", long.MaxValue)]
    public void An_amount_is_counted_in_stroops(string text, long stroops)
    {
        StellarAmount.Parse(text).ShouldBe(stroops);
        StellarAmount.TryParse(text, out var parsed).ShouldBeTrue();
        parsed.ShouldBe(stroops);
    }

    [Theory]
    [InlineData("", StellarAmountError.Syntax)]
    [InlineData("-0.00000001", StellarAmountError.Syntax)]
    [InlineData("-1", StellarAmountError.Syntax)]
    [InlineData("+1", StellarAmountError.Syntax)]
    [InlineData("1,5", StellarAmountError.Syntax)]
    [InlineData("1e3", StellarAmountError.Syntax)]
    [InlineData("5-", StellarAmountError.Syntax)]
    [InlineData(".5", StellarAmountError.Syntax)]
    [InlineData("5.", StellarAmountError.Syntax)]
    [InlineData(".", StellarAmountError.Syntax)]
    [InlineData("1.2.3", StellarAmountError.Syntax)]
    [InlineData(" 1", StellarAmountError.Syntax)]
    [InlineData("1 ", StellarAmountError.Syntax)]
    [InlineData("1_000", StellarAmountError.Syntax)]
    [InlineData("0x10", StellarAmountError.Syntax)]
    [InlineData("NaN", StellarAmountError.Syntax)]
    [InlineData("\u0661", StellarAmountError.Syntax)]
    [InlineData("\uff11", StellarAmountError.Syntax)]
    [InlineData("0.00000001", StellarAmountError.Places)]
    [InlineData("1.00000000", StellarAmountError.Places)]
    [InlineData("9223372036854.7758080", StellarAmountError.Overflow)]
    [InlineData("922337203685.4775808", StellarAmountError.Overflow)]
    [InlineData("922337203686", StellarAmountError.Overflow)]
    [InlineData("18446744073709551616", StellarAmountError.Overflow)]
    [InlineData("99999999999999999999999999999999999999999999999999999999999", StellarAmountError.Overflow)]
    public void What_is_not_an_amount_is_refused(string text, StellarAmountError expected)
    {
        StellarAmount.TryParse(text, out var stroops, out var error).ShouldBeFalse();
        stroops.ShouldBe(0);
        error.ShouldBe(expected);
    }

    [Fact]
    public void A_text_of_any_length_costs_nothing()
    {
        StellarAmount.TryParse(new string('0', 1_000_000), out _, out var error).ShouldBeFalse();
        error.ShouldBe(StellarAmountError.Syntax);
    }

    [Theory]
    [InlineData("0", "0.0000000")]
    [InlineData("12.5", "12.5000000")]
    [InlineData("-0.0000001", "-0.0000001")]
    [InlineData("922337203685.4775808", "922337203685.4775808")]
    [InlineData("17014118346046923173168730371588.4105727", "17014118346046923173168730371588.4105727")]
    [InlineData("-17014118346046923173168730371588.4105728", "-17014118346046923173168730371588.4105728")]
    public void What_contracts_count_is_read_in_128_bits(string text, string written)
    {
        StellarAmount.TryParseWide(text, out var stroops).ShouldBeTrue();
        StellarAmount.FormatWide(stroops).ShouldBe(written);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("--1")]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData("1.")]
    [InlineData("1.00000000")]
    [InlineData("17014118346046923173168730371588.4105728")]
    [InlineData("-17014118346046923173168730371588.4105729")]
    [InlineData("99999999999999999999999999999999999999999999999999999999999")]
    public void What_is_no_amount_of_128_bits_is_refused(string text)
    {
        StellarAmount.TryParseWide(text, out var stroops).ShouldBeFalse();
        stroops.ShouldBe(0);
    }

    [Fact]
    public void The_errors_are_sentences()
    {
        Should.Throw<FormatException>(() => StellarAmount.Parse("1,5"))
            .Message.ShouldBe("An amount is digits with at most one dot, such as 12.5.");
        Should.Throw<FormatException>(() => StellarAmount.Parse("0.00000001"))
            .Message.ShouldBe("An amount has at most 7 decimal places.");
        Should.Throw<OverflowException>(() => StellarAmount.Parse("922337203685.4775808"))
            .Message.ShouldBe("An amount is at most 922337203685.4775807.");
    }

    [Theory]
    [InlineData(0, "0.0000000")]
    [InlineData(1, "0.0000001")]
    [InlineData(125_000_000, "12.5000000")]
    [InlineData(long.MaxValue, "922337203685.4775807")]
    [InlineData(-1, "-0.0000001")]
    [InlineData(long.MinValue, "-922337203685.4775808")]
    public void Stroops_are_written_with_seven_places(long stroops, string text) =>
        StellarAmount.Format(stroops).ShouldBe(text);
}

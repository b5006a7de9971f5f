using StellarPay.Grains.Money;

namespace StellarPay.Grains.Tests.Values;

public sealed class ExchangeRateTests
{
    [Theory]
    [InlineData(50, 50, "1")]
    [InlineData(125, 500, "0.25")]
    [InlineData(10, 3, "3.3333333")]
    [InlineData(20, 3, "6.6666667")]
    [InlineData(1, 3, "0.3333333")]
    [InlineData(1, 300, "0.003333333")]
    [InlineData(123_456_789, 10_000_000_000_000, "0.00001234568")]
    [InlineData(1, long.MaxValue, "0.0000000000000000001084202")]
    [InlineData(long.MaxValue, 1, "9223372036854775807")]
    [InlineData(0, 1, "0")]
    public void A_rate_has_seven_places_or_below_one_seven_digits(long received, long sent, string rate) =>
        ExchangeRate.Format(received, sent).ShouldBe(rate);

    [Fact]
    public void Nothing_sent_has_no_rate() => Should.Throw<ArgumentOutOfRangeException>(() => ExchangeRate.Format(1, 0));
}

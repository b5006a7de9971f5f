using System.Numerics;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

public sealed class ExchangeRulesTests
{
    [Theory]
    [InlineData(3, 2, 101, 100, 66, 99)]
    [InlineData(2, 3, 101, 100, 99, 66)]
    [InlineData(1, 1, 50, 100, 50, 50)]
    public void The_smaller_side_is_exchanged_and_rounding_favours_whoever_stays(
        int n, int d, long maxWheatSend, long maxSheepSend, long wheat, long sheep)
    {
        var result = ExchangeRules.Exchange(
            new Price(n, d), maxWheatSend, 100, maxSheepSend, long.MaxValue, ExchangeRounding.Normal);

        (result.WheatReceived, result.SheepSent).ShouldBe((wheat, sheep));
    }

    [Fact]
    public void A_trade_that_would_cheat_either_side_by_more_than_one_percent_does_not_happen()
    {
        // At 3/2 a single sheep buys no whole wheat, and two buy one at a third above the price.
        var result = ExchangeRules.Exchange(
            new Price(3, 2), 1000, 1, long.MaxValue, long.MaxValue, ExchangeRounding.Normal);

        (result.WheatReceived, result.SheepSent).ShouldBe((0, 0));
    }

    [Fact]
    public void Every_exchange_stays_within_its_bounds_and_one_percent_of_the_price()
    {
        var random = new Random(19);
        for (var i = 0; i < 20_000; i++)
        {
            var price = new Price(NextPart(random), NextPart(random));
            var (wheatSend, wheatReceive) = (NextAmount(random), NextAmount(random));
            var (sheepSend, sheepReceive) = (NextAmount(random), NextAmount(random));

            var (wheat, sheep, wheatStays) = ExchangeRules.Exchange(
                price, wheatSend, wheatReceive, sheepSend, sheepReceive, ExchangeRounding.Normal);

            wheat.ShouldBeInRange(0, Math.Min(wheatSend, wheatReceive));
            sheep.ShouldBeInRange(0, Math.Min(sheepSend, sheepReceive));
            var (left, right) = ((BigInteger)wheat * price.N, (BigInteger)sheep * price.D);
            (BigInteger.Abs(left - right) * 100).ShouldBeLessThanOrEqualTo(left, $"{price}");
            (wheatStays ? right >= left : right <= left).ShouldBeTrue("the side that stays is favoured");
        }
    }

    [Fact]
    public void An_offer_adjusted_once_is_not_adjusted_again()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var price = new Price(NextPart(random), NextPart(random));
            var receive = NextAmount(random);
            var once = ExchangeRules.AdjustOffer(price, NextAmount(random), receive);

            ExchangeRules.AdjustOffer(price, once, receive).ShouldBe(once, $"{price}");
        }
    }

    private static int NextPart(Random random) => (int)random.NextInt64(1, 1L << random.Next(1, 31));

    private static long NextAmount(Random random) => random.NextInt64(1, 1L << random.Next(1, 63));
}

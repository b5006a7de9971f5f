using StellarPay.Grains.Sessions;

namespace StellarPay.Grains.Tests.Sessions;

/// <summary>How many decimals a currency's minor unit has: by it an amount is a hundred times too much, or a tenth.</summary>
public sealed class CurrenciesTests
{
    [Theory]
    [InlineData("JPY", 0, 10_000_000)]
    [InlineData("ISK", 0, 10_000_000)]
    [InlineData("KRW", 0, 10_000_000)]
    [InlineData("INR", 2, 100_000)]
    [InlineData("USD", 2, 100_000)]
    [InlineData("EUR", 2, 100_000)]
    [InlineData("KWD", 3, 10_000)]
    [InlineData("BHD", 3, 10_000)]
    [InlineData("TND", 3, 10_000)]
    [InlineData("CLF", 4, 1_000)]
    public void A_minor_unit_has_the_decimals_of_ISO_4217(string currency, int decimals, long unit)
    {
        Currencies.DecimalsOf(currency).ShouldBe(decimals);
        Currencies.UnitOf(currency).ShouldBe(unit);
    }

    // ISO 4217, list one: what has no decimals, three and four. All others have two.
    [Fact]
    public void No_currency_that_has_not_two_is_left_out()
    {
        var others = new Dictionary<int, string>
        {
            [0] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF", [3] = "BHD IQD JOD KWD LYD OMR TND", [4] = "CLF UYW",
        }.SelectMany(each => each.Value.Split(' ').Select(code => (Code: code, Decimals: each.Key)))
            .ToDictionary(each => each.Code, each => each.Decimals);

        foreach (var code in from a in Letters from b in Letters from c in Letters select $"{a}{b}{c}")
        {
            Currencies.DecimalsOf(code).ShouldBe(others.GetValueOrDefault(code, 2), code);
        }
    }

    [Theory]
    [InlineData("INR", true)]
    [InlineData("inr", false)]
    [InlineData("IN", false)]
    [InlineData("USDC", false)]
    [InlineData("I R", false)]
    [InlineData("ÄBC", false)]
    [InlineData("", false)]
    public void A_code_is_three_capital_letters(string text, bool isCode) => Currencies.IsCode(text).ShouldBe(isCode);

    private static IEnumerable<char> Letters => Enumerable.Range('A', 26).Select(letter => (char)letter);
}

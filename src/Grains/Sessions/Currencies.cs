namespace StellarPay.Grains.Sessions;

/// <summary>How many decimals currencies have (ISO 4217): an amount in a currency's minor unit is a whole number of them.</summary>
public static class Currencies
{
    private const int Usual = 2;
    private const int Places = 7;

    private static readonly Dictionary<string, int> Others = new(StringComparer.Ordinal)
    {
        ["BIF"] = 0, ["CLP"] = 0, ["DJF"] = 0, ["GNF"] = 0, ["ISK"] = 0, ["JPY"] = 0, ["KMF"] = 0, ["KRW"] = 0, ["PYG"] = 0,
        ["RWF"] = 0, ["UGX"] = 0, ["UYI"] = 0, ["VND"] = 0, ["VUV"] = 0, ["XAF"] = 0, ["XOF"] = 0, ["XPF"] = 0,
        ["BHD"] = 3, ["IQD"] = 3, ["JOD"] = 3, ["KWD"] = 3, ["LYD"] = 3, ["OMR"] = 3, ["TND"] = 3,
        ["CLF"] = 4, ["UYW"] = 4,
    };

    /// <summary>Whether a text is an ISO 4217 code and no asset in canonical form. Whether it has a rate is another question.</summary>
    public static bool IsCode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 3 && text.All(char.IsAsciiLetterUpper);
    }

    /// <summary>Decimals of a currency's minor unit.</summary>
    public static int DecimalsOf(string currency) => Others.GetValueOrDefault(currency, Usual);

    /// <summary>Ten-millionths of a unit in one minor unit of a currency.</summary>
    public static long UnitOf(string currency)
    {
        var unit = 1L;
        for (var place = DecimalsOf(currency); place < Places; place++)
        {
            unit *= 10;
        }

        return unit;
    }
}

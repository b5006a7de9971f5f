using System.Globalization;

namespace StellarPay.Grains.Money;

/// <summary>How much of one asset arrives for one of another that is sent.</summary>
public static class ExchangeRate
{
    private const int Places = 7;
    private const int MaxPlaces = 28;

    /// <summary>
    /// The rate as a decimal string without trailing zeros: seven decimal places, or below one seven significant digits,
    /// rounded half to even.
    /// </summary>
    /// <param name="receivedStroops">What arrives.</param>
    /// <param name="sentStroops">What is sent for it: more than zero.</param>
    public static string Format(long receivedStroops, long sentStroops)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(receivedStroops);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sentStroops);
        var rate = (decimal)receivedStroops / sentStroops;
        var places = Places;
        for (var shown = rate; shown is > 0 and < 0.1m && places < MaxPlaces; shown *= 10)
        {
            places++;
        }

        return decimal.Round(rate, places).ToString("0.############################", CultureInfo.InvariantCulture);
    }
}

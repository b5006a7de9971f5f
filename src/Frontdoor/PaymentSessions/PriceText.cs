using StellarPay.Grains.Money;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>Prices in ten-millionths of a unit, as they are written.</summary>
internal static class PriceText
{
    /// <summary>An amount as a decimal string, with the currency's places; of an asset as many as it needs.</summary>
    public static string Of(long amount, string currency)
    {
        var text = Amount.Format(amount);
        if (!Currencies.IsCode(currency))
        {
            return text.TrimEnd('0').TrimEnd('.');
        }

        var places = Currencies.DecimalsOf(currency);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return places == 0 ? text[..point] : text[..(point + 1 + places)];
    }

    /// <summary>The currency as people write it.</summary>
    public static string CodeOf(string currency) => Currencies.IsCode(currency) ? currency : Asset.Parse(currency).Code;

    /// <summary>The same in the currency's minor unit; null for an asset, which has none.</summary>
    public static long? MinorOf(long amount, string currency) => Currencies.IsCode(currency) ? amount / Currencies.UnitOf(currency) : null;
}

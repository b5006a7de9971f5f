using System.Globalization;
using System.Numerics;

namespace StellarPay.Grains.Rates;

/// <summary>Amounts of the reference currency: a count of ten-millionths of a US dollar.</summary>
internal static class ReferenceAmount
{
    public const string Currency = "USD";

    private const long UnitsPerCent = 100_000;

    /// <summary>
    /// What so many stroops are worth, rounded up, computed without loss; null where 64 bits cannot hold it. A stroop
    /// and a unit are both ten-millionths, so the price alone stands between them.
    /// </summary>
    public static long? Of(long stroops, decimal price)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stroops);
        var (mantissa, divisor) = ExactQuotient.Parts(price);
        var units = ExactQuotient.Up(mantissa * stroops, divisor);
        return units <= long.MaxValue ? (long)units : null;
    }

    /// <summary>The least number of stroops that is worth so many units; null where 64 bits cannot hold it.</summary>
    public static long? StroopsFor(long units, decimal price)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        var (mantissa, divisor) = ExactQuotient.Parts(price);
        var stroops = ExactQuotient.Up(divisor * units, mantissa);
        return stroops <= long.MaxValue ? (long)stroops : null;
    }

    /// <summary>The most stroops that are worth no more than so many units; all that 64 bits hold where they are more.</summary>
    public static long StroopsWithin(long units, decimal price)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        var (mantissa, divisor) = ExactQuotient.Parts(price);
        return (long)BigInteger.Min(divisor * units / mantissa, long.MaxValue);
    }

    /// <summary>For people, to the last unit, such as <c>0.01 USD</c>.</summary>
    public static string Exact(long units) =>
        string.Create(CultureInfo.InvariantCulture, $"{units / (100m * UnitsPerCent):0.00#####} {Currency}");

    /// <summary>For people: whole cents, rounded down, such as <c>10,000.00 USD</c>.</summary>
    public static string Text(long units)
    {
        var cents = Math.Max(0, units) / UnitsPerCent;
        return string.Create(CultureInfo.InvariantCulture, $"{cents / 100m:N2} {Currency}");
    }
}

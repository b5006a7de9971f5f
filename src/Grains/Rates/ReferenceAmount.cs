using System.Globalization;
using System.Numerics;

namespace StellarPay.Grains.Rates;

/// <summary>Amounts of the reference currency: a count of ten-millionths of a US dollar.</summary>
internal static class ReferenceAmount
{
    public const string Currency = "USD";

    private const long UnitsPerCent = 100_000;
    private const int ScaleShift = 16;
    private const int ScaleMask = 0xFF;

    /// <summary>
    /// What so many stroops are worth, rounded up, computed without loss; null where 64 bits cannot hold it. A stroop
    /// and a unit are both ten-millionths, so the price alone stands between them.
    /// </summary>
    public static long? Of(long stroops, decimal price)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stroops);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(price);
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(price, bits);
        var mantissa = ((BigInteger)(uint)bits[2] << 64) + ((BigInteger)(uint)bits[1] << 32) + (uint)bits[0];
        var divisor = BigInteger.Pow(10, (bits[3] >> ScaleShift) & ScaleMask);
        var product = mantissa * stroops;
        var quotient = BigInteger.DivRem(product, divisor, out var rest);
        var units = rest.IsZero ? quotient : quotient + 1;
        return units <= long.MaxValue ? (long)units : null;
    }

    /// <summary>For people: whole cents, rounded down, such as <c>10,000.00 USD</c>.</summary>
    public static string Text(long units)
    {
        var cents = Math.Max(0, units) / UnitsPerCent;
        return string.Create(CultureInfo.InvariantCulture, $"{cents / 100m:N2} {Currency}");
    }
}

using System.Numerics;

namespace StellarPay.Grains.Rates;

/// <summary>Products and quotients of decimals without loss, rounded once, at the end.</summary>
internal static class ExactQuotient
{
    private const int ScaleShift = 16;
    private const int ScaleMask = 0xFF;

    /// <summary>A decimal above zero as a fraction of two whole numbers.</summary>
    public static (BigInteger Numerator, BigInteger Denominator) Parts(decimal value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var numerator = ((BigInteger)(uint)bits[2] << 64) + ((BigInteger)(uint)bits[1] << 32) + (uint)bits[0];
        return (numerator, BigInteger.Pow(10, (bits[3] >> ScaleShift) & ScaleMask));
    }

    /// <summary>The least whole number that is not below a quotient of two numbers above zero.</summary>
    public static BigInteger Up(BigInteger dividend, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(dividend, divisor, out var rest);
        return rest.IsZero ? quotient : quotient + 1;
    }
}

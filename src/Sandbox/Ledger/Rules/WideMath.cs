namespace StellarPay.Sandbox.Ledger;

/// <summary>Products of amounts and prices, which need 128 bits.</summary>
internal static class WideMath
{
    public static UInt128 Multiply(long a, long b)
    {
        if (a < 0 || b < 0)
        {
            throw new LedgerFault("a negative factor");
        }

        return (UInt128)(ulong)a * (ulong)b;
    }

    public static long DivideDown(UInt128 value, long divisor) => Narrow(value / (ulong)divisor);

    public static long MultiplyDivideDown(long a, long b, long divisor) =>
        Narrow(Multiply(a, b) / (ulong)divisor);

    public static long MultiplyDivideUp(long a, long b, long divisor) =>
        Narrow((Multiply(a, b) + (ulong)divisor - 1) / (ulong)divisor);

    /// <summary>The quotient rounded up, or the largest amount if it does not fit.</summary>
    public static long DivideUpOrMaximum(UInt128 value, long divisor)
    {
        var d = (UInt128)(ulong)divisor;
        if (value > UInt128.MaxValue - (d - 1))
        {
            return long.MaxValue;
        }

        var quotient = (value + d - 1) / d;
        return quotient > long.MaxValue ? long.MaxValue : (long)quotient;
    }

    private static long Narrow(UInt128 value) =>
        value <= long.MaxValue ? (long)value : throw new LedgerFault("an amount does not fit into 64 bits");
}

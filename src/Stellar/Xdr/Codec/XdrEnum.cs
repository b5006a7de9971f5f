using System.Runtime.CompilerServices;

namespace StellarPay.Stellar.Xdr;

/// <summary>Which numbers are values of an enumeration: two comparisons where the values have no gap.</summary>
internal static class XdrEnum<T>
    where T : unmanaged, Enum
{
    private static readonly int First = Values().Min();
    private static readonly int Last = Values().Max();
    private static readonly bool HasGap = Values().Distinct().Count() != Last - First + 1;

    public static bool IsDefined(int value) =>
        value >= First && value <= Last && (!HasGap || Enum.IsDefined(Unsafe.BitCast<int, T>(value)));

    private static IEnumerable<int> Values() => Enum.GetValues<T>().Select(v => Unsafe.BitCast<T, int>(v));
}

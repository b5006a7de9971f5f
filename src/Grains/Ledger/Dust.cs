namespace StellarPay.Grains.Ledger;

/// <summary>
/// Credits so small that whoever sends them means something else: each counts in the balance, and of many in one drain of an inbox
/// only their sum is told. The ledger's movements have the details.
/// </summary>
internal static class Dust
{
    /// <summary>Below this many stroops of any asset a credit is dust.</summary>
    public const long LimitStroops = 1_000;

    public static bool Is(long stroops) => stroops < LimitStroops;
}

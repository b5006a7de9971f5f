namespace StellarPay.Sandbox.Ledger;

/// <summary>A fee bid over a number of operations, in stroops; compared exactly.</summary>
internal readonly record struct FeeRate(long FeeBid, int Operations) : IComparable<FeeRate>
{
    public int CompareTo(FeeRate other) =>
        WideMath.Multiply(FeeBid, other.Operations).CompareTo(WideMath.Multiply(other.FeeBid, Operations));

    /// <summary>The least fee with which this many operations beat the rate.</summary>
    public long FeeToBeat(int operations)
    {
        var equal = WideMath.Multiply(FeeBid, operations) / (ulong)Operations;
        return equal < long.MaxValue ? (long)equal + 1 : long.MaxValue;
    }

    /// <summary>The rate in whole stroops an operation, rounded up.</summary>
    public long PerOperation() => WideMath.MultiplyDivideUp(FeeBid, 1, Operations);
}

namespace StellarPay.Grains.Network;

/// <summary>
/// A place in the ledger's order: a transaction's or operation's number (SEP-35) and, within it, which of the things that
/// it did. A transaction's outcome stands at the transaction's own number, before what its operations moved.
/// </summary>
/// <param name="Token">Ledger, transaction and operation in one number (SEP-35).</param>
/// <param name="Number">From 0.</param>
[GenerateSerializer, Immutable, Alias("sp.LedgerPlace")]
public readonly record struct LedgerPlace([property: Id(0)] long Token, [property: Id(1)] int Number) : IComparable<LedgerPlace>
{
    private const int LedgerShift = 32;

    /// <summary>The ledger's sequence.</summary>
    public long Ledger() => Token >> LedgerShift;

    /// <inheritdoc />
    public int CompareTo(LedgerPlace other) =>
        Token != other.Token ? Token.CompareTo(other.Token) : Number.CompareTo(other.Number);

    /// <summary>Whether one stands before the other.</summary>
    public static bool operator <(LedgerPlace left, LedgerPlace right) => left.CompareTo(right) < 0;

    /// <summary>Whether one stands after the other.</summary>
    public static bool operator >(LedgerPlace left, LedgerPlace right) => left.CompareTo(right) > 0;

    /// <summary>Whether one stands before the other or is it.</summary>
    public static bool operator <=(LedgerPlace left, LedgerPlace right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one stands after the other or is it.</summary>
    public static bool operator >=(LedgerPlace left, LedgerPlace right) => left.CompareTo(right) >= 0;
}

using StellarPay.Stellar;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// An entry of the ledger. Entries are immutable once they are in the state: a change puts a new one in place, so
/// that the journal's images of before and after cost nothing and cannot be changed under a reader.
/// </summary>
internal abstract record LedgerObject
{
    /// <summary>The ledger that changed this entry last; the state sets it.</summary>
    public uint LastModified { get; set; }

    /// <summary>Who holds the reserve of this entry for its owner.</summary>
    public AccountId? Sponsor { get; init; }

    /// <summary>True once the entry has had a sponsor: its XDR keeps the extension from then on.</summary>
    public bool WasEverSponsored { get; init; }

    public abstract bool HasKeyOf(LedgerObject other);

    public abstract int KeyHash();

}

/// <summary>Compares entries by their ledger key.</summary>
internal sealed class LedgerKeyComparer : IEqualityComparer<LedgerObject>
{
    public static readonly LedgerKeyComparer Instance = new();

    public bool Equals(LedgerObject? x, LedgerObject? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && x.HasKeyOf(y));

    public int GetHashCode(LedgerObject obj) => obj.KeyHash();
}

using StellarPay.Grains.Money;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Books;

/// <summary>What came of holding an account's books against the chain.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Owner">Whose it is in the journal.</param>
/// <param name="Ledger">As of which ledger.</param>
/// <param name="Differences">The assets of which the chain says something else; none where all is well, or it could not be told.</param>
/// <param name="Unclear">Why it could not be told, or not of all; null where it could.</param>
public sealed record AccountComparison(
    string Address, string Owner, long Ledger, IReadOnlyList<BookDifference> Differences, string? Unclear = null)
{
    /// <summary>The chain has moved on since the books were read: the next look may tell.</summary>
    public const string Moved = "the ledger has moved on";

    /// <summary>What was booked is not posted yet.</summary>
    public const string Behind = "something is not posted yet";

    /// <summary>Something waits that cannot be read.</summary>
    public const string Unread = "something that concerns it cannot be read; an operator must see to it";

    /// <summary>
    /// Compares. What the chain shows was read after the books: what no later ledger has changed since stands as it was at theirs. An
    /// account that is not there has nothing.
    /// </summary>
    public static AccountComparison Of(BookedAccount booked, long ledger, NetworkAccount? account)
    {
        if (booked.IsBehind || booked.IsUnclear)
        {
            return new AccountComparison(booked.Address, booked.Owner, ledger, [], booked.IsBehind ? Behind : Unread);
        }

        var expected = booked.Expected();
        var chain = new Dictionary<string, (long Stroops, long Changed)>(StringComparer.Ordinal)
        {
            [Asset.Native.Canonical] = (account?.NativeStroops ?? 0, account?.LastModifiedLedger ?? 0),
        };
        foreach (var line in account?.Trustlines ?? [])
        {
            chain[line.Asset] = (line.Balance, line.LastModifiedLedger);
        }

        var differences = new List<BookDifference>();
        var moved = false;
        foreach (var asset in chain.Keys.Union(expected.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (stroops, changed) = chain.GetValueOrDefault(asset);
            moved |= changed > ledger;
            if (changed <= ledger && stroops != expected.GetValueOrDefault(asset))
            {
                differences.Add(new BookDifference(asset, stroops, expected.GetValueOrDefault(asset)));
            }
        }

        return new AccountComparison(booked.Address, booked.Owner, ledger, differences, moved ? Moved : null);
    }
}

/// <summary>An asset of which the chain says something else than the books, in stroops.</summary>
/// <param name="Asset">The asset in canonical form.</param>
/// <param name="Chain">What the chain says.</param>
/// <param name="Booked">What is booked, not drained and parked.</param>
public sealed record BookDifference(string Asset, long Chain, long Booked);

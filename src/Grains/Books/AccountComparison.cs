using StellarPay.Grains.Money;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Books;

/// <summary>What came of holding an account's books against the chain.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Owner">Whose it is in the journal.</param>
/// <param name="Ledger">As of which ledger.</param>
/// <param name="Differences">The assets of which the chain says something else; none where all is well, or it could not be told.</param>
/// <param name="Left">The assets of which it could not be told; null: of none could it.</param>
/// <param name="Unclear">Why it could not be told, or not of all; null where it could.</param>
public sealed record AccountComparison(
    string Address, string Owner, long Ledger, IReadOnlyList<BookDifference> Differences, IReadOnlyList<string>? Left,
    string? Unclear = null)
{
    /// <summary>The chain has moved on since the books were read: the next look may tell.</summary>
    public const string Moved = "the ledger has moved on";

    /// <summary>What was booked is not posted yet.</summary>
    public const string Behind = "something is not posted yet";

    /// <summary>What answers for the chain has not seen yet what was read for the books.</summary>
    public const string Late = "the network's answers are older than the books";

    /// <summary>Something waits that cannot be read.</summary>
    public const string Unread = "something that concerns it cannot be read; an operator must see to it";

    /// <summary>It could not be told of any asset.</summary>
    public static AccountComparison Unknown(BookedAccount booked, long ledger, string unclear) =>
        new(booked.Address, booked.Owner, ledger, [], Left: null, unclear);

    /// <summary>
    /// Compares. What the chain shows was read after the books: what no later ledger has changed stands as it was at theirs. An
    /// account or a trustline that is not there has nothing, and what is not there does not say since when.
    /// </summary>
    /// <param name="booked">What the books say.</param>
    /// <param name="ledger">As of which ledger.</param>
    /// <param name="account">What the chain shows; null where there is no such account.</param>
    /// <param name="absentBy">By which ledger it was seen at the latest that something of an asset is not there.</param>
    public static AccountComparison Of(BookedAccount booked, long ledger, NetworkAccount? account, Func<string, long> absentBy)
    {
        if (booked.IsBehind || booked.IsUnclear)
        {
            return Unknown(booked, ledger, booked.IsBehind ? Behind : Unread);
        }

        var expected = booked.Expected();
        var chain = ChainOf(account);
        var differences = new List<BookDifference>();
        var left = new List<string>();
        foreach (var asset in chain.Keys.Union(expected.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var isThere = chain.TryGetValue(asset, out var one);
            var differs = one.Stroops != expected.GetValueOrDefault(asset);
            // Nothing of nothing is right whenever it went.
            if (isThere ? one.Changed > ledger : differs && absentBy(asset) > ledger)
            {
                left.Add(asset);
            }
            else if (differs)
            {
                differences.Add(new BookDifference(asset, one.Stroops, expected.GetValueOrDefault(asset)));
            }
        }

        return new AccountComparison(booked.Address, booked.Owner, ledger, differences, left, left.Count > 0 ? Moved : null);
    }

    /// <summary>What the chain shows of an account: how much, and the last ledger that changed it.</summary>
    internal static Dictionary<string, (long Stroops, long Changed)> ChainOf(NetworkAccount? account)
    {
        var chain = new Dictionary<string, (long Stroops, long Changed)>(StringComparer.Ordinal);
        if (account is not null)
        {
            chain[Asset.Native.Canonical] = (account.NativeStroops, account.LastModifiedLedger);
        }

        foreach (var line in account?.Trustlines ?? [])
        {
            chain[line.Asset] = (line.Balance, line.LastModifiedLedger);
        }

        return chain;
    }
}

/// <summary>An asset of which the chain says something else than the books, in stroops.</summary>
/// <param name="Asset">The asset in canonical form.</param>
/// <param name="Chain">What the chain says.</param>
/// <param name="Booked">What is booked, not drained and parked.</param>
public sealed record BookDifference(string Asset, long Chain, long Booked);

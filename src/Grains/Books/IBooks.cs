using StellarPay.Grains.Ledger;

namespace StellarPay.Grains.Books;

/// <summary>The journal, as whoever compares it with the chain reads it (docs/books.md).</summary>
public interface IBooks
{
    /// <summary>The addresses of all accounts, in order, after one.</summary>
    Task<IReadOnlyList<string>> ListAsync(string after, int limit, CancellationToken cancellationToken);

    /// <summary>What accounts have by the books, all as of one moment.</summary>
    Task<BooksView> ReadAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellationToken);

    /// <summary>Balances at a past time, by the close of ledgers.</summary>
    /// <param name="at">The time.</param>
    /// <param name="owner">Whose; null for all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<BookBalance>> ReadBalancesAsync(DateTimeOffset at, string? owner, CancellationToken cancellationToken);

    /// <summary>What is wrong with the journal itself; nothing where all is well.</summary>
    Task<IReadOnlyList<string>> VerifyAsync(CancellationToken cancellationToken);

    /// <summary>How many entries say that they, or a part of them, could not be posted.</summary>
    Task<long> CountUnpostedAsync(CancellationToken cancellationToken);

    /// <summary>The accounts that are to be looked at next; none while another process is at it.</summary>
    Task<IReadOnlyList<string>> TakeAsync(int entries, int walk, CancellationToken cancellationToken);

    /// <summary>What was taken has been looked at; or it has not, and is to be taken again.</summary>
    Task EndAsync(bool done, CancellationToken cancellationToken);

    /// <summary>Notes what came of looking at an account; what is new of it is an event.</summary>
    /// <returns>How many differences there are in all.</returns>
    Task<long> NoteAsync(AccountComparison comparison, CancellationToken cancellationToken);
}

/// <summary>What accounts have by the books.</summary>
/// <param name="Ledger">Up to which ledger; 0 before the first.</param>
/// <param name="Accounts">Each of them that is ours.</param>
public sealed record BooksView(long Ledger, IReadOnlyList<BookedAccount> Accounts);

/// <summary>An account by the books.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Owner">Whose it is in the journal.</param>
/// <param name="Posted">What is posted, in stroops by asset.</param>
/// <param name="Waiting">What its owner has not taken in, or could not.</param>
/// <param name="IsBehind">Whether it has booked something that is not posted yet.</param>
public sealed record BookedAccount(
    string Address, string Owner, IReadOnlyDictionary<string, long> Posted, IReadOnlyList<LedgerEntry> Waiting, bool IsBehind)
{
    /// <summary>Whether something waits of which nobody knows what it moved.</summary>
    public bool IsUnclear => Waiting.Any(entry => entry.Unread is not null);

    /// <summary>What the ledger should say: what is posted, and what waits.</summary>
    public IReadOnlyDictionary<string, long> Expected()
    {
        var sums = new Dictionary<string, long>(Posted, StringComparer.Ordinal);
        foreach (var effect in Waiting.SelectMany(entry => entry.Effects()).Where(effect => effect.Address == Address))
        {
            var asset = effect.Amount.Asset.Canonical;
            sums[asset] = checked(sums.GetValueOrDefault(asset) + effect.Change);
        }

        return sums;
    }
}

/// <summary>A balance of the journal; positive where it is credited.</summary>
public sealed record BookBalance(string Owner, string Account, string Asset, long Stroops);

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

    /// <summary>The accounts that are to be looked at next; null while another process is at it.</summary>
    Task<BooksTurn?> TakeAsync(BooksQuota quota, CancellationToken cancellationToken);

    /// <summary>Whoever has the turn is still at it. False where he has it no more.</summary>
    Task<bool> RenewAsync(Guid token, CancellationToken cancellationToken);

    /// <summary>The turn is over.</summary>
    /// <param name="token">The turn's.</param>
    /// <param name="walkedTo">The last of the walk that was looked at; null: none, and the same are taken again.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task EndAsync(Guid token, string? walkedTo, CancellationToken cancellationToken);

    /// <summary>
    /// Notes what came of looking at an account; what is new of it is an event. What could not be told is looked at again, later.
    /// </summary>
    /// <returns>How many differences there are in all; null where the turn is another's by now, and then nothing is noted.</returns>
    Task<long?> NoteAsync(Guid token, AccountComparison comparison, CancellationToken cancellationToken);

    /// <summary>These accounts are not ours any more.</summary>
    Task ForgetAsync(Guid token, IReadOnlyCollection<string> addresses, CancellationToken cancellationToken);
}

/// <summary>How much is taken at once.</summary>
/// <param name="Entries">Of how many entries of the journal it is written down whom they touch.</param>
/// <param name="Accounts">Accounts that wait.</param>
/// <param name="Walk">The least of the walk over all.</param>
/// <param name="Seconds">How often it is taken: the walk takes a day, however many accounts there are.</param>
public sealed record BooksQuota(int Entries, int Accounts, int Walk, int Seconds);

/// <summary>What one process is to look at.</summary>
/// <param name="Token">By which it is known.</param>
/// <param name="Accounts">Accounts that wait, whose turn it is.</param>
/// <param name="Walk">The next of the walk over all, in their order.</param>
public sealed record BooksTurn(Guid Token, IReadOnlyList<string> Accounts, IReadOnlyList<string> Walk);

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

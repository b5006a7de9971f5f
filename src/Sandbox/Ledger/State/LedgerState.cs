using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// All entries of the ledger with the indexes that the rules need, and a journal of the changes. One writer at a time;
/// whoever reads while ledgers close takes the network's lock.
/// </summary>
internal sealed class LedgerState
{
    private readonly Dictionary<AccountId, Account> _accounts = [];
    private readonly Dictionary<TrustLineKey, TrustLine> _trustLines = [];
    private readonly Dictionary<long, Offer> _offers = [];
    private readonly Dictionary<NamedDataKey, NamedData> _data = [];
    private readonly Dictionary<Hash, ClaimableBalance> _balances = [];
    private readonly OrderBook _book = new();
    private readonly SubEntryIndex _index = new();
    private readonly Journal _journal = new();

    public LedgerState(HeaderState header) => Header = header;

    public HeaderState Header { get; set; }

    public IReadOnlyCollection<Account> Accounts => _accounts.Values;

    public IReadOnlyCollection<TrustLine> TrustLines => _trustLines.Values;

    public IReadOnlyCollection<Offer> Offers => _offers.Values;

    public IReadOnlyCollection<NamedData> Data => _data.Values;

    public IReadOnlyCollection<ClaimableBalance> ClaimableBalances => _balances.Values;

    public OrderBook OrderBook => _book;

    public Account? Account(AccountId id) => _accounts.GetValueOrDefault(id);

    public TrustLine? TrustLine(AccountId account, Asset asset) =>
        _trustLines.GetValueOrDefault(new TrustLineKey(account, asset));

    public Offer? Offer(long id) => _offers.GetValueOrDefault(id);

    public NamedData? DataOf(AccountId account, XdrString name) =>
        _data.GetValueOrDefault(new NamedDataKey(account, name));

    public ClaimableBalance? ClaimableBalance(Hash id) => _balances.GetValueOrDefault(id);

    public IEnumerable<TrustLine> TrustLinesOf(AccountId account) =>
        _index.TrustLines(account).Select(asset => _trustLines[new TrustLineKey(account, asset)]);

    public IEnumerable<Offer> OffersOf(AccountId account) =>
        _index.Offers(account).Select(id => _offers[id]);

    public IEnumerable<NamedData> DataEntriesOf(AccountId account) =>
        _index.Data(account).Select(name => _data[new NamedDataKey(account, name)]);

    /// <summary>An account that the rules know to exist.</summary>
    public Account ExistingAccount(AccountId id) =>
        Account(id) ?? throw new LedgerFault($"account {id} does not exist");

    /// <summary>Creates or replaces an entry.</summary>
    public void Put(LedgerObject entry)
    {
        var before = Find(entry);
        if (ReferenceEquals(before, entry))
        {
            return;
        }

        entry.LastModified = Header.Sequence;
        Exchange(before, entry);
        _journal.Add(before, entry);
    }

    public void Erase(LedgerObject entry)
    {
        var before = Find(entry) ?? throw new LedgerFault("an entry that does not exist cannot be erased");
        Exchange(before, null);
        _journal.Add(before, null);
    }

    public JournalMark Mark() => new(_journal.Position, Header);

    public void RollBackTo(JournalMark mark)
    {
        while (_journal.Position > mark.Position)
        {
            var change = _journal.Pop();
            Exchange(change.After, change.Before);
        }

        Header = mark.Header;
    }

    public IReadOnlyList<EntryChange> ChangesSince(JournalMark mark) => _journal.Since(mark.Position);

    /// <summary>Makes all changes final.</summary>
    public void ForgetJournal() => _journal.Clear();

    /// <summary>Puts back an entry that a snapshot kept, as it was.</summary>
    public void Restore(LedgerObject entry) => Exchange(null, entry);

    private LedgerObject? Find(LedgerObject entry) => entry switch
    {
        Account account => Account(account.Id),
        TrustLine line => TrustLine(line.Account, line.Asset),
        Offer offer => Offer(offer.Id),
        NamedData data => DataOf(data.Account, data.Name),
        ClaimableBalance balance => ClaimableBalance(balance.Id),
        _ => throw new LedgerFault("unknown kind of entry"),
    };

    private void Exchange(LedgerObject? from, LedgerObject? to)
    {
        switch (to ?? from)
        {
            case Account account:
                Set(_accounts, account.Id, (Account?)to);
                break;
            case TrustLine line:
                Set(_trustLines, line.Key, (TrustLine?)to);
                break;
            case Offer offer:
                Set(_offers, offer.Id, (Offer?)to);
                ExchangeInBook((Offer?)from, (Offer?)to);
                break;
            case NamedData data:
                Set(_data, data.Key, (NamedData?)to);
                break;
            case ClaimableBalance balance:
                Set(_balances, balance.Id, (ClaimableBalance?)to);
                break;
        }

        if (from is null && to is not null)
        {
            _index.Add(to);
        }
        else if (to is null && from is not null)
        {
            _index.Remove(from);
        }
    }

    private void ExchangeInBook(Offer? from, Offer? to)
    {
        if (from is not null)
        {
            _book.Remove(from);
        }

        if (to is not null)
        {
            _book.Add(to);
        }
    }

    private static void Set<TKey, TEntry>(Dictionary<TKey, TEntry> table, TKey key, TEntry? entry)
        where TKey : notnull
        where TEntry : LedgerObject
    {
        if (entry is null)
        {
            table.Remove(key);
        }
        else
        {
            table[key] = entry;
        }
    }
}

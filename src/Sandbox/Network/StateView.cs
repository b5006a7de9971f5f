using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Network;

/// <summary>The entries of the ledger, now or some ledgers ago. Only for use under the network's lock.</summary>
internal sealed class StateView(LedgerState state, RecentChanges recent, uint asOf)
{
    private readonly bool _isPresent = asOf >= state.Header.Sequence;

    public HeaderState Header => state.Header;

    public IEnumerable<Account> Accounts => Of(state.Accounts, static _ => true);

    public IEnumerable<TrustLine> TrustLines => Of(state.TrustLines, static _ => true);

    public IEnumerable<Offer> Offers => Of(state.Offers, static _ => true);

    public IEnumerable<ClaimableBalance> ClaimableBalances => Of(state.ClaimableBalances, static _ => true);

    public Account? Account(AccountId id) => One(state.Account(id), account => account.Id == id);

    public TrustLine? TrustLine(AccountId account, Asset asset) =>
        One(state.TrustLine(account, asset), line => line.Account == account && line.Asset == asset);

    public Offer? Offer(long id) => One(state.Offer(id), offer => offer.Id == id);

    public ClaimableBalance? ClaimableBalance(Hash id) => One(state.ClaimableBalance(id), balance => balance.Id == id);

    public IEnumerable<TrustLine> TrustLinesOf(AccountId account) =>
        Of(state.TrustLinesOf(account), line => line.Account == account);

    public IEnumerable<NamedData> DataOf(AccountId account) =>
        Of(state.DataEntriesOf(account), data => data.Account == account);

    public IEnumerable<Offer> OffersOf(AccountId account) =>
        Of(state.OffersOf(account), offer => offer.Seller == account);

    /// <summary>Best first.</summary>
    public IEnumerable<Offer> Book(Asset selling, Asset buying) => state.OrderBook.Offers(selling, buying);

    public OrderBook OrderBook => state.OrderBook;

    private T? One<T>(T? present, Func<T, bool> isAbout)
        where T : LedgerObject =>
        _isPresent ? present : Of(present is null ? [] : [present], isAbout).FirstOrDefault();

    private IEnumerable<T> Of<T>(IEnumerable<T> present, Func<T, bool> isAbout)
        where T : LedgerObject =>
        _isPresent ? present : recent.Undo(present, asOf, entry => entry is T of && isAbout(of)).OfType<T>();
}

using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.History;

/// <summary>
/// What the closed ledgers hold, indexed as Horizon lists it. Ledgers are added by the one who closes them; pages may be
/// taken by anyone at the same time, as both hold the lock for a moment only.
/// </summary>
internal sealed class HistoryIndex
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Hash, HistoryTransaction> _byHash = [];
    private readonly Timeline<HistoryLedger> _ledgers = new(ledger => new Position(ledger.Id));
    private readonly Dictionary<AccountId, AccountHistory> _accounts = [];
    private readonly Dictionary<Hash, BalanceHistory> _balances = [];
    private readonly Dictionary<long, Timeline<HistoryTrade>> _offers = [];
    private readonly AccountHistory _everything = new();
    private HistoryLedger? _latest;

    public HistoryLedger Latest => _latest ?? throw new InvalidOperationException("No ledger has closed yet.");

    public HistoryLedger? LatestOrNone => _latest;

    public void Add(HistoryLedger ledger)
    {
        lock (_lock)
        {
            _ledgers.Add(ledger);
            foreach (var transaction in ledger.Transactions)
            {
                Add(transaction);
            }

            _latest = ledger;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _byHash.Clear();
            _ledgers.Clear();
            _accounts.Clear();
            _balances.Clear();
            _offers.Clear();
            _everything.Clear();
            _latest = null;
        }
    }

    /// <summary>By its own hash, or by that of the transaction which a fee-bump wraps.</summary>
    public HistoryTransaction? Transaction(Hash hash)
    {
        lock (_lock)
        {
            return _byHash.GetValueOrDefault(hash);
        }
    }

    public HistoryLedger? Ledger(uint sequence)
    {
        lock (_lock)
        {
            return _ledgers.Find(new Position(Toid.Of(sequence)));
        }
    }

    public HistoryOperation? Operation(long id)
    {
        lock (_lock)
        {
            return _everything.Operations.Find(new Position(id));
        }
    }

    public List<HistoryLedger> Ledgers(PageSlice slice, int limit) => Take(() => _ledgers.Page(slice, limit));

    public List<HistoryTransaction> Transactions(HistoryScope scope, PageSlice slice, int limit, bool withFailed) =>
        Take(() => (scope.Balance is { } balance
                ? _balances.GetValueOrDefault(balance)?.Transactions
                : Of(scope)?.Transactions)?
            .Page(slice, limit, withFailed ? null : transaction => transaction.Successful) ?? []);

    public List<HistoryOperation> Operations(
        HistoryScope scope, PageSlice slice, int limit, bool withFailed, bool onlyPayments) =>
        Take(() =>
        {
            var timeline = scope.Balance is { } balance ? _balances.GetValueOrDefault(balance)?.Operations
                : onlyPayments ? Of(scope)?.Payments
                : Of(scope)?.Operations;
            return timeline?.Page(
                slice, limit, withFailed ? null : operation => operation.Transaction.Successful) ?? [];
        });

    public List<HistoryEffect> Effects(HistoryScope scope, PageSlice slice, int limit) =>
        Take(() => Of(scope)?.Effects.Page(slice, limit) ?? []);

    public List<HistoryTrade> Trades(
        HistoryScope scope, PageSlice slice, int limit, Func<HistoryTrade, bool>? filter) =>
        Take(() => (scope.Offer is { } offer ? _offers.GetValueOrDefault(offer) : Of(scope)?.Trades)?
            .Page(slice, limit, filter) ?? []);

    private List<T> Take<T>(Func<List<T>> take)
    {
        lock (_lock)
        {
            return take();
        }
    }

    private AccountHistory? Of(HistoryScope scope) =>
        scope.Account is { } account ? _accounts.GetValueOrDefault(account) : _everything;

    private void Add(HistoryTransaction transaction)
    {
        _byHash[transaction.Hash] = transaction;
        if (transaction.InnerHash is { } inner)
        {
            _byHash[inner] = transaction;
        }

        _everything.Transactions.Add(transaction);
        foreach (var account in transaction.Participants)
        {
            Of(account).Transactions.Add(transaction);
        }

        foreach (var operation in transaction.Operations)
        {
            Add(operation);
        }
    }

    private void Add(HistoryOperation operation)
    {
        _everything.Add(operation);
        foreach (var account in operation.Participants)
        {
            Of(account).Add(operation);
        }

        foreach (var balance in operation.Balances)
        {
            if (!_balances.TryGetValue(balance, out var history))
            {
                history = new BalanceHistory();
                _balances.Add(balance, history);
            }

            history.Add(operation);
        }

        foreach (var effect in operation.Effects)
        {
            _everything.Effects.Add(effect);
            Of(effect.Account.AccountId).Effects.Add(effect);
        }

        foreach (var trade in operation.Trades)
        {
            Add(trade);
        }
    }

    private void Add(HistoryTrade trade)
    {
        _everything.Trades.Add(trade);
        Of(trade.Seller).Trades.Add(trade);
        if (trade.Buyer != trade.Seller)
        {
            Of(trade.Buyer).Trades.Add(trade);
        }

        OfOffer(trade.OfferId).Add(trade);
        if (trade.BuyerOfferId is { } own && own != trade.OfferId)
        {
            OfOffer(own).Add(trade);
        }
    }

    private AccountHistory Of(AccountId account)
    {
        if (!_accounts.TryGetValue(account, out var history))
        {
            history = new AccountHistory();
            _accounts.Add(account, history);
        }

        return history;
    }

    private Timeline<HistoryTrade> OfOffer(long offer)
    {
        if (!_offers.TryGetValue(offer, out var trades))
        {
            trades = new Timeline<HistoryTrade>(trade => trade.Position);
            _offers.Add(offer, trades);
        }

        return trades;
    }
}

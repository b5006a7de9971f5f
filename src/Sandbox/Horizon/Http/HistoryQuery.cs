using StellarPay.Sandbox.History;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Http;

/// <summary>Which part of history a list is about: all, or that of an account, ledger, transaction, operation …</summary>
internal sealed record HistoryQuery(HistoryScope Scope, Position From, Position To)
{
    public const string LedgerMessage = "Ledger ID must be an integer higher than 0";

    private const string OperationMessage = "Operation ID must be an integer higher than 0";

    /// <summary>Null where a parameter is wrong, or what it names does not exist.</summary>
    public static HistoryQuery? Read(HorizonRequest request)
    {
        if (request.Has("account_id"))
        {
            return request.Account("account_id") is { } account ? All(new HistoryScope(Account: account)) : null;
        }

        if (request.Has("claimable_balance_id"))
        {
            return request.BalanceId("claimable_balance_id") is { } id ? All(new HistoryScope(Balance: id)) : null;
        }

        if (request.Has("ledger_id"))
        {
            return request.Number("ledger_id", LedgerMessage, uint.MaxValue) is { } ledger
                && request.Network.History.Ledger((uint)ledger) is not null
                    ? Within(Toid.Of((uint)ledger), Toid.AfterLedger((uint)ledger))
                    : null;
        }

        if (request.Has("tx_id"))
        {
            return request.TransactionHash("tx_id") is { } hash
                && request.Network.History.Transaction(Hash.FromHex(hash)) is { } transaction
                    ? Within(transaction.Id, Toid.AfterTransaction(transaction.Id))
                    : null;
        }

        if (request.Has("op_id"))
        {
            return request.Number("op_id", OperationMessage) is { } id ? Within(id, id) : null;
        }

        return All(default);
    }

    /// <summary>The slice that a page takes, up to the last ledger that the request may see.</summary>
    public PageSlice Slice(HorizonRequest request, PageRequest page)
    {
        var last = request.AsOf == uint.MaxValue ? Position.End : new Position(Toid.AfterLedger(request.AsOf), long.MaxValue);
        return new PageSlice(page.Position, page.Descending, From, To.CompareTo(last) < 0 ? To : last);
    }

    public static PageSlice SliceOfAll(HorizonRequest request, PageRequest page) => All(default).Slice(request, page);

    private static HistoryQuery All(HistoryScope scope) => new(scope, Position.Start, Position.End);

    private static HistoryQuery Within(long from, long to) =>
        new(default, new Position(from), new Position(to, long.MaxValue));
}

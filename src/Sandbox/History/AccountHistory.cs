namespace StellarPay.Sandbox.History;

/// <summary>The records that one account, or everyone, takes part in.</summary>
internal sealed class AccountHistory
{
    public Timeline<HistoryTransaction> Transactions { get; } = new(transaction => new Position(transaction.Id));

    public Timeline<HistoryOperation> Operations { get; } = new(operation => new Position(operation.Id));

    public Timeline<HistoryOperation> Payments { get; } = new(operation => new Position(operation.Id));

    public Timeline<HistoryEffect> Effects { get; } = new(effect => effect.Position);

    public Timeline<HistoryTrade> Trades { get; } = new(trade => trade.Position);

    public void Add(HistoryOperation operation)
    {
        Operations.Add(operation);
        if (operation.IsPayment)
        {
            Payments.Add(operation);
        }
    }

    public void Clear()
    {
        Transactions.Clear();
        Operations.Clear();
        Payments.Clear();
        Effects.Clear();
        Trades.Clear();
    }
}

/// <summary>The records that are about one claimable balance.</summary>
internal sealed class BalanceHistory
{
    public Timeline<HistoryTransaction> Transactions { get; } = new(transaction => new Position(transaction.Id));

    public Timeline<HistoryOperation> Operations { get; } = new(operation => new Position(operation.Id));

    public void Add(HistoryOperation operation)
    {
        Operations.Add(operation);
        if (Transactions.Last != operation.Transaction)
        {
            Transactions.Add(operation.Transaction);
        }
    }
}

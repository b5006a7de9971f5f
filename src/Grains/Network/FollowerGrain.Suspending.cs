using Microsoft.Extensions.Logging;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Platform.Treasury;

namespace StellarPay.Grains.Network;

// What the platform's own accounts receive from strangers belongs to somebody. Their addresses are shared, so whoever
// expects a deposit there by its memo or muxed id takes it out here, before it is suspended.
internal sealed partial class FollowerGrain
{
    private const string Creation = "create_account";

    private async Task SuspendAsync(IReadOnlyList<LedgerOperation> operations, CancellationToken cancellationToken)
    {
        if (operations.Count == 0)
        {
            return;
        }

        // They are few, and each is stored before it is funded. What comes to the treasury is the platform's own: XLM from
        // whoever funds it, and it trusts no other asset.
        var platform = (await services.PlatformAccounts.ListAsync(cancellationToken))
            .ToDictionary(account => account.Address, account => account.Name, StringComparer.Ordinal);
        var deposits = new List<SuspendedDeposit>();
        foreach (var operation in operations)
        {
            // An account of ours is created by whoever funds it for us.
            if (operation.Type != Creation)
            {
                Suspend(operation, platform, deposits);
            }
        }

        if (deposits.Count > 0)
        {
            await services.Suspense.AddAsync(deposits, cancellationToken);
            LogSuspended(deposits.Count, deposits[0].Id);
        }
    }

    private void Suspend(
        LedgerOperation operation, IReadOnlyDictionary<string, string> platform, List<SuspendedDeposit> deposits)
    {
        var number = 0;
        foreach (var moved in operation.Movements())
        {
            number++;
            if (moved.To is not { } account || !platform.TryGetValue(account, out var key) || key == ITreasuryGrain.Key
                || moved.Received.Stroops <= 0
                || (moved.From is { } from && (platform.ContainsKey(from) || services.Network.FundingSources.Contains(from))))
            {
                continue;
            }

            var id = number == 1 ? $"sus_{operation.PagingToken:D19}" : $"sus_{operation.PagingToken:D19}_{number}";
            deposits.Add(new SuspendedDeposit(
                id, operation.PagingToken, operation.Ledger, operation.TransactionHash, account, key,
                moved.Received.Asset.Canonical, moved.Received.Stroops, moved.From, operation.FromMuxed, operation.ToMuxed,
                operation.Memo, operation.MemoType, operation.ClosedAt));
        }
    }

    [LoggerMessage(1330, LogLevel.Warning, "{Count} deposits to accounts of the platform match nothing and are suspended, the first {Deposit}.")]
    private partial void LogSuspended(int count, string deposit);
}

using Microsoft.Extensions.Logging;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network.Claims;
using StellarPay.Grains.Network.Parking;
using StellarPay.Grains.Telemetry;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Network;

// A batch reaches the wallets that it concerns.
internal sealed partial class FollowerGrain
{
    private const string Claim = "claim_claimable_balance";

    // How many wallets take their operations at once.
    private const int Parallelism = 16;

    // How many operations a wallet takes in one write: each raises an event or two, and a write holds a thousand.
    private const int MostAtOnce = 200;

    // A batch, or an operator's retry: one at a time, so that a wallet's operations stay in order.
    private readonly SemaphoreSlim _turn = new(1, 1);

    private async Task TakeAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        using var span = FollowerTelemetry.Take(batch);
        try
        {
            await HandOverAsync(batch, cancellationToken);
            foreach (var ledger in batch.Ledgers)
            {
                SetAnchor(ledger);
            }

            await StoreAsync(batch.Ledgers[^1]);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task HandOverAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        var accounts = batch.Operations.SelectMany(operation => operation.Accounts())
            .Concat(batch.Unread.SelectMany(line => line.Accounts))
            .ToHashSet(StringComparer.Ordinal);
        var wallets = await services.AddressBook.FindAsync(accounts, cancellationToken);
        var operations = await ExplainAsync(batch.Operations, wallets, cancellationToken);
        var creators = operations.Select(operation => operation.Creator).OfType<string>().Where(c => !accounts.Contains(c)).ToHashSet();
        if (creators.Count > 0)
        {
            wallets = wallets.Concat(await services.AddressBook.FindAsync(creators, cancellationToken)).ToDictionary();
        }

        var shares = OperationShares.Of(operations, batch.Unread, wallets);
        var held = await services.Parked.FindHeldAsync(shares.Keys, cancellationToken);
        foreach (var some in shares.Chunk(Parallelism))
        {
            await Task.WhenAll(some.Select(share => GiveAsync(share.Key, share.Value, held.Contains(share.Key), cancellationToken)));
        }

        WarnOfFees(operations, wallets);
        await SuspendAsync(operations, cancellationToken);
        await ParkUnknownAsync(batch.Unread, wallets, cancellationToken);
    }

    // Says what was claimed or clawed back, and remembers what may be.
    private async Task<IReadOnlyList<LedgerOperation>> ExplainAsync(
        IReadOnlyList<LedgerOperation> operations, IReadOnlyDictionary<string, WalletId> wallets, CancellationToken cancellationToken)
    {
        var named = operations.Where(operation => operation is { Successful: true, BalanceId: not null }).ToArray();
        if (named.Length == 0)
        {
            return operations;
        }

        await services.Balances.AddAsync(
            [
                .. named.Where(o => o is { From: not null, Amount: not null, Claimants: not null } && o.Accounts().Any(wallets.ContainsKey))
                    .Select(o => new CreatedBalance(o.BalanceId!, o.From!, o.Amount!.Value, o.Ledger)),
            ],
            cancellationToken);
        var ids = named.Where(o => o.Claimants is null).Select(o => o.BalanceId!).ToHashSet(StringComparer.Ordinal);
        var known = await services.Balances.FindAsync(ids, cancellationToken);
        var explained = new List<LedgerOperation>(operations.Count);
        foreach (var operation in operations)
        {
            explained.Add(await ExplainAsync(operation, known, wallets, cancellationToken));
        }

        return explained;
    }

    private async Task<LedgerOperation> ExplainAsync(
        LedgerOperation operation, IReadOnlyDictionary<string, CreatedBalance> known,
        IReadOnlyDictionary<string, WalletId> wallets, CancellationToken cancellationToken)
    {
        if (operation is not { Successful: true, BalanceId: { } id, Claimants: null })
        {
            return operation;
        }

        if (known.TryGetValue(id, out var balance))
        {
            return operation with { Creator = balance.Creator, Amount = operation.Type == Claim ? balance.Amount : null };
        }

        return operation is { Type: Claim, To: { } claimant, Amount: null } && wallets.ContainsKey(claimant)
            ? await services.Feed.CompleteAsync(operation, cancellationToken)
            : operation;
    }

    // A share in the ledger's order; whatever is wrong with it is dealt with here, or passes and is thrown.
    private async Task GiveAsync(WalletId wallet, List<ShareEntry> share, bool held, CancellationToken cancellationToken)
    {
        var grain = GrainFactory.GetGrain<IWalletGrain>(wallet.Value);
        for (var i = 0; i < share.Count;)
        {
            if (held)
            {
                await HoldAsync(wallet, share[i++], cancellationToken);
                continue;
            }

            if (share[i].Unread is { } unread)
            {
                held = !await ParkAsync(grain, ParkedOf(unread, wallet), cancellationToken);
                i++;
                continue;
            }

            var run = share.Skip(i).TakeWhile(entry => entry.Operation is not null).Take(MostAtOnce)
                .Select(entry => entry.Operation!).ToArray();
            held = !await ApplyAsync(grain, wallet, run, cancellationToken);
            i += held ? 0 : run.Length;
        }
    }

    // False where the wallet cannot go on; what it has taken by then, it passes over when it comes again.
    private async Task<bool> ApplyAsync(
        IWalletGrain grain, WalletId wallet, LedgerOperation[] operations, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(services.Options.FirstPauseMilliseconds);
        for (var attempt = 1; attempt <= services.Options.ParkAfterAttempts; attempt++)
        {
            try
            {
                await grain.ApplyOperationsAsync(operations);
                return true;
            }
            catch (Exception exception) when (!FollowerTrouble.Passes(exception))
            {
                LogRefused(exception, wallet.Value, operations[0].PagingToken, attempt);
            }

            await Task.Delay(pause, services.Time, cancellationToken);
            pause *= 2;
        }

        // It is one of them, or each: one by one, what can be taken is.
        foreach (var operation in operations)
        {
            try
            {
                await grain.ApplyOperationsAsync([operation]);
            }
            catch (Exception exception) when (!FollowerTrouble.Passes(exception))
            {
                if (!await ParkAsync(grain, ParkedOf(operation, wallet, exception), cancellationToken))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void WarnOfFees(IReadOnlyList<LedgerOperation> operations, IReadOnlyDictionary<string, WalletId> wallets)
    {
        foreach (var operation in operations)
        {
            if (operation.Type == LedgerOperation.Fee && wallets.TryGetValue(operation.From!, out var wallet))
            {
                LogForeignFee(wallet.Value, operation.TransactionHash);
            }
        }
    }

    [LoggerMessage(1304, LogLevel.Warning, "Wallet {Wallet} refused operation {PagingToken} or one after it, attempt {Attempt}.")]
    private partial void LogRefused(Exception exception, string wallet, long pagingToken, int attempt);

    [LoggerMessage(1305, LogLevel.Critical,
        "Wallet {Wallet} paid the fee of transaction {Hash} itself, which we never have it do: somebody else may have its key.")]
    private partial void LogForeignFee(string wallet, string hash);
}

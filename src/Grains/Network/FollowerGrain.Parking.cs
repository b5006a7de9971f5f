using Microsoft.Extensions.Logging;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network.Parking;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Network;

// What cannot be taken is kept, said aloud, and can be taken later.
internal sealed partial class FollowerGrain
{
    private const string Itself = IFollowerGrain.Key;
    private const int HeldPage = 100;

    public async Task<Result<int>> RetryParkedAsync(long pagingToken, UserId operatorId)
    {
        await _turn.WaitAsync();
        try
        {
            var entries = await services.Parked.FindAsync(pagingToken, CancellationToken.None);
            if (entries.Count == 0)
            {
                return new Error(ErrorKind.NotFound, "parked_operation_not_found", "There is no such parked operation.");
            }

            var applied = 0;
            foreach (var entry in entries.Where(entry => entry.Status != ParkedStatus.Applied))
            {
                var done = entry is { Status: ParkedStatus.Held, Wallet: { } wallet }
                    ? await DrainAsync(wallet, operatorId)
                    : await RetryAsync(entry, operatorId);
                if (!done.IsSuccess)
                {
                    return done.Error;
                }

                applied += done.Value;
            }

            return applied;
        }
        finally
        {
            _parked = await services.Parked.CountOpenAsync(CancellationToken.None);
            _turn.Release();
        }
    }

    // A wallet that could not go on takes what waits for it, in the ledger's order, as far as it can.
    private async Task<Result<int>> DrainAsync(WalletId wallet, UserId operatorId)
    {
        var applied = 0;
        while (true)
        {
            var waiting = await services.Parked.ReadHeldAsync(wallet, HeldPage, CancellationToken.None);
            foreach (var entry in waiting)
            {
                var done = await RetryAsync(entry, operatorId);
                if (!done.IsSuccess)
                {
                    return done.Error;
                }

                applied++;
            }

            if (waiting.Count < HeldPage)
            {
                return applied;
            }
        }
    }

    private async Task<Result<int>> RetryAsync(ParkedOperation entry, UserId operatorId)
    {
        var error = await TryAgainAsync(entry);
        if (error is not null)
        {
            await services.Parked.UpdateAsync(
                entry with { Attempts = entry.Attempts + 1, Error = error.Message }, CancellationToken.None);
            return error;
        }

        await services.Parked.UpdateAsync(
            entry with
            {
                Attempts = entry.Attempts + 1,
                Status = ParkedStatus.Applied,
                ResolvedAt = services.Time.GetUtcNow(),
                ResolvedBy = operatorId.Value,
            },
            CancellationToken.None);
        LogTaken(entry.PagingToken, entry.Wallet?.Value, operatorId.Value);
        return 1;
    }

    private async Task<Error?> TryAgainAsync(ParkedOperation entry)
    {
        var read = entry.Kind == ParkedKind.Refused
            ? [OperationJson.Read(entry.Content)]
            : services.Feed.ReadAgain(entry.Content);
        if (read is null)
        {
            return new Error(ErrorKind.Refused, "parked_operation_unreadable",
                "The operation still cannot be understood. A newer version of StellarPay may.");
        }

        var accounts = read.SelectMany(operation => operation.Accounts()).ToHashSet(StringComparer.Ordinal);
        var wallets = await services.AddressBook.FindAsync(accounts, CancellationToken.None);
        if (entry.Wallet is not { } wallet)
        {
            return wallets.Count == 0 ? null : new Error(ErrorKind.Refused, "parked_operation_unroutable",
                "The operation concerns a wallet that did not show when it was parked, so that it cannot be taken once only.");
        }

        try
        {
            var grain = GrainFactory.GetGrain<IWalletGrain>(wallet.Value);
            foreach (var operation in await ExplainAsync(read, wallets, CancellationToken.None))
            {
                await grain.ApplyParkedAsync(operation);
            }

            return null;
        }
        catch (Exception exception)
        {
            LogRefused(exception, wallet.Value, entry.PagingToken, entry.Attempts + 1);
            return FollowerTrouble.Passes(exception)
                ? new Error(ErrorKind.Unavailable, "try_again", "Something that is needed does not answer. Please try again.")
                : new Error(ErrorKind.Conflict, "parked_operation_refused", $"The wallet refused it again: {exception.Message}");
        }
    }

    // Kept first, passed over by the wallet then: a crash between the two comes again, and does no harm. False where the
    // wallet cannot even pass over it: then it and all that follow wait here.
    private async Task<bool> ParkAsync(IWalletGrain grain, ParkedOperation entry, CancellationToken cancellationToken)
    {
        await services.Parked.AddAsync([entry], cancellationToken);
        try
        {
            if (await grain.ParkAsync(entry.PagingToken))
            {
                LogParked(entry.PagingToken, entry.Wallet?.Value, entry.Error);
            }
            else
            {
                // The wallet has it after all; only what came after went wrong.
                await services.Parked.UpdateAsync(
                    entry with { Status = ParkedStatus.Applied, ResolvedAt = entry.ParkedAt, ResolvedBy = Itself }, cancellationToken);
            }

            return true;
        }
        catch (Exception exception) when (!FollowerTrouble.Passes(exception))
        {
            await services.Parked.UpdateAsync(entry with { Status = ParkedStatus.Held, Error = exception.Message }, cancellationToken);
            LogHeld(exception, entry.Wallet?.Value, entry.PagingToken);
            return false;
        }
        finally
        {
            _parked = await services.Parked.CountOpenAsync(cancellationToken);
        }
    }

    private async Task HoldAsync(WalletId wallet, ShareEntry entry, CancellationToken cancellationToken)
    {
        const string Reason = "The wallet waits for an earlier operation.";
        var kept = entry.Operation is { } operation
            ? new ParkedOperation(
                operation.PagingToken, wallet, operation.Ledger, operation.TransactionHash, ParkedKind.Refused,
                OperationJson.Write(operation), Reason, 0, ParkedStatus.Held, services.Time.GetUtcNow())
            : ParkedOf(entry.Unread!, wallet) with { Status = ParkedStatus.Held };
        await services.Parked.AddAsync([kept], cancellationToken);
        _parked = await services.Parked.CountOpenAsync(cancellationToken);
    }

    // What cannot be read at all is kept even where it names no wallet of ours.
    private async Task ParkUnknownAsync(
        IReadOnlyList<UnreadOperation> unread, IReadOnlyDictionary<string, WalletId> wallets, CancellationToken cancellationToken)
    {
        foreach (var line in unread)
        {
            if (line.Kind == UnreadKind.Unreadable && !line.Accounts.Any(wallets.ContainsKey))
            {
                var entry = ParkedOf(line, wallet: null);
                await services.Parked.AddAsync([entry], cancellationToken);
                _parked = await services.Parked.CountOpenAsync(cancellationToken);
                LogParked(entry.PagingToken, null, entry.Error);
            }
        }
    }

    private ParkedOperation ParkedOf(UnreadOperation line, WalletId? wallet) => new(
        line.PagingToken, wallet, line.Ledger, line.TransactionHash,
        line.Kind == UnreadKind.Unreadable ? ParkedKind.Unreadable : ParkedKind.Unexplained,
        line.Raw, line.Problem, 1, ParkedStatus.Parked, services.Time.GetUtcNow());

    private ParkedOperation ParkedOf(LedgerOperation operation, WalletId wallet, Exception exception) => new(
        operation.PagingToken, wallet, operation.Ledger, operation.TransactionHash, ParkedKind.Refused,
        OperationJson.Write(operation), exception.Message, services.Options.ParkAfterAttempts + 1, ParkedStatus.Parked,
        services.Time.GetUtcNow());

    [LoggerMessage(1310, LogLevel.Critical,
        "Operation {PagingToken} of wallet {Wallet} is parked, for it could not be taken; an operator must see to it: {Error}")]
    private partial void LogParked(long pagingToken, string? wallet, string error);

    [LoggerMessage(1311, LogLevel.Critical,
        "Wallet {Wallet} cannot go on: operation {PagingToken} and all that follow for it wait until an operator has seen to it.")]
    private partial void LogHeld(Exception exception, string? wallet, long pagingToken);

    [LoggerMessage(1312, LogLevel.Information, "Parked operation {PagingToken} of wallet {Wallet} was taken at {Operator}'s request.")]
    private partial void LogTaken(long pagingToken, string? wallet, string @operator);
}

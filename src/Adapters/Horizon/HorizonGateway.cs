using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Adapters.Horizon;

/// <summary>The grains' way to the network, by Horizon. Over a client that yields, it is the way of users' questions.</summary>
internal sealed class HorizonGateway(HorizonClient horizon, NetworkProfile network) : INetworkGateway
{
    private const string MemoRequiredKey = "config.memo_required";
    private const byte MemoRequiredValue = (byte)'1';
    private const int OwnReserves = 2;

    // Whether this Horizon only takes transactions by waiting for their ledger.
    private volatile bool _waits;

    public async Task<SubmissionReport> SubmitAsync(string envelope, CancellationToken cancellationToken) =>
        Report(await horizon.Transactions.SubmitAsync(envelope, cancellationToken));

    public async Task<SubmissionReport> SubmitWithoutWaitingAsync(string envelope, CancellationToken cancellationToken)
    {
        var result = _waits ? null : await horizon.Transactions.SubmitWithoutWaitingAsync(envelope, cancellationToken);
        if (result is null or { HttpStatus: 404 or 405 })
        {
            // A Horizon of before there was a way not to wait.
            _waits = true;
            return await SubmitAsync(envelope, cancellationToken);
        }

        return Report(result);
    }

    public Task<FoundTransaction?> FindTransactionAsync(string hash, CancellationToken cancellationToken) =>
        AskAsync<FoundTransaction?>(async () =>
            await horizon.Transactions.GetAsync(Hash.FromHex(hash), cancellationToken) is { } found
                ? Map(found)
                : null);

    public Task<LedgerClose> GetLatestLedgerAsync(CancellationToken cancellationToken) => AskAsync(async () =>
    {
        var ledger = await horizon.Ledgers.GetLatestAsync(cancellationToken);
        return new LedgerClose(ledger.Sequence, ledger.ClosedAt);
    });

    public Task<NetworkAccount?> GetAccountAsync(string address, CancellationToken cancellationToken) =>
        AskAsync<NetworkAccount?>(async () =>
            await horizon.Accounts.GetAsync(AccountId.Parse(address), cancellationToken) is { } account ? Map(account) : null);

    public Task<NetworkClaimable?> GetClaimableAsync(
        string id, string claimant, DateTimeOffset now, CancellationToken cancellationToken) =>
        AskAsync<NetworkClaimable?>(async () => Claimables.IdOf(id) is { } read
            && await horizon.ClaimableBalances.GetAsync(read, cancellationToken) is { } balance
                ? Claimables.Map(balance, AccountId.Parse(claimant), now)
                : null);

    public Task<NetworkClaimables> ListClaimablesAsync(
        string claimant, string asset, string? cursor, DateTimeOffset now, CancellationToken cancellationToken) =>
        AskAsync(() => Claimables.ListAsync(
            horizon, AccountId.Parse(claimant), Asset.Parse(asset), cursor, now, cancellationToken));

    public Task<Result<string>> FundAsync(string address, CancellationToken cancellationToken) => AskAsync<Result<string>>(async () =>
    {
        if (!network.Friendbot)
        {
            return new Error(ErrorKind.Refused, "friendbot_unavailable", "This network has no friendbot.");
        }

        var result = await horizon.Accounts.FundByFriendbotAsync(AccountId.Parse(address), cancellationToken);
        return result switch
        {
            { Outcome: SubmitOutcome.Succeeded } => result.Hash?.ToString() ?? "",
            { Outcome: SubmitOutcome.Terminal } => new Error(
                ErrorKind.Refused, "friendbot_refused", $"Friendbot refused: {CodeOf(result) ?? result.Reason}"),
            _ => new Error(ErrorKind.Unavailable, "friendbot_unavailable", $"Friendbot gave no answer: {result.Reason}"),
        };
    });

    // An envelope that may have been applied by an earlier submission is never taken for refused before its hash was
    // looked for, whatever the code says.
    private static SubmissionOutcome OutcomeOf(SubmitResult result) => result.Outcome switch
    {
        SubmitOutcome.Succeeded => SubmissionOutcome.Succeeded,
        SubmitOutcome.RetrySameEnvelope when IsFeeTooLow(result) => SubmissionOutcome.FeeTooLow,
        SubmitOutcome.RetrySameEnvelope => SubmissionOutcome.RetrySameEnvelope,
        SubmitOutcome.Unknown when result.HasUnknownCode => SubmissionOutcome.Held,
        SubmitOutcome.Unknown when result.IsQueued => SubmissionOutcome.Pending,
        SubmitOutcome.Rebuild => SubmissionOutcome.Rebuild,
        SubmitOutcome.Terminal => result.LookUpHashFirst ? SubmissionOutcome.Rebuild : SubmissionOutcome.Terminal,
        _ => SubmissionOutcome.Unknown,
    };

    private static SubmissionReport Report(SubmitResult result) => new(
        OutcomeOf(result), CodeOf(result), result.Ledger, result.RetryAfter,
        OperationCodes: FailedOperations(result.OperationCodes), FeeNeededStroops: FeeNeededOf(result),
        Reason: result.HasUnknownCode ? result.Reason : null);

    private static string? CodeOf(SubmitResult result) =>
        MostTelling(result.OperationCodes, result.InnerTransactionCode, result.TransactionCode);

    private static FoundTransaction Map(TransactionRecord found)
    {
        var codes = found.Successful ? null : ResultCodes.FromXdrBase64(found.ResultXdr);
        return new FoundTransaction(
            found.Successful, found.Ledger,
            codes is null ? null : MostTelling(codes.Operations, codes.InnerTransaction, codes.Transaction),
            codes is null ? null : FailedOperations(codes.Operations),
            (found.FeeBumpHash ?? found.Hash).ToString());
    }

    // Of each operation, if one of them is why the transaction failed.
    private static string[]? FailedOperations(IReadOnlyList<string> codes) =>
        codes.Any(code => code != "op_success") ? [.. codes] : null;

    private static bool IsFeeTooLow(SubmitResult result) =>
        (result.InnerTransactionCode ?? result.TransactionCode) == TransactionCodes.InsufficientFee;

    // stellar-core says in the refusal what it would have taken.
    private static long? FeeNeededOf(SubmitResult result)
    {
        try
        {
            return IsFeeTooLow(result) && result.ResultXdr is { } xdr && TransactionResult.FromXdrBase64(xdr).FeeCharged is > 0 and var fee
                ? fee
                : null;
        }
        catch (XdrException)
        {
            return null;
        }
    }

    // The first operation that failed, else the inner transaction, else the transaction.
    private static string? MostTelling(IReadOnlyList<string> operations, string? inner, string? transaction) =>
        operations.FirstOrDefault(code => code != "op_success") ?? inner ?? transaction;

    private static NetworkAccount Map(AccountRecord account)
    {
        var native = account.Balance(Asset.Native);
        return new NetworkAccount(
            account.Sequence,
            native?.Balance ?? 0,
            native?.BuyingLiabilities ?? 0,
            [
                .. account.Balances.Where(balance => balance.Asset is { IsNative: false }).Select(balance => new NetworkTrustline(
                    balance.Asset!.Value.ToString(), balance.Balance, balance.Limit ?? 0, balance.BuyingLiabilities, balance.IsAuthorized,
                    balance.LastModifiedLedger ?? 0)),
            ],
            account.Data.TryGetValue(MemoRequiredKey, out var value) && value.AsSpan() is [MemoRequiredValue],
            NetworkAccount.BaseReserveStroops * (OwnReserves + account.SubentryCount + account.NumSponsoring - account.NumSponsored),
            account.LastModifiedLedger);
    }

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (HorizonException e)
        {
            throw HorizonShare.Unavailable(e);
        }
    }
}

using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Adapters.Horizon;

/// <summary>The grains' way to the network, by Horizon.</summary>
internal sealed class HorizonGateway(HorizonClient horizon, NetworkProfile network) : INetworkGateway
{
    private const string MemoRequiredKey = "config.memo_required";
    private const byte MemoRequiredValue = (byte)'1';
    private const int OwnReserves = 2;

    public async Task<SubmissionReport> SubmitAsync(string envelope, CancellationToken cancellationToken)
    {
        var result = await horizon.SubmitAsync(envelope, cancellationToken);
        return new SubmissionReport(OutcomeOf(result), CodeOf(result), result.Ledger, result.RetryAfter);
    }

    public Task<FoundTransaction?> FindTransactionAsync(string hash, CancellationToken cancellationToken) =>
        AskAsync<FoundTransaction?>(async () =>
            await horizon.GetTransactionAsync(Hash.FromHex(hash), cancellationToken) is { } found
                ? new FoundTransaction(found.Successful, found.Ledger, found.Successful ? null : FailureOf(found))
                : null);

    public Task<LedgerClose> GetLatestLedgerAsync(CancellationToken cancellationToken) => AskAsync(async () =>
    {
        var ledger = await horizon.GetLatestLedgerAsync(cancellationToken);
        return new LedgerClose(ledger.Sequence, ledger.ClosedAt);
    });

    public Task<NetworkAccount?> GetAccountAsync(string address, CancellationToken cancellationToken) =>
        AskAsync<NetworkAccount?>(async () =>
            await horizon.GetAccountAsync(AccountId.Parse(address), cancellationToken) is { } account ? Map(account) : null);

    public Task<NetworkClaimable?> GetClaimableAsync(
        string id, string claimant, DateTimeOffset now, CancellationToken cancellationToken) =>
        AskAsync<NetworkClaimable?>(async () => Claimables.IdOf(id) is { } read
            && await horizon.GetClaimableBalanceAsync(read, cancellationToken) is { } balance
                ? Claimables.Map(balance, AccountId.Parse(claimant), now)
                : null);

    public Task<IReadOnlyList<NetworkClaimable>> ListClaimablesAsync(
        string claimant, DateTimeOffset now, CancellationToken cancellationToken) =>
        AskAsync(() => Claimables.ListAsync(horizon, AccountId.Parse(claimant), now, cancellationToken));

    public Task<Result<string>> FundAsync(string address, CancellationToken cancellationToken) => AskAsync<Result<string>>(async () =>
    {
        if (!network.Friendbot)
        {
            return new Error(ErrorKind.Refused, "friendbot_unavailable", "This network has no friendbot.");
        }

        var result = await horizon.FundByFriendbotAsync(AccountId.Parse(address), cancellationToken);
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
        SubmitOutcome.RetrySameEnvelope => SubmissionOutcome.RetrySameEnvelope,
        SubmitOutcome.Rebuild => SubmissionOutcome.Rebuild,
        SubmitOutcome.Terminal => result.LookUpHashFirst ? SubmissionOutcome.Rebuild : SubmissionOutcome.Terminal,
        _ => SubmissionOutcome.Unknown,
    };

    private static string? CodeOf(SubmitResult result) =>
        MostTelling(result.OperationCodes, result.InnerTransactionCode, result.TransactionCode);

    private static string? FailureOf(TransactionRecord found) => ResultCodes.FromXdrBase64(found.ResultXdr) is { } codes
        ? MostTelling(codes.Operations, codes.InnerTransaction, codes.Transaction)
        : null;

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
                    balance.Asset!.Value.ToString(), balance.Balance, balance.Limit ?? 0, balance.BuyingLiabilities, balance.IsAuthorized)),
            ],
            account.Data.TryGetValue(MemoRequiredKey, out var value) && value.AsSpan() is [MemoRequiredValue],
            NetworkAccount.BaseReserveStroops * (OwnReserves + account.SubentryCount + account.NumSponsoring - account.NumSponsored));
    }

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (HorizonException e)
        {
            throw new NetworkUnavailableException(e.Message, e);
        }
    }
}

using Microsoft.Extensions.Logging;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>
/// Hands suspended deposits on. The deposit's row is the truth: its status and the signed transaction change in one
/// statement, before the first submission, and only if the status is what it was thought to be.
/// </summary>
internal sealed partial class SuspenseGrain(
    [PersistentState(GrainState.Suspense, GrainState.HotProvider)] IPersistentState<SuspenseState> storage,
    SuspenseServices services,
    ILogger<SuspenseGrain> logger)
    : DrivenPlatformGrain<SuspenseState>(storage, services.Account, logger), ISuspenseGrain, ISuspenseInternal
{
    // Releases are prepared beside the turns, one at a time, for the next needs the sequence number after this one's.
    private readonly SemaphoreSlim _releasing = new(1);

    private static readonly Error NoSuchDeposit =
        new(ErrorKind.NotFound, "suspense_not_found", "There is no such suspended deposit.");

    private static readonly Error Decided =
        new(ErrorKind.Conflict, "suspense_decided", "It has been decided otherwise what becomes of this deposit.");

    private static readonly Error Busy = new(ErrorKind.Conflict, "suspense_busy",
        "Another deposit is being handed on; one goes at a time. Please try again in a few seconds.");

    public Task<Result<string>> AssignAsync(
        string depositId, UserId operatorId, UserId user, string address, CancellationToken cancellationToken = default) =>
        ReleaseAsync(
            depositId, new SuspenseDecision(SuspenseStatus.Assigned, operatorId.Value, Now, user.Value, address), cancellationToken);

    public Task<Result<string>> ReturnAsync(
        string depositId, UserId operatorId, CancellationToken cancellationToken = default) =>
        ReleaseAsync(depositId, new SuspenseDecision(SuspenseStatus.Returned, operatorId.Value, Now), cancellationToken);

    public async Task<Result<string>> KeepAsync(
        string depositId, UserId operatorId, CancellationToken cancellationToken = default)
    {
        var decision = new SuspenseDecision(SuspenseStatus.Kept, operatorId.Value, Now);
        if (await services.Suspense.MoveAsync(depositId, SuspenseStatus.Open, SuspenseStatus.Kept, decision, cancellationToken))
        {
            return depositId;
        }

        return await services.Suspense.FindAsync(depositId, cancellationToken) switch
        {
            null => NoSuchDeposit,
            { Status: SuspenseStatus.Kept } => depositId,
            _ => Decided,
        };
    }

    private DateTimeOffset Now => services.Business.GetUtcNow();

    private async Task<Result<string>> ReleaseAsync(
        string depositId, SuspenseDecision decision, CancellationToken cancellationToken)
    {
        await _releasing.WaitAsync(cancellationToken);
        try
        {
            return await ReleaseNextAsync(depositId, decision, cancellationToken);
        }
        finally
        {
            _releasing.Release();
        }
    }

    private async Task<Result<string>> ReleaseNextAsync(
        string depositId, SuspenseDecision decision, CancellationToken cancellationToken)
    {
        if (await services.Gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        var deposit = await services.Suspense.FindAsync(depositId, cancellationToken);
        if (deposit is not { Status: SuspenseStatus.Open })
        {
            return deposit is null ? NoSuchDeposit : IsSame(deposit.Decision, decision) ? depositId : Decided;
        }

        if (await services.Suspense.FindSendingAsync(cancellationToken) is not null)
        {
            return Busy;
        }

        try
        {
            var signed = await SignAsync(deposit, decision, cancellationToken);
            return signed.IsSuccess ? await InTurnAsync(() => SendAsync(deposit, signed.Value)) : signed.Error;
        }
        catch (NetworkUnavailableException)
        {
            return PlatformFunding.NetworkUnavailable;
        }
        catch (KeyEncryptionUnavailableException)
        {
            return new Error(ErrorKind.Unavailable, "keys_unavailable",
                "The account's key cannot be used at the moment. Nothing was changed. Please try again.");
        }
    }

    private static bool IsSame(SuspenseDecision? before, SuspenseDecision decision) =>
        before is not null && before.Outcome == decision.Outcome && before.User == decision.User;

    // Beside the turns. Changes nothing but that the account is there: a failure leaves the deposit open.
    private async Task<Result<SuspenseDecision>> SignAsync(
        SuspendedDeposit deposit, SuspenseDecision decision, CancellationToken cancellationToken)
    {
        var toSender = decision.Outcome == SuspenseStatus.Returned;
        var destination = toSender ? deposit.SenderMuxed ?? deposit.Sender : decision.Destination;
        if (destination is null)
        {
            return new Error(ErrorKind.Refused, "release_refused", "The ledger names no sender to whom it could be returned.");
        }

        var key = await EnsureKeyAsync(cancellationToken);
        var account = await services.Gateway.GetAccountAsync(key.PublicKey, cancellationToken);
        if (account is null)
        {
            var funded = await services.Account.Funding.EnsureAsync(Name, key.PublicKey, cancellationToken);
            return funded.Error ?? PlatformFunding.NetworkUnavailable;
        }

        var latest = await services.Gateway.GetLatestLedgerAsync(cancellationToken);
        var release = new DepositRelease(
            deposit.Id, key.PublicKey, checked(account.Sequence + 1), destination, toSender, latest.ClosedAt + services.Valid);
        // A deposit to this very account needs one signature, but the same look at it.
        var isOwn = deposit.AccountKey == Name;
        var holder = isOwn
            ? await services.Releases.SignAsync(release, Name, key, cancellationToken)
            : await Holder(deposit.AccountKey).SignReleaseAsync(release, cancellationToken);
        if (!holder.IsSuccess)
        {
            return holder.Error;
        }

        var unsigned = services.Releases.Build(release, deposit);
        var own = isOwn ? holder.Value : await services.Account.Cipher.SignAsync(
            Name, key, unsigned.Hash, $"suspense.submit {deposit.Id}", cancellationToken);
        return decision with
        {
            Destination = destination,
            Envelope = services.Transactions.AddSignatures(
                unsigned, isOwn ? [(key.PublicKey, own)] : [(key.PublicKey, own), (deposit.Account, holder.Value)]),
            Hash = unsigned.HashText,
            Source = key.PublicKey,
            SequenceNumber = release.SequenceNumber,
            MaxTime = release.MaxTime,
        };
    }

    // The wake-up is stored first, then the deposit's new status together with the envelope, and then it is submitted: a
    // crash anywhere between leaves nothing to do, or one envelope to submit.
    private async Task<Result<string>> SendAsync(SuspendedDeposit deposit, SuspenseDecision decision)
    {
        await StoreAsync(state => state.DueAt = Now + ResumeAfter);
        if (!await services.Suspense.MoveAsync(
            deposit.Id, SuspenseStatus.Open, SuspenseStatus.Sending, decision, CancellationToken.None))
        {
            return Busy;
        }

        LogSending(deposit.Id, decision.Outcome, decision.Hash!, decision.Operator);
        await services.Faults.HitAsync(FaultPoint.SuspenseSigned, Name);
        Drive(decision, sentBefore: false);
        return deposit.Id;
    }

    private IDepositHolder Holder(string key) => key.StartsWith(PlatformKeys.SponsorPrefix, StringComparison.Ordinal)
        ? GrainFactory.GetGrain<ISponsorGrain>(key)
        : GrainFactory.GetGrain<IFeeAccountGrain>(key);

    [LoggerMessage(1340, LogLevel.Information, "Deposit {Deposit} will be {Outcome} by transaction {Hash}, as {Operator} decided.")]
    private partial void LogSending(string deposit, SuspenseStatus outcome, string hash, string @operator);
}

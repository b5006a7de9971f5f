using Microsoft.Extensions.Logging;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Stellar;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Platform.Treasury;

/// <summary>
/// Tops the platform's accounts up. A transaction is stored with the mark that its account has had one, before it is
/// submitted; the next is made only when that one is decided.
/// </summary>
internal sealed partial class TreasuryGrain(
    [PersistentState(GrainState.Treasury, GrainState.HotProvider)] IPersistentState<TreasuryState> storage,
    TreasuryServices services,
    ILogger<TreasuryGrain> logger)
    : PlatformAccountGrain<TreasuryState>(storage, services.Account, logger), ITreasuryGrain
{
    private static readonly TimeSpan OncePer = TimeSpan.FromMinutes(10);

    private static readonly Error Stranger = new(
        ErrorKind.Refused, "top_up_refused", "The treasury pays the platform's other accounts only.");

    private static readonly Error Needless = new(
        ErrorKind.Conflict, "top_up_needless", "The account has XLM enough.");

    private static readonly Error TooSoon = new(
        ErrorKind.RateLimited, "top_up_too_soon", "The account was topped up less than ten minutes ago.");

    private static readonly Error Busy = new(
        ErrorKind.Conflict, "treasury_busy", "Another account is being topped up; one goes at a time. Please try again in a few seconds.");

    private static readonly Error KeysUnavailable = new(ErrorKind.Unavailable, "keys_unavailable",
        "The treasury's key cannot be used at the moment. Nothing was changed. Please try again.");

    private DateTimeOffset Now => services.Business.GetUtcNow();

    public async Task<Result<string>> TopUpAsync(string account, CancellationToken cancellationToken = default)
    {
        if (State.TopUp is { } underWay)
        {
            return underWay.Account == account ? underWay.Hash : Busy;
        }

        if (await services.Gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        if (State.Recent.Any(mark => mark.Account == account && Now - mark.At < OncePer))
        {
            return TooSoon;
        }

        try
        {
            var signed = await SignAsync(account, cancellationToken);
            return signed.IsSuccess ? await SendAsync(signed.Value) : signed.Error;
        }
        catch (NetworkUnavailableException)
        {
            return PlatformFunding.NetworkUnavailable;
        }
        catch (KeyEncryptionUnavailableException)
        {
            return KeysUnavailable;
        }
    }

    public async Task WakeAsync()
    {
        await StoreAsync(state => state.DueAt = state.TopUp is null ? null : Now + ResumeAfter);
        if (State.TopUp is { } topUp)
        {
            Drive(Transaction(topUp), sentBefore: true);
        }
    }

    private async Task AdvanceAsync(string transactionHash, SubmissionReport report)
    {
        if (State.TopUp is not { } topUp || topUp.Hash != transactionHash
            || report.Outcome is not (SubmissionOutcome.Succeeded or SubmissionOutcome.Terminal))
        {
            return;
        }

        // A failure is for good: this transaction can never be applied. The account may ask again when its ten minutes are over.
        var succeeded = report.Outcome == SubmissionOutcome.Succeeded;
        await StoreAsync(state =>
        {
            state.LastSequence = succeeded || report.Ledger is not null ? topUp.SequenceNumber : state.LastSequence;
            (state.TopUp, state.DueAt) = (null, null);
        });
        if (succeeded)
        {
            LogPaid(topUp.Account, topUp.Stroops, topUp.Hash);
        }
        else
        {
            LogFailed(topUp.Account, topUp.Hash, report.Code);
        }
    }

    protected override Task TellAsync(string transactionHash, SubmissionReport report) =>
        InTurnAsync(() => AdvanceAsync(transactionHash, report));

    private static SignedTransaction Transaction(TopUp topUp) =>
        new(topUp.Source, topUp.Envelope, topUp.Hash, topUp.SequenceNumber, topUp.MaxTime);

    // Changes nothing but that the treasury has a key.
    private async Task<Result<TopUp>> SignAsync(string account, CancellationToken cancellationToken)
    {
        if (await FindAddressAsync(account, cancellationToken) is not { } address)
        {
            LogRefused(account);
            return Stranger;
        }

        var there = await services.Gateway.GetAccountAsync(address, cancellationToken);
        if (!services.Account.Funding.IsLow(there))
        {
            return Needless;
        }

        var key = await EnsureKeyAsync(cancellationToken);
        var own = await services.Gateway.GetAccountAsync(key.PublicKey, cancellationToken);
        if (own is null || own.AvailableStroops < services.TopUpStroops + services.FeeBidStroops)
        {
            return PlatformFunding.Unfunded(Name, key.PublicKey);
        }

        var maxTime = (await services.Gateway.GetLatestLedgerAsync(cancellationToken)).ClosedAt + services.Valid;
        var sequence = checked(Math.Max(own.Sequence, State.LastSequence) + 1);
        OperationBody operation = there is null
            ? new CreateAccountOperation(AccountId.Parse(address), services.TopUpStroops)
            : new PaymentOperation(AccountId.Parse(address), Asset.Native, services.TopUpStroops);
        var unsigned = services.Transactions.Unsigned(new TransactionBuilder(AccountId.Parse(key.PublicKey), sequence)
            .WithBaseFee(services.FeeBidStroops).WithTimeBounds(notBefore: null, maxTime).Add(operation).Build());
        var signature = await services.Account.Cipher.SignAsync(
            Name, key, unsigned.Hash, $"treasury.top_up {account}", cancellationToken);
        return new TopUp(
            account, address, services.TopUpStroops, services.Transactions.AddSignature(unsigned, key.PublicKey, signature),
            unsigned.HashText, key.PublicKey, sequence, maxTime);
    }

    // Whom it pays is read from what is stored, so that no caller can name an address.
    private async Task<string?> FindAddressAsync(string account, CancellationToken cancellationToken) =>
        account == Name || services.Seeds.Find(account) != account
            ? null
            : (await services.Accounts.ListAsync(cancellationToken)).FirstOrDefault(there => there.Name == account)?.Address;

    // The envelope, the mark and the wake-up are one write, and then it is submitted: a crash anywhere leaves nothing to
    // do, or one envelope to submit.
    private async Task<Result<string>> SendAsync(TopUp topUp)
    {
        await StoreAsync(state =>
        {
            state.TopUp = topUp;
            state.DueAt = Now + ResumeAfter;
            state.Recent = [
                .. state.Recent.Where(mark => mark.Account != topUp.Account && Now - mark.At < OncePer),
                new TopUpMark(topUp.Account, Now),
            ];
        });
        LogSending(topUp.Account, topUp.Address, topUp.Stroops, topUp.Hash);
        await services.Faults.HitAsync(FaultPoint.TreasurySigned, Name);
        Drive(Transaction(topUp), sentBefore: false);
        return topUp.Hash;
    }

    [LoggerMessage(1250, LogLevel.Information, "The treasury sends {Account} ({Address}) {Stroops} stroops of XLM by transaction {Hash}.")]
    private partial void LogSending(string account, string address, long stroops, string hash);

    [LoggerMessage(1251, LogLevel.Information, "{Account} has {Stroops} stroops of XLM from the treasury by transaction {Hash}.")]
    private partial void LogPaid(string account, long stroops, string hash);

    [LoggerMessage(1252, LogLevel.Warning, "The top-up of {Account} by transaction {Hash} failed ({Code}); it can be asked for again.")]
    private partial void LogFailed(string account, string hash, string? code);

    [LoggerMessage(1253, LogLevel.Warning, "The treasury was asked to pay {Account}, which is no other account of the platform with a key.")]
    private partial void LogRefused(string account);
}

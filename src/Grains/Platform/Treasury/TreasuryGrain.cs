using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

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
    private static readonly SubmissionFaults Points =
        new(Signing: null, Persisting: null, FaultPoint.TreasurySigned, FaultPoint.TreasuryAnswered);

    private TopUpBook _topUps = null!;

    // How often the ledger refused trustlines.
    private int _untrusted;

    protected override SubmissionFaults Faults => Points;

    // All of it beside the turns but what judges: while the network or the keeper of keys takes its time, others are answered.
    public async Task<Result<string>> TopUpAsync(string account, CancellationToken cancellationToken = default)
    {
        if (await InTurnAsync(() => Task.FromResult(_topUps.Judge(account, Now))) is { } answered)
        {
            if (answered.Error?.Code == TopUpBook.BudgetUsedCode)
            {
                LogBudgetUsed(account);
            }

            return answered;
        }

        if (await services.Gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        try
        {
            var key = await EnsureKeyAsync(cancellationToken);
            var work = new TopUpWork(account, key.PublicKey, () => _topUps.Judge(account, Now), services, Logger);
            return await Engine.SendAsync(work, cancellationToken) is { } sent
                ? sent.IsSuccess ? sent.Value.PresentHash() : sent.Error
                : await InTurnAsync(() => Task.FromResult(_topUps.Judge(account, Now))) ?? TopUpBook.Busy;
        }
        catch (NetworkUnavailableException)
        {
            return PlatformFunding.NetworkUnavailable;
        }
        catch (KeyEncryptionUnavailableException)
        {
            return SigningFactsReader.KeysUnavailable;
        }
    }

    protected override ISubmissionParty PartyOf(TreasuryState state) => _topUps =
        new TopUpBook(state, services.TopUpStroops, services.DayStroops);

    // What hinders it hinders no payment: until it is there, no fee is taken in that asset.
    protected override async Task EquipAsync(string address, CancellationToken cancellationToken)
    {
        if (services.Assets.Count == 0 || await services.Gate.CheckAsync(cancellationToken) is not null)
        {
            return;
        }

        try
        {
            var there = await services.Gateway.GetAccountAsync(address, cancellationToken);
            string[] missing = [.. services.Assets.Where(asset => there is not null && !there.Trustlines.Any(line => line.Asset == asset))];
            // One that cannot be had, since its issuer is gone, keeps none of the others away: after a refusal each is tried by itself.
            string[] asked = _untrusted == 0 || missing.Length == 0 ? missing : [missing[_untrusted % missing.Length]];
            if (asked.Length > 0 && await Engine.SendAsync(new TrustWork(asked), cancellationToken) is { Error: { } refusal })
            {
                LogUntrusting(refusal.Message);
            }
        }
        catch (Exception exception) when (exception is NetworkUnavailableException or KeyEncryptionUnavailableException)
        {
            LogUntrusting(exception.Message);
        }
    }

    protected override void Signed(Submission submission)
    {
        if (TopUpBook.AccountOf(submission) != TrustWork.Subject)
        {
            LogSending(TopUpBook.AccountOf(submission), services.TopUpStroops, submission.PresentHash());
        }
    }

    protected override void Ended(Submission submission, string? code)
    {
        var account = TopUpBook.AccountOf(submission);
        if (account == TrustWork.Subject)
        {
            _untrusted += code is null ? 0 : 1;
            LogTrusts(submission.Operations.Count, submission.PresentHash(), code ?? "");
        }
        else if (code is null)
        {
            LogPaid(account, submission.PresentHash());
        }
        else
        {
            LogFailed(account, submission.PresentHash(), code);
        }
    }

    [LoggerMessage(1250, LogLevel.Information, "The treasury sends {Account} {Stroops} stroops of XLM by transaction {Hash}.")]
    private partial void LogSending(string account, long stroops, string hash);

    [LoggerMessage(1251, LogLevel.Information, "{Account} has its XLM from the treasury by transaction {Hash}.")]
    private partial void LogPaid(string account, string hash);

    [LoggerMessage(1254, LogLevel.Critical, "{Account} has too little XLM, and the treasury has sent as much as it may today; find out what used it up.")]
    private partial void LogBudgetUsed(string account);

    [LoggerMessage(1255, LogLevel.Information, "The treasury's trustlines ({Count}) by transaction {Hash} are decided. {Code}")]
    private partial void LogTrusts(int count, string hash, string code);

    [LoggerMessage(1256, LogLevel.Warning, "The treasury has no trustlines for fees yet, and looks again in minutes: {Reason}")]
    private partial void LogUntrusting(string reason);

    [LoggerMessage(1252, LogLevel.Warning, "The top-up of {Account} by transaction {Hash} failed ({Code}); it can be asked for again.")]
    private partial void LogFailed(string account, string hash, string? code);
}

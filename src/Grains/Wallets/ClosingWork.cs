using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Events;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// Gives up the account of a wallet that is being closed, once all that it held is paid out: one transaction removes the trustlines and
/// merges the account, and with it what XLM is left. What came in between is paid out first. What cannot be done in a few tries is given
/// up, and the wallet is as before.
/// </summary>
internal sealed partial class ClosingWork(
    IWalletContext wallet, INetworkGateway gateway, ClosingSweeps sweeps, WalletCompliance compliance, ILogger logger)
    : IAccountWork, ISubmissionParty
{
    private const string SubjectPrefix = "cls_";
    private const int MaxTries = 5;

    // For so long it is waited for a rate, or for what the network shows and the wallet does not know yet.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private static readonly Error Behind = new(ErrorKind.Unavailable, "wallet_behind",
        "The network shows more than the wallet knows yet.");

    private NetworkAccount? _account;
    private Result<PricedSweep[]> _leftovers = Behind;

    // What is promised, and not in the balance yet, is not known to have gone.
    public bool Waits => wallet.State is { Status: WalletStatus.Closing, Closing: not null } state
        && !state.Payments.Exists(payment => payment.HoldsReservation());

    // To whom an empty account goes that an administrator has given up.
    public bool NeedsSponsor => State.Closing is { Destination: null };

    private WalletState State => wallet.State;

    private bool IsOverdue => State.Closing is { } closing && wallet.Now - closing.Since > Patience;

    private string Subject => SubjectPrefix + wallet.Key;

    public async Task<Error?> PrepareAsync(CancellationToken cancellationToken)
    {
        _account = await gateway.GetAccountAsync(State.Address, cancellationToken);
        _leftovers = await sweeps.PriceAsync(ClosingSweeps.Of(State), wallet.Now, cancellationToken);
        return IsOverdue ? null : _leftovers.Error;
    }

    public async Task<Result<SubmissionPlan>?> PlanAsync(SigningFacts facts)
    {
        var closing = State.Closing!;
        if (State.Frozen is not null)
        {
            await GiveUpAsync(WalletCompliance.Frozen.Code);
            return null;
        }

        // Asked again, because the merge pays too.
        if (closing.Destination is { } payee
            && await compliance.CheckAsync(wallet, payee, closing.Recipient!, CancellationToken.None) is { } denied)
        {
            return await WaitOrGiveUpAsync(denied, waits: denied.Kind == ErrorKind.Unavailable);
        }

        if (_leftovers is not { Value: { } left } || !ClosingSweeps.Of(State).SequenceEqual(left.Select(each => each.Amount)))
        {
            return await WaitOrGiveUpAsync(_leftovers.Error ?? Behind, waits: true);
        }

        // XLM that is left goes with the account; of what an administrator gives up nothing may be left.
        var issued = left.Where(each => !each.Amount.Asset.IsNative || closing.Destination is null).ToArray();
        if ((issued.Length > 0 ? RefusalOf(closing, issued) : sweeps.Check(wallet, left)?.Code) is { } refusal)
        {
            await GiveUpAsync(refusal);
            return null;
        }

        if (issued.Length > 0)
        {
            sweeps.Pay(wallet, closing, issued);
            await wallet.SaveAsync();
            // Another work's, so that it is asked for anew.
            wallet.Engine.StartNext();
            return null;
        }

        if (_account is null)
        {
            // The ledger has merged it, by what was learnt as failed or not at all.
            Close();
            await wallet.SaveAsync();
            return null;
        }

        // What the ledger has and the wallet does not know is nobody's to give away.
        var unseen = _account.Trustlines.Any(line => line.Balance > 0) || (closing.Destination is null && _account.NativeStroops > 0);
        return unseen || (closing.Destination ?? facts.Sponsor) is not { } into
            ? await WaitOrGiveUpAsync(Behind, waits: true)
            : new SubmissionPlan(
                closing.LedgerMemo,
                [
                    .. _account.Trustlines.Select(line => Planned(TransactionFactory.RemoveTrustline(line.Asset))),
                    // Nothing is left where nobody was named; what comes in this moment is a deposit of the platform's, to be assigned.
                    Planned(TransactionFactory.Merge(into)),
                ],
                wallet.Key,
                "wallet.close");
    }

    public void Signed(Submission submission)
    {
    }

    public void Landed(Submission submission, Landing landing)
    {
        if (IsIn(submission))
        {
            Close();
        }
    }

    public void Refused(Submission submission, Refusal refusal)
    {
        if (IsIn(submission) && !refusal.Unpaid && ++State.Closing!.Tries >= MaxTries)
        {
            GiveUp(refusal.Code);
        }
    }

    private string? RefusalOf(ClosingRecord closing, PricedSweep[] issued) => closing.Destination is null
        ? "wallet_not_empty"
        : ++closing.Tries >= MaxTries ? "too_many_tries" : sweeps.Check(wallet, issued)?.Code;

    private void Close()
    {
        (State.Status, State.Closing, State.SequenceNumber, State.OwnReserve) = (WalletStatus.Closed, null, null, null);
        wallet.Events.Raise(EventTypes.WalletClosed);
        LogClosed(wallet.Key);
    }

    private async Task<Result<SubmissionPlan>?> WaitOrGiveUpAsync(Error reason, bool waits)
    {
        if (waits && !IsOverdue)
        {
            return reason;
        }

        await GiveUpAsync(reason.Code);
        return null;
    }

    private async Task GiveUpAsync(string code)
    {
        GiveUp(code);
        await wallet.SaveAsync();
    }

    private void GiveUp(string code)
    {
        (State.Status, State.Closing) = (WalletStatus.Active, null);
        wallet.Events.Raise(EventTypes.WalletClosingFailed);
        LogGivenUp(wallet.Key, code);
    }

    private PlannedOperation Planned(OperationBody body) => new(Subject, new Operation(null, body));

    private bool IsIn(Submission submission) => State.Closing is not null && submission.IndexOf(Subject) >= 0;

    [LoggerMessage(1028, LogLevel.Information, "Wallet {Wallet} is closed: its account is no more, and the reserves are the platform's again")]
    private partial void LogClosed(string wallet);

    [LoggerMessage(1029, LogLevel.Warning, "Wallet {Wallet} could not be closed ({Code}) and is as before")]
    private partial void LogGivenUp(string wallet, string code);
}

using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Wallets;

/// <summary>What the ledger did to a wallet, out of its inbox. For one activation.</summary>
internal sealed partial class WalletInbox : IInboxOwner
{
    private readonly IWalletContext _wallet;
    private readonly Func<Task> _reread;
    private readonly Action<LedgerOperation> _opening;
    private readonly InboxDrain _drain;
    private readonly InboxPump _pump;
    private readonly ILogger _logger;

    public WalletInbox(
        IWalletContext wallet, WalletLedger ledger, TimeProvider time, Func<Task> reread, Action<LedgerOperation> opening,
        Action drained, ILogger logger)
    {
        (_wallet, _reread, _opening, _logger) = (wallet, reread, opening, logger);
        _drain = new InboxDrain(new LedgerOwner(GrainState.Wallet, wallet.Key), this, ledger.Inbox, ledger.Feed, time, logger);
        _pump = new InboxPump(
            wallet, DrainAsync, () => wallet.Grains.GetGrain<IWalletInternal>(wallet.Key).PokeAsync(), time, logger)
        {
            Drained = drained,
            Places = ledger.Places,
        };
    }

    IInboxState IInboxOwner.Inbox => _wallet.State;

    /// <summary>Whether nothing would be lost with it.</summary>
    public bool IsForgettable => !_drain.HasAsked;

    int IInboxOwner.EventCount => _wallet.Events.Count;

    /// <summary>There may be something in the inbox.</summary>
    public void Poke() => _pump.Poke();

    /// <summary>Goes on after the state was read again.</summary>
    public void Resume() => _pump.Resume();

    /// <summary>Takes in what was parked at a place of the ledger.</summary>
    public async Task<Result<int>> RetryParkedAsync(long token, UserId operatorId)
    {
        var before = _wallet.State.Submission;
        var retried = await _drain.RetryAsync(token, operatorId);
        _wallet.Engine.AfterDraining(before);
        return retried;
    }

    /// <summary>Gives up what was parked at a place of the ledger.</summary>
    public Task<Result<int>> CloseParkedAsync(long token, UserId operatorId) => _drain.CloseAsync(token, operatorId);

    void IInboxOwner.Take(LedgerEntry entry)
    {
        _wallet.Engine.TakeAnswers();
        WarnOf(entry);
        if (entry.Movement is { } movement)
        {
            _opening(movement);
        }

        _wallet.Book.Apply(entry, _wallet.Now);
    }

    Task IInboxOwner.SaveAsync(IReadOnlyList<LedgerEntry> taken) =>
        _wallet.SaveAsync(taken.Count > 0 ? FaultPoint.PaymentSettling : null);

    Task IInboxOwner.RereadAsync() => _reread();

    private async Task<bool> DrainAsync()
    {
        if (_wallet.State.Owner is null)
        {
            throw new InvalidOperationException($"Wallet {_wallet.Key} has an address but no state.");
        }

        var before = _wallet.State.Submission;
        var more = await _drain.StepAsync();
        _wallet.Engine.AfterDraining(before);
        if (_wallet.State is { Claims: not null } or { Status: WalletStatus.Closing })
        {
            // What others set aside may be claimed at once, and an account be given up whose last payment is in the balance.
            _wallet.Engine.StartNext();
        }

        return more;
    }

    // What must never be is hidden from nobody: the balance follows the ledger, and whoever watches the log is told.
    private void WarnOf(LedgerEntry entry)
    {
        if (entry.Movement is { } movement && movement.From == _wallet.State.Address
            && _wallet.Book.Payments.FindFor(movement) is { Status: PaymentStatus.Failed } failed)
        {
            LogFailedPaymentOnLedger(_logger, failed.Id, movement.TransactionHash);
        }

        if (entry.Outcome is { } outcome && _wallet.Book.Submissions.IsForeign(outcome))
        {
            LogForeign(_logger, _wallet.Key, outcome.TransactionHash, outcome.FeeAccount == _wallet.State.Address);
        }
    }

    [LoggerMessage(1051, LogLevel.Critical, "Payment {Payment} was reported failed, but the ledger holds its transaction {Hash}.")]
    private static partial void LogFailedPaymentOnLedger(ILogger logger, string payment, string hash);

    [LoggerMessage(1053, LogLevel.Critical,
        "Wallet {Wallet}: the ledger holds transaction {Hash}, which it did not make (own fee: {PaidFee}); somebody else may have its key.")]
    private static partial void LogForeign(ILogger logger, string wallet, string hash, bool paidFee);
}

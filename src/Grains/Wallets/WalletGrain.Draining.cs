using Microsoft.Extensions.Logging;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

// What the ledger did to this wallet, out of its inbox.
internal sealed partial class WalletGrain : IInboxOwner
{
    private bool _poked;
    private bool _draining;

    IInboxState IInboxOwner.Inbox => State;

    int IInboxOwner.EventCount => _events.Count;

    public Task TakeTurnAsync(long turn) => RunTurnAsync(turn);

    public Task PokeAsync()
    {
        _poked = true;
        StartDraining();
        return Task.CompletedTask;
    }

    public async Task DrainAsync()
    {
        RequireSound();
        _poked = false;
        if (State.Owner is null)
        {
            throw new InvalidOperationException($"Wallet {GrainKey} has an address but no state.");
        }

        var (flight, flying) = (State.Flight, _book.Flying());
        if (await EndingIfFaultedAsync(_drain.StepAsync))
        {
            // Not "|= await", which reads the flag first and loses a poke that comes meanwhile.
            _poked = true;
        }

        AfterTaking(flight, flying);
    }

    public async Task<Result<int>> RetryParkedAsync(long token, UserId operatorId)
    {
        RequireSound();
        var (flight, flying) = (State.Flight, _book.Flying());
        var retried = await EndingIfFaultedAsync(() => _drain.RetryAsync(token, operatorId));
        AfterTaking(flight, flying);
        return retried;
    }

    public Task<Result<int>> CloseParkedAsync(long token, UserId operatorId)
    {
        RequireSound();
        return EndingIfFaultedAsync(() => _drain.CloseAsync(token, operatorId));
    }

    void IInboxOwner.Take(LedgerEntry entry)
    {
        TakeAnswers();
        WarnOf(entry);
        var flight = State.Flight;
        if (entry.Movement is { } movement)
        {
            ActivateBy(movement);
        }

        _book.Apply(entry, Now);
        if (flight is not null && State.Flight is null)
        {
            EndKeyChange(flight, entry.Outcome?.Successful is not false, entry.Outcome?.Code);
        }
    }

    Task IInboxOwner.SaveAsync(IReadOnlyList<LedgerEntry> taken) =>
        SaveAsync(taken.Count > 0 ? FaultPoint.PaymentSettling : null, ends: false);

    // A failed write called off what runs beside the turns; what is stored says what is to go on.
    async Task IInboxOwner.RereadAsync()
    {
        await RereadAsync();
        if (State.Flight is { } flight)
        {
            Drive(flight, sentBefore: true);
        }
        else
        {
            StartNext();
        }
    }

    // One call of its own at a time, so that what others call comes between.
    private void StartDraining()
    {
        if (!_draining && !IsFaulted)
        {
            _draining = true;
            RunBeside(DrainAllAsync);
        }
    }

    private async Task DrainAllAsync()
    {
        try
        {
            while (_poked && !IsFaulted)
            {
                await Self.DrainAsync();
            }
        }
        catch (Exception exception)
        {
            // Whichever activation is there then tries again; should this process be gone, the sweep pokes.
            LogDrainFailed(exception, GrainKey);
            await Task.Delay(RetryPause, services.Time);
            Self.PokeAsync().Ignore();
        }
        finally
        {
            _draining = false;
        }
    }

    private void AfterTaking(FlightRecord? flight, IReadOnlyList<PaymentRecord> flying)
    {
        if (flight is null || State.Flight?.InnerHash == flight.InnerHash)
        {
            return;
        }

        StopDriving();
        LogOutcome([.. flying.Select(payment => _book.Find(payment.Id) ?? payment)], code: null);
        StartNext();
    }

    // What must never be is hidden from nobody: the balance follows the ledger, and whoever watches the log is told.
    private void WarnOf(LedgerEntry entry)
    {
        if (entry.Movement is { } movement && movement.From == State.Address
            && _book.FindFor(movement) is { Status: PaymentStatus.Failed } failed)
        {
            LogFailedPaymentOnLedger(failed.Id, movement.TransactionHash);
        }

        if (entry.Outcome is { } outcome && _book.IsForeign(outcome))
        {
            LogForeign(GrainKey, outcome.TransactionHash, outcome.FeeAccount == State.Address);
        }
    }

    [LoggerMessage(1051, LogLevel.Critical, "Payment {Payment} was reported failed, but the ledger holds its transaction {Hash}.")]
    private partial void LogFailedPaymentOnLedger(string payment, string hash);

    [LoggerMessage(1053, LogLevel.Critical,
        "Wallet {Wallet}: the ledger holds transaction {Hash}, which it did not make (own fee: {PaidFee}); somebody else may have its key.")]
    private partial void LogForeign(string wallet, string hash, bool paidFee);

    [LoggerMessage(1054, LogLevel.Warning, "Wallet {Wallet} could not drain its inbox; it is poked again.")]
    private partial void LogDrainFailed(Exception exception, string wallet);
}

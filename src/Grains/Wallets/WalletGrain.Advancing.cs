using Microsoft.Extensions.Logging;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Requests;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    public async Task AdvanceAsync(string transactionHash, SubmissionReport report)
    {
        RequireSound();
        if (State.Flight is not { } flight || !flight.HasHash(transactionHash))
        {
            return;
        }

        TakeAnswers();
        var flying = _book.Flying();
        switch (report.Outcome)
        {
            case SubmissionOutcome.Pending:
                if (_book.MarkSubmitted())
                {
                    await SaveAsync();
                }

                return;
            case SubmissionOutcome.FeeTooLow when transactionHash == flight.PresentHash():
                await BumpAsync(flight, report.FeeNeededStroops);
                return;
            case SubmissionOutcome.Succeeded:
                _book.Land(report.Ledger, report.TransactionHash, Now);
                EndKeyChange(flight, landed: true);
                break;
            // What was found out about a fee-bump that another has replaced says nothing of that one.
            case SubmissionOutcome.Terminal when transactionHash == flight.PresentHash():
                _book.Refuse(report, Now);
                EndKeyChange(flight, landed: false, report.Code);
                break;
            default:
                return;
        }

        await SaveAsync();
        LogOutcome(flying, report.Code);
        await StartNextAsync();
    }

    public async Task ApplyOperationsAsync(LedgerOperation[] operations)
    {
        RequireSound();
        if (State.Owner is null)
        {
            throw new InvalidOperationException($"Wallet {_key} has an address but no state.");
        }

        TakeAnswers();
        var (flight, flying) = (State.Flight, _book.Flying());
        var changed = false;
        foreach (var operation in operations)
        {
            WarnIfImpossible(operation);
            changed |= Change(() => ActivateBy(operation) | _book.Apply(operation, Now));
        }

        if (flight is not null && State.Flight is null)
        {
            EndKeyChange(flight, landed: true);
        }

        if (changed)
        {
            await SaveAsync(FaultPoint.PaymentSettling);
        }

        if (flight is not null && State.Flight is null)
        {
            StopDriving();
            LogOutcome(flying, code: null);
            await StartNextAsync();
        }
        else if (flight is not null && operations.Any(o => !o.Successful && flight.HasHash(o.TransactionHash)))
        {
            // A ledger holds that it failed; whoever looks now finds the reason.
            StopDriving();
            Drive(flight, sentBefore: true);
        }
    }

    public async Task WakeAsync()
    {
        RequireSound();
        if (State.Owner is null)
        {
            return;
        }

        var due = State.DueAt is { } at && at <= Now;
        _book.ExpireQuotes(Now);
        if (TakeSights())
        {
            await SaveAsync();
        }

        if (State.Status == WalletStatus.Opening)
        {
            await ContinueOpeningAsync();
        }
        else if (State.Flight is { } flight)
        {
            Drive(flight, sentBefore: true);
        }
        else
        {
            await StartNextAsync();
        }

        // Whatever was done, the index must not name this wallet again at once.
        if (_events.Any || (due && State.DueAt <= Now))
        {
            await SaveAsync();
        }

        StartLooking();
    }

    // The ledger holds what we called impossible: the one thing that must never be. Nothing is hidden: the balance
    // follows the ledger, and whoever watches the log is told.
    private void WarnIfImpossible(LedgerOperation operation)
    {
        if (operation.Successful && operation.From == State.Address && operation.PagingToken > State.LedgerCursor
            && _book.FindFor(operation) is { Status: PaymentStatus.Failed } failed)
        {
            LogFailedPaymentOnLedger(failed.Id, operation.TransactionHash);
        }
    }

    // Under the id of the request that confirmed each: what drives a payment to its end has no request of its own.
    private void LogOutcome(IReadOnlyList<PaymentRecord> payments, string? code)
    {
        foreach (var payment in payments)
        {
            using var scope = payment.RequestId is { } id ? logger.BeginScope(new RequestScope(id)) : null;
            if (PaymentTransitions.IsTerminal(payment.Status))
            {
                payment.RequestId = null;
                LogEnded(payment.Id, payment.Status, payment.TransactionHash, payment.Ledger, payment.FailureCode);
            }
            else
            {
                LogRequeued(payment.Id, payment.Signings, code);
            }
        }
    }

    [LoggerMessage(1052, LogLevel.Warning, "Payment {Payment} goes into another transaction, after {Signings}: {Code}.")]
    private partial void LogRequeued(string payment, int signings, string? code);

    [LoggerMessage(1050, LogLevel.Information, "Payment {Payment} ended {Status}: transaction {Hash}, ledger {Ledger}, code {Code}.")]
    private partial void LogEnded(string payment, PaymentStatus status, string? hash, long? ledger, string? code);

    [LoggerMessage(1051, LogLevel.Critical, "Payment {Payment} was reported failed, but the ledger holds its transaction {Hash}.")]
    private partial void LogFailedPaymentOnLedger(string payment, string hash);
}

using Microsoft.Extensions.Logging;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    public async Task AdvanceAsync(string transactionHash, SubmissionReport report)
    {
        RequireSound();
        if (State.Opening is { } opening && opening.Hash == transactionHash)
        {
            await AdvanceOpeningAsync(opening, report);
            return;
        }

        var payment = State.Payments.Find(p => p.TransactionHash == transactionHash);
        if (payment is null || !PaymentTransitions.IsInFlight(payment.Status))
        {
            return;
        }

        switch (report.Outcome)
        {
            case SubmissionOutcome.Succeeded:
                _book.Succeed(payment, report.Ledger, Now);
                break;
            case SubmissionOutcome.Terminal:
                _book.Fail(payment, report.Code ?? "tx_failed", report.Ledger, Now);
                break;
            case SubmissionOutcome.RetrySameEnvelope when payment.Status == PaymentStatus.Signed:
                _book.MarkSubmitted(payment);
                break;
            default:
                return;
        }

        await SaveAsync();
        if (PaymentTransitions.IsTerminal(payment.Status))
        {
            LogEnded(payment.Id, payment.Status, payment.TransactionHash, payment.Ledger, payment.FailureCode);
            await StartNextAsync();
        }
    }

    public async Task ApplyOperationsAsync(LedgerOperation[] operations)
    {
        RequireSound();
        if (State.Owner is null)
        {
            throw new InvalidOperationException($"Wallet {_key} has an address but no state.");
        }

        var inFlight = _book.InFlight;
        var changed = false;
        foreach (var operation in operations)
        {
            WarnIfImpossible(operation);
            changed |= Change(() => ActivateBy(operation) | _book.Apply(operation, Now));
        }

        if (changed)
        {
            await SaveAsync(FaultPoint.PaymentSettling);
        }

        if (inFlight is not null && PaymentTransitions.IsTerminal(inFlight.Status))
        {
            StopDriving();
            LogEnded(inFlight.Id, inFlight.Status, inFlight.TransactionHash, inFlight.Ledger, inFlight.FailureCode);
            await StartNextAsync();
        }

        if (State.Opening is { } opening && operations.Any(o => o.Successful && o.TransactionHash == opening.Hash))
        {
            StopDriving();
            await AdvanceOpeningAsync(opening, new SubmissionReport(SubmissionOutcome.Succeeded));
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
        if (State.Status == WalletStatus.Opening)
        {
            await ContinueOpeningAsync();
        }
        else if (_book.InFlight is { } payment)
        {
            Drive(payment, sentBefore: true);
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
    }

    // The ledger holds what we called impossible: the one thing that must never be. Nothing is hidden: the balance
    // follows the ledger, and whoever watches the log is told.
    private void WarnIfImpossible(LedgerOperation operation)
    {
        if (operation.Successful && operation.From == State.Address && operation.PagingToken > State.LedgerCursor
            && State.Payments.Find(p => p.HasHash(operation.TransactionHash) || p.HasHash(operation.InnerTransactionHash))
                is { Status: PaymentStatus.Failed } failed)
        {
            LogFailedPaymentOnLedger(failed.Id, operation.TransactionHash);
        }
    }

    [LoggerMessage(1050, LogLevel.Information, "Payment {Payment} ended {Status}: transaction {Hash}, ledger {Ledger}, code {Code}.")]
    private partial void LogEnded(string payment, PaymentStatus status, string? hash, long? ledger, string? code);

    [LoggerMessage(1051, LogLevel.Critical, "Payment {Payment} was reported failed, but the ledger holds its transaction {Hash}.")]
    private partial void LogFailedPaymentOnLedger(string payment, string hash);
}

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
                StartBumping(flight.InnerHash, report.FeeNeededStroops);
                return;
            case SubmissionOutcome.PayerEmpty when transactionHash == flight.PresentHash():
                services.FeePayers.NoteEmpty(flight.Payer!);
                if (flight.Unpaid is null)
                {
                    flight.Unpaid = true;
                    await SaveAsync();
                }

                StartRepaying(flight.InnerHash);
                return;
            case SubmissionOutcome.Succeeded:
                _book.LearnEarly(flight);
                _book.Land(report.Ledger, report.TransactionHash, Now);
                EndKeyChange(flight, landed: true);
                break;
            // What was found out about a fee-bump that another has replaced says nothing of that one.
            case SubmissionOutcome.Terminal when transactionHash == flight.PresentHash():
                if (report.Ledger is not null)
                {
                    _book.LearnEarly(flight);
                }

                _book.Refuse(report, Now);
                EndKeyChange(flight, landed: false, report.Code);
                break;
            default:
                return;
        }

        await SaveAsync();
        LogOutcome(flying, report.Code);
        StartNext();
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
            ContinueOpening();
        }
        else if (State.Flight is { } flight)
        {
            Drive(flight, sentBefore: true);
        }
        else
        {
            StartNext();
        }

        // Whatever was done, the index must not name this wallet again at once.
        if (_events.Any || (due && State.DueAt <= Now))
        {
            await SaveAsync();
        }

        StartLooking();
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
}

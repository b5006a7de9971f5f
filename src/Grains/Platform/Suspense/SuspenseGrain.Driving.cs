using Microsoft.Extensions.Logging;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Platform.Suspense;

internal sealed partial class SuspenseGrain
{
    public async Task WakeAsync()
    {
        if (await services.Suspense.FindSendingAsync(CancellationToken.None) is not { Decision: { } decision })
        {
            if (State.DueAt is not null)
            {
                await StoreAsync(state => state.DueAt = null);
            }

            return;
        }

        await StoreAsync(state => state.DueAt = Now + ResumeAfter);
        Drive(decision, sentBefore: true);
    }

    private async Task AdvanceAsync(string transactionHash, SubmissionReport report)
    {
        if (await services.Suspense.FindSendingAsync(CancellationToken.None) is not { Decision: { } decision } deposit
            || decision.Hash != transactionHash
            || report.Outcome is not (SubmissionOutcome.Succeeded or SubmissionOutcome.Terminal))
        {
            return;
        }

        // A failure is for good: this transaction can never be applied, so the deposit may be decided anew.
        var succeeded = report.Outcome == SubmissionOutcome.Succeeded;
        await services.Suspense.MoveAsync(
            deposit.Id,
            SuspenseStatus.Sending,
            succeeded ? decision.Outcome : SuspenseStatus.Open,
            decision with
            {
                Envelope = null,
                CompletedLedger = succeeded ? report.Ledger : null,
                Failure = succeeded ? null : report.Code ?? "tx_failed",
            },
            CancellationToken.None);
        LogEnded(deposit.Id, succeeded ? decision.Outcome : SuspenseStatus.Open, transactionHash, report.Code);
        await StoreAsync(state => state.DueAt = null);
    }

    protected override Task TellAsync(string transactionHash, SubmissionReport report) =>
        InTurnAsync(() => AdvanceAsync(transactionHash, report));

    private void Drive(SuspenseDecision decision, bool sentBefore)
    {
        if (decision is { Envelope: { } envelope, Hash: { } hash, Source: { } source, MaxTime: { } maxTime })
        {
            Drive(new SignedTransaction(source, envelope, hash, decision.SequenceNumber, maxTime), sentBefore);
        }
    }

    [LoggerMessage(1341, LogLevel.Information, "Deposit {Deposit} is {Status}: transaction {Hash} {Code}.")]
    private partial void LogEnded(string deposit, SuspenseStatus status, string hash, string? code);
}

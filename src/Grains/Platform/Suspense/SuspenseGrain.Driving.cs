using Microsoft.Extensions.Logging;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Platform.Suspense;

internal sealed partial class SuspenseGrain
{
    private static readonly TimeSpan ResumeAfter = TimeSpan.FromSeconds(10);

    private CancellationTokenSource? _driving;
    private bool _unsound;

    public async Task WakeAsync()
    {
        RequireSound();
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

    public async Task AdvanceAsync(string transactionHash, SubmissionReport report)
    {
        RequireSound();
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

    private void Drive(SuspenseDecision decision, bool sentBefore)
    {
        if (_driving is not null || decision is not { Envelope: { } envelope, Hash: { } hash, Source: { } source, MaxTime: { } maxTime })
        {
            return;
        }

        var driving = new CancellationTokenSource();
        _driving = driving;
        var transaction = new SignedTransaction(source, envelope, hash, decision.SequenceNumber, maxTime);
        // Beside the turns, on the grain's own scheduler; without the caller's context, which ends with the call.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Factory.StartNew(
                () => DriveAsync(transaction, sentBefore, driving), CancellationToken.None, TaskCreationOptions.None,
                TaskScheduler.Current);
        }
    }

    private async Task DriveAsync(SignedTransaction transaction, bool sentBefore, CancellationTokenSource driving)
    {
        try
        {
            var report = await services.Driver.DriveAsync(transaction, sentBefore, watch: null, driving.Token);
            await GrainFactory.GetGrain<ISuspenseGrain>(Name).AdvanceAsync(transaction.Hash, report);
        }
        catch (Exception exception)
        {
            // The wake-up that is stored begins again.
            LogDrivingFailed(exception, transaction.Hash);
        }
        finally
        {
            _driving = null;
            driving.Dispose();
        }
    }

    private async Task StoreAsync(Action<SuspenseState> change)
    {
        change(State);
        try
        {
            await storage.WriteStateAsync();
        }
        catch
        {
            // What is stored is not known: this activation serves nobody any more.
            _unsound = true;
            DeactivateOnIdle();
            throw;
        }
    }

    private void RequireSound()
    {
        if (_unsound)
        {
            DeactivateOnIdle();
            throw new OrleansException("The suspense account could not be stored. Please try again.");
        }
    }

    [LoggerMessage(1341, LogLevel.Information, "Deposit {Deposit} is {Status}: transaction {Hash} {Code}.")]
    private partial void LogEnded(string deposit, SuspenseStatus status, string hash, string? code);

    [LoggerMessage(1342, LogLevel.Warning, "Driving of transaction {Hash} stopped; a wake-up resumes it.")]
    private partial void LogDrivingFailed(Exception exception, string hash);
}

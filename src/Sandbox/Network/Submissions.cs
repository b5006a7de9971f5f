using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Network;

/// <summary>What a submission came to: a ledger's transaction, or the queue's refusal; neither if the time was up.</summary>
internal sealed record SubmissionOutcome(HistoryTransaction? Transaction, TransactionResult? Refusal);

/// <summary>Submits a transaction and waits for the ledger that takes it.</summary>
internal static class Submissions
{
    public static async Task<SubmissionOutcome> SubmitAsync(
        this SandboxNetwork network, TransactionFrame frame, CancellationToken cancellation)
    {
        var ledger = network.LatestLedger;
        if (network.History.Transaction(frame.ContentsHash) is { } earlier)
        {
            return new SubmissionOutcome(earlier, null);
        }

        var submission = network.Submit(frame);
        if (submission is { Status: SubmissionStatus.Error, Result: { } refusal })
        {
            // It may have been applied since it was looked for: then its sequence number is used up.
            return network.History.Transaction(frame.ContentsHash) is { } applied
                ? new SubmissionOutcome(applied, null)
                : new SubmissionOutcome(null, refusal);
        }

        using var timeout = new CancellationTokenSource(network.Options.SubmissionTimeout, network.Clock.Source);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(
            timeout.Token, cancellation, network.Stopping);
        try
        {
            while (true)
            {
                await network.LedgerAfterAsync(ledger, over.Token);
                ledger = network.LatestLedger;
                if (network.History.Transaction(frame.ContentsHash) is { } transaction)
                {
                    return new SubmissionOutcome(transaction, null);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new SubmissionOutcome(null, null);
        }
    }

    /// <summary>Lets one of the sandbox's own accounts act, and waits for the ledger; null if there was nothing to do.</summary>
    public static async Task<(bool Answered, HistoryTransaction? Transaction)> ActAsync(
        this SandboxNetwork network, SigningKey source, PlanOperation plan, CancellationToken cancellation)
    {
        if (!network.OwnTransactions.TryAdd(source, plan, out var outcome))
        {
            return (false, null);
        }

        network.WorkArrived();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation, network.Stopping);
        try
        {
            return (true, await outcome.WaitAsync(network.Options.SubmissionTimeout, network.Clock.Source, over.Token));
        }
        catch (Exception exception) when (exception is TimeoutException
            || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return (false, null);
        }
    }
}

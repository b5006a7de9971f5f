using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Payments.Tracing;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>Where is my money: the stored events, and for what is under way the network's own word.</summary>
internal sealed class WalletTraces(
    IPaymentArchive archive, NetworkClock clock, INetworkQuestions network, QuestionBudget budget, TimeProvider time)
{
    // Whoever asks is told rather that the network hesitates than kept.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const string Acknowledged = "pending";

    private static readonly Error NoSuchPayment =
        new(ErrorKind.NotFound, "payment_not_found", "There is no such payment.");

    /// <summary>The trace of a payment of a wallet.</summary>
    public async Task<Result<PaymentTrace>> GetAsync(IWalletContext wallet, PaymentId payment)
    {
        var events = await archive.ReadAsync(payment, CancellationToken.None);
        if (events is not [.., var latest] || latest.Data.WalletId != wallet.Key)
        {
            return NoSuchPayment;
        }

        var kept = await wallet.InTurnAsync(() => Task.FromResult(Kept(wallet, payment)));
        var view = kept?.View ?? ArchivedPayment.ToView(latest.Data);
        var network = kept?.Submitted is { } submitted ? await AskNetworkAsync(wallet, submitted.InnerHash, kept.MaxTime) : null;
        var acknowledged = kept?.Submitted?.Attempts?.Any(attempt => attempt.Outcome == Acknowledged) is true;
        var steps = TraceBuilder.Steps(events, kept?.Submitted);
        if (kept is { Settled: true } && !steps.Any(s => s.Step == TraceSteps.Settled))
        {
            // Before what became of a claimable balance later.
            var onLedger = Array.FindLastIndex(steps, s => s.Step == TraceSteps.OnLedger);
            var next = onLedger < 0 ? steps.Length : onLedger + 1;
            steps = [.. steps[..next], new TraceStep(steps[next - 1].At, TraceSteps.Settled), .. steps[next..]];
        }

        return new PaymentTrace(view, TraceSummary.Of(view, network, acknowledged, kept?.Outbid is true), steps, network);
    }

    // As it is stored, and what the network answered since.
    private static KeptPayment? Kept(IWalletContext wallet, PaymentId id)
    {
        if (wallet.Book.Payments.Find(id.Value) is not { } payment)
        {
            return null;
        }

        var submission = PaymentTransitions.IsProcessing(payment.Status) ? wallet.State.Submission : null;
        var said = submission is null
            ? null
            : SubmissionEvents.Answered(submission, payment, [.. wallet.Engine.Answers(submission)]);
        return new KeptPayment(payment.ToView(wallet.Id), payment.Settled, said, submission?.MaxTime ?? default,
            submission?.Outbid is true);
    }

    private async Task<NetworkWord> AskNetworkAsync(IWalletContext wallet, string innerHash, DateTimeOffset maxTime)
    {
        var silent = new NetworkWord(null, null, null, null, maxTime);
        if (budget.Take(wallet.State.Address) is not null)
        {
            return silent;
        }

        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            var latest = await clock.GetAsync(patience.Token);
            var found = await network.FindTransactionAsync(innerHash, patience.Token);
            return new NetworkWord(latest.Sequence, latest.ClosedAt, found?.Ledger, found?.Successful, maxTime);
        }
        catch (Exception e) when (e is NetworkUnavailableException || (e is OperationCanceledException && patience.IsCancellationRequested))
        {
            return silent;
        }
    }

    private sealed record KeptPayment(
        PaymentView View, bool Settled, SubmissionEventData? Submitted, DateTimeOffset MaxTime, bool Outbid);
}

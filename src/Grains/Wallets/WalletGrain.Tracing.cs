using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Payments.Tracing;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

// Where is my money: the stored events, and for what is under way the network's own word.
internal sealed partial class WalletGrain
{
    // A network that hesitates must not hold up the wallet.
    private static readonly TimeSpan NetworkPatience = TimeSpan.FromSeconds(2);

    public async Task<Result<PaymentTrace>> GetTraceAsync(UserId caller, PaymentId payment)
    {
        RequireSound();
        if (!IsOwner(caller))
        {
            return NoSuchWallet;
        }

        var events = await services.Archive.ReadAsync(payment, CancellationToken.None);
        if (events is not [.., var latest] || latest.Data.WalletId != GrainKey)
        {
            return NoSuchPayment;
        }

        var kept = _book.Find(payment.Value);
        var view = kept?.ToView(Id) ?? ArchivedPayment.ToView(latest.Data);
        var flight = kept is not null && PaymentTransitions.IsInFlight(kept.Status) ? State.Flight : null;
        var network = flight is null ? null : await AskNetworkAsync(flight);
        var steps = TraceBuilder.Steps(events, flight is null ? null : FlightEvents.Answered(flight, kept!, [.. Answers(flight)]));
        if (kept is { Settled: true } && !steps.Any(s => s.Step == TraceSteps.Settled))
        {
            // Before what became of a claimable balance later.
            var onLedger = Array.FindLastIndex(steps, s => s.Step == TraceSteps.OnLedger);
            var next = onLedger < 0 ? steps.Length : onLedger + 1;
            steps = [.. steps[..next], new TraceStep(steps[next - 1].At, TraceSteps.Settled), .. steps[next..]];
        }

        return new PaymentTrace(view, TraceSummary.Of(view, network), steps, network);
    }

    private async Task<NetworkWord> AskNetworkAsync(FlightRecord flight)
    {
        using var patience = new CancellationTokenSource(NetworkPatience, services.Time);
        try
        {
            var latest = await services.Clock.GetAsync(patience.Token);
            var found = await services.Gateway.FindTransactionAsync(flight.InnerHash, patience.Token);
            return new NetworkWord(latest.Sequence, latest.ClosedAt, found?.Ledger, found?.Successful, flight.MaxTime);
        }
        catch (Exception e) when (e is NetworkUnavailableException || (e is OperationCanceledException && patience.IsCancellationRequested))
        {
            return new NetworkWord(null, null, null, null, flight.MaxTime);
        }
    }
}

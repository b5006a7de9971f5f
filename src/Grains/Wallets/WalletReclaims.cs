using System.Globalization;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>How a payer gets back what waits on the ledger for a recipient who has not claimed it.</summary>
internal sealed partial class WalletReclaims(
    IPaymentGate gate, NetworkClock clock, TimeProvider time, ILogger<WalletReclaims> logger)
{
    private static readonly Error NotReclaimable = new(ErrorKind.Conflict, "not_reclaimable",
        "The payment is no claimable balance that waits on the ledger.");

    private static readonly Error AlreadyClaimed = new(ErrorKind.Conflict, "already_claimed",
        "The recipient has claimed the payment.");

    private static readonly Error AlreadyReclaimed = new(ErrorKind.Conflict, "already_reclaimed",
        "The payment has been taken back already.");

    private static readonly Error WasClawedBack = new(ErrorKind.Conflict, "clawed_back",
        "The issuer of the asset has taken the payment back.");

    /// <summary>Takes a payment back.</summary>
    public async Task<Result<PaymentView>> ReclaimAsync(
        IWalletContext wallet, PaymentId payment, CancellationToken cancellationToken)
    {
        // Only a turn sees what is stored. Where that waits to be taken back, the ledger's time is asked beside it.
        var answer = await wallet.InTurnAsync(() => DecideAsync(wallet, payment, ledgerTime: null, cancellationToken));
        if (answer is not null)
        {
            return answer;
        }

        if (await gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        using var patience = new CancellationTokenSource(QuoteFactsReader.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        DateTimeOffset ledgerTime;
        try
        {
            ledgerTime = (await clock.GetAsync(either.Token)).ClosedAt;
        }
        catch (NetworkUnavailableException)
        {
            return QuoteFactsReader.Unavailable;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return QuoteFactsReader.Slow;
        }

        return (await wallet.InTurnAsync(() => DecideAsync(wallet, payment, ledgerTime, cancellationToken)))!;
    }

    // Whether it is still there, the ledger says to the claim; what a replica shows proves nothing. Null where the ledger's time
    // decides, and was not asked for.
    private async Task<Result<PaymentView>?> DecideAsync(
        IWalletContext wallet, PaymentId id, DateTimeOffset? ledgerTime, CancellationToken cancellationToken)
    {
        if (wallet.State.Frozen is not null)
        {
            return WalletCompliance.Frozen;
        }

        if (wallet.Book.Payments.Find(id.Value) is not { Claimable: { Status: ClaimStatus.Open } claimable } payment)
        {
            return Ended(await wallet.Answers.FindAsync(id, cancellationToken));
        }

        if (ledgerTime is not { } now)
        {
            return null;
        }

        if (now < claimable.ReclaimableAfter)
        {
            return new Error(ErrorKind.Conflict, "not_reclaimable_yet", string.Create(CultureInfo.InvariantCulture,
                $"The payment can be taken back from {claimable.ReclaimableAfter:yyyy-MM-dd HH:mm:ss} UTC on."));
        }

        // Stored before anything is signed: from here on it is carried out, once, whatever happens.
        wallet.Book.Claims.Reclaim(payment);
        await wallet.SaveAsync();
        LogReclaiming(payment.Id);
        wallet.Engine.StartNext();
        return payment.ToView(wallet.Id);
    }

    // What a payment that is no more to be taken back answers; one that is being taken back answers as itself.
    private static Result<PaymentView> Ended(Result<PaymentView> found) =>
        found.IsSuccess && found.Value.Claimable?.Status != ClaimStatus.Reclaiming ? Ended(found.Value.Claimable?.Status) : found;

    private static Error Ended(ClaimStatus? status) => status switch
    {
        null => NotReclaimable,
        ClaimStatus.Reclaimed => AlreadyReclaimed,
        ClaimStatus.ClawedBack => WasClawedBack,
        _ => AlreadyClaimed,
    };

    [LoggerMessage(1734, LogLevel.Information, "Payment {Payment} is taken back from where it waits to be claimed.")]
    private partial void LogReclaiming(string payment);
}

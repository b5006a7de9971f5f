using System.Globalization;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

// Payments that wait on the ledger for recipients who cannot receive them yet, and how their payer gets them back.
internal sealed partial class WalletGrain
{
    private static readonly Error NotReclaimable = new(ErrorKind.Conflict, "not_reclaimable",
        "The payment is no claimable balance that waits on the ledger.");

    private static readonly Error AlreadyClaimed = new(ErrorKind.Conflict, "already_claimed",
        "The recipient has claimed the payment.");

    private static readonly Error AlreadyReclaimed = new(ErrorKind.Conflict, "already_reclaimed",
        "The payment has been taken back already.");

    private static readonly Error WasClawedBack = new(ErrorKind.Conflict, "clawed_back",
        "The issuer of the asset has taken the payment back.");

    public async Task<Result<PaymentView>> ReclaimAsync(
        UserId caller, PaymentId payment, CancellationToken cancellationToken = default)
    {
        RequireSound();
        if (!IsOwner(caller))
        {
            return NoSuchWallet;
        }

        if (State.Frozen is not null)
        {
            return WalletFrozen;
        }

        if (_book.Find(payment.Value) is { Claimable: { Status: ClaimStatus.Open } claimable })
        {
            return await ReclaimAsync(payment, claimable, cancellationToken);
        }

        var found = await FindPaymentAsync(payment, cancellationToken);
        return Ended(found);
    }

    private async Task<Result<PaymentView>> ReclaimAsync(
        PaymentId payment, ClaimableRecord claimable, CancellationToken cancellationToken)
    {
        if (await services.Gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        using var patience = new CancellationTokenSource(QuoteFactsReader.Patience, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var latest = await services.Clock.GetAsync(either.Token);
            if (latest.ClosedAt < claimable.ReclaimableAfter)
            {
                return new Error(ErrorKind.Conflict, "not_reclaimable_yet", string.Create(CultureInfo.InvariantCulture,
                    $"The payment can be taken back from {claimable.ReclaimableAfter:yyyy-MM-dd HH:mm:ss} UTC on."));
            }

            return await InTurnAsync(() => DecideReclaimAsync(payment, cancellationToken));
        }
        catch (NetworkUnavailableException unavailable)
        {
            return Unavailable(unavailable);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return QuoteFactsReader.Slow;
        }
    }

    // Whether it is still there, the ledger says to the claim; what a replica shows proves nothing.
    private async Task<Result<PaymentView>> DecideReclaimAsync(PaymentId id, CancellationToken cancellationToken)
    {
        if (_book.Find(id.Value) is not { Claimable.Status: ClaimStatus.Open } payment)
        {
            var found = await FindPaymentAsync(id, cancellationToken);
            return Ended(found);
        }

        // Stored before anything is signed: from here on it is carried out, once, whatever happens.
        _book.Reclaim(payment);
        await SaveAsync();
        LogReclaiming(payment.Id);
        StartNext();
        return payment.ToView(Id);
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

    // What a claimable balance would cure is said with the refusal, and done where it was asked for.
    private (ClaimableRecord? Claimable, Error? Refusal) OfferClaimable(QuoteFacts facts, int? days, Error refusal)
    {
        if (!ClaimableTerms.Helps(refusal, facts.Terms))
        {
            return (null, refusal);
        }

        var hindrance = ClaimableTerms.Check(
            facts.Destination, facts.Own, facts.Terms, _book.OpenClaimables, WalletBook.MaxOpenClaimables,
            services.Claims.MinimumStroops);
        if (days is null)
        {
            return (null, hindrance is null
                ? refusal with { Message = $"{refusal.Message} It can be sent as a claimable balance: ask again with \"claimable\": true." }
                : refusal);
        }

        if (hindrance is not null || facts.Latest is not { } latest)
        {
            return (null, hindrance ?? QuoteFactsReader.Unavailable);
        }

        var wait = TimeSpan.FromDays(days.Value);
        var seconds = (latest.ClosedAt + wait).ToUnixTimeSeconds();
        return (new ClaimableRecord { ReclaimableAfter = DateTimeOffset.FromUnixTimeSeconds(seconds), LookAt = Now + wait }, null);
    }

    private static void SetAside(PaymentRecord payment, ClaimableRecord? claimable)
    {
        if (claimable is not null)
        {
            payment.Method = PaymentMethod.ClaimableBalance;
            payment.Claimable = claimable;
        }
    }

    [LoggerMessage(1734, LogLevel.Information, "Payment {Payment} is taken back from where it waits to be claimed.")]
    private partial void LogReclaiming(string payment);
}

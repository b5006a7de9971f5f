using Microsoft.Extensions.Logging;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Requests;
using StellarPay.Grains.Results;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    private static readonly Error QuoteExpired =
        new(ErrorKind.Conflict, "payment_expired", "The quote has expired. Please ask for a new one.");

    private static readonly Error PaymentIsCancelled =
        new(ErrorKind.Conflict, "payment_cancelled", "The payment was cancelled.");

    private static readonly Error NotCancellable = new(
        ErrorKind.Conflict, "payment_not_cancellable", "The payment has been signed and can no longer be cancelled.");

    public async Task<Result<PaymentView>> ConfirmAsync(
        UserId caller, PaymentId payment, string? idempotencyKey, CancellationToken cancellationToken = default)
    {
        RequireSound();
        if (!IsOwner(caller))
        {
            return NoSuchWallet;
        }

        if (IdempotencyLedger.Check(idempotencyKey) is { } keyError)
        {
            return keyError;
        }

        var fingerprint = IdempotencyLedger.Fingerprint(payment.Value);
        var answered = await FindKeyAsync(IdempotencyLedger.Confirm, idempotencyKey, fingerprint, cancellationToken);
        if (answered is not null)
        {
            return await AnsweredAsync(answered, cancellationToken);
        }

        return _book.Find(payment.Value) switch
        {
            null => await ConfirmedBeforeAsync(payment, cancellationToken),
            { Status: PaymentStatus.Pending } pending => await ConfirmAsync(pending, idempotencyKey, fingerprint, cancellationToken),
            // What is in memory may be on its way to storage, and may not arrive: only a turn sees what is stored.
            _ => await InTurnAsync(() => DecideConfirmAsync(
                payment.Value, new ConfirmFacts(null, null), idempotencyKey, fingerprint, cancellationToken)),
        };
    }

    // Beside the turns: a path payment's price of this moment, and what signing needs. Then it is decided in a turn.
    private async Task<Result<PaymentView>> ConfirmAsync(
        PaymentRecord pending, string? idempotencyKey, string fingerprint, CancellationToken cancellationToken)
    {
        var hops = default(Result<string[]>?);
        var facts = default(Result<SigningFacts>?);
        if (pending.ExpiresAt > Now)
        {
            hops = pending.Path is { } path
                ? await services.Facts.RecheckAsync(pending, path, _book.FailedPaths(Now), cancellationToken)
                : null;
            if (hops?.Error is { } moved)
            {
                LogPriceMoved(pending.Id, moved.Code, moved.Message);
                return moved;
            }

            facts = await PrepareSigningAsync(pending.Claimable is not null, cancellationToken);
        }

        return await InTurnAsync(() => DecideConfirmAsync(
            pending.Id, new ConfirmFacts(hops?.Value, facts), idempotencyKey, fingerprint, cancellationToken));
    }

    private async Task<Result<PaymentView>> DecideConfirmAsync(
        string id, ConfirmFacts facts, string? idempotencyKey, string fingerprint, CancellationToken cancellationToken)
    {
        var answered = await FindKeyAsync(IdempotencyLedger.Confirm, idempotencyKey, fingerprint, cancellationToken);
        if (answered is not null)
        {
            return await AnsweredAsync(answered, cancellationToken);
        }

        return _book.Find(id) switch
        {
            null => await ConfirmedBeforeAsync(PaymentId.Parse(id), cancellationToken),
            { Status: PaymentStatus.Expired } => QuoteExpired,
            { Status: PaymentStatus.Cancelled } => PaymentIsCancelled,
            { Status: PaymentStatus.Pending } pending when pending.ExpiresAt <= Now => await ExpireAsync(),
            { Status: PaymentStatus.Pending } pending => await UnlessKeyIsTakenAsync(
                () => ConfirmPendingAsync(pending, facts, idempotencyKey, fingerprint, cancellationToken)),
            // Confirmed before: the payment itself makes the repeat harmless.
            { } confirmed => confirmed.ToView(Id),
        };
    }

    // One that the wallet keeps no more is over, whatever is asked of it.
    private async Task<Result<PaymentView>> ConfirmedBeforeAsync(PaymentId payment, CancellationToken cancellationToken)
    {
        var found = await FindPaymentAsync(payment, cancellationToken);
        return found switch
        {
            { Value.Status: PaymentStatus.Expired } => QuoteExpired,
            { Value.Status: PaymentStatus.Cancelled } => PaymentIsCancelled,
            _ => found,
        };
    }

    public async Task<Result<PaymentView>> CancelAsync(UserId caller, PaymentId payment)
    {
        RequireSound();
        if (!IsOwner(caller))
        {
            return NoSuchWallet;
        }

        switch (_book.Find(payment.Value))
        {
            case null:
                return await ConfirmedBeforeAsync(payment, CancellationToken.None) switch
                {
                    { IsSuccess: true } => NotCancellable,
                    { Error.Code: "payment_cancelled" } => await FindPaymentAsync(payment, CancellationToken.None),
                    var refused => refused,
                };
            case { Status: PaymentStatus.Expired }:
                return QuoteExpired;
            case { Status: PaymentStatus.Pending } pending when pending.ExpiresAt <= Now:
                return await ExpireAsync();
            case { Status: PaymentStatus.Pending or PaymentStatus.Queued } open:
                _book.Cancel(open, Now);
                await SaveAsync();
                return open.ToView(Id);
            case { Status: PaymentStatus.Cancelled } cancelled:
                return cancelled.ToView(Id);
            default:
                return NotCancellable;
        }
    }

    private async Task<Result<PaymentView>> ExpireAsync()
    {
        _book.ExpireQuotes(Now);
        await SaveAsync();
        return QuoteExpired;
    }

    private async Task<Result<PaymentView>> ConfirmPendingAsync(
        PaymentRecord payment, ConfirmFacts facts, string? idempotencyKey, string fingerprint, CancellationToken cancellationToken)
    {
        if (await CheckComplianceAsync(payment, cancellationToken) is { } denied)
        {
            return denied;
        }

        if (facts.Signing is not { } signing)
        {
            return QuoteFactsReader.Unavailable;
        }

        // While nobody can pay fees what is confirmed waits; it is not the payer's fault.
        if (!signing.IsSuccess && signing.Error != FeePayers.NoneHasXlm)
        {
            return signing.Error;
        }

        var quoted = payment.Path?.Hops;
        payment.Path?.Hops = [.. facts.Hops ?? []];
        FlightRecord? signed = null;
        if (signing.IsSuccess && !_book.IsFlying && !_book.HasQueued && State.NextKey is null)
        {
            var kept = false;
            try
            {
                var made = await SignAsync([payment], signing.Value, cancellationToken);
                if (!made.IsSuccess)
                {
                    return made.Error;
                }

                signed = made.Value;
                kept = true;
            }
            finally
            {
                // Nothing of a confirmation that came to nothing stays in memory.
                payment.Path?.Hops = kept ? payment.Path.Hops : quoted!;
            }
        }

        RememberKey(IdempotencyLedger.Confirm, idempotencyKey, fingerprint, payment.Id);
        payment.RequestId = RequestContext.Get(RequestIds.ContextKey) as string;
        PaymentSignals.Confirmed(payment, Now);
        if (signed is null)
        {
            _book.Queue(payment);
            await SaveAsync();
            StartNext();
        }
        else
        {
            await StartAsync([payment], signed);
        }

        await services.Faults.HitAsync(FaultPoint.PaymentReplying, GrainKey);
        return payment.ToView(Id);
    }

    [LoggerMessage(1710, LogLevel.Information, "Payment {Payment} is not confirmed: {Code}. {Reason}")]
    private partial void LogPriceMoved(string payment, string code, string reason);

    /// <summary>What was found out for a confirmation beside the turns.</summary>
    private sealed record ConfirmFacts(string[]? Hops, Result<SigningFacts>? Signing);
}

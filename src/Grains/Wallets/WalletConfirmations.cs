using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Requests;
using StellarPay.Grains.Results;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// Confirms and cancels quoted payments. A confirmed payment is signed and stored in one turn, or waits for the wallet's
/// transaction that is under way.
/// </summary>
internal sealed partial class WalletConfirmations(
    QuoteFactsReader reader, WalletCompliance compliance, WalletStepUp stepUp, IFaultPoints faults, WalletSettings settings,
    ILogger<WalletConfirmations> logger)
{
    private const int MaxTries = 3;

    private static readonly Error QuoteExpired =
        new(ErrorKind.Conflict, "payment_expired", "The quote has expired. Please ask for a new one.");

    private static readonly Error PaymentIsCancelled =
        new(ErrorKind.Conflict, "payment_cancelled", "The payment was cancelled.");

    private static readonly Error NotCancellable = new(
        ErrorKind.Conflict, "payment_not_cancellable", "The payment has been signed and can no longer be cancelled.");

    private static readonly Error IsConfirmed = new(
        ErrorKind.Conflict, "payment_not_cancellable", "The payment has been confirmed.");

    /// <summary>Confirms a quoted payment.</summary>
    public async Task<Result<PaymentView>> ConfirmAsync(
        IWalletContext wallet, PaymentId payment, string? idempotencyKey, PayerProof proof, CancellationToken cancellationToken)
    {
        if (IdempotencyLedger.Check(idempotencyKey) is { } keyError)
        {
            return keyError;
        }

        // A repeat costs the network no question.
        var fingerprint = IdempotencyLedger.Fingerprint(payment.Value);
        if (await wallet.Answers.FindKeyAsync(
            IdempotencyLedger.Confirm, idempotencyKey, fingerprint, wallet.Now, cancellationToken) is { } answered)
        {
            return await wallet.InTurnAsync(() => wallet.Answers.RepeatAsync(answered, cancellationToken));
        }

        // What is in memory may be on its way to storage, and may not arrive: only a turn sees what is stored. Where that is
        // another thing than was seen beside it, what it needs is asked then.
        var order = new ConfirmOrder(payment, idempotencyKey, proof);
        var answer = default(Result<PaymentView>);
        for (var tries = 0; answer is null && tries < MaxTries; tries++)
        {
            var facts = await AskAsync(wallet, payment, cancellationToken);
            answer = facts.IsSuccess
                ? await wallet.InTurnAsync(() => DecideAsync(wallet, order, facts.Value, cancellationToken))
                : facts.Error;
        }

        return answer ?? QuoteFactsReader.Unavailable;
    }

    // Beside the turns: a path payment's price of this moment, and what signing needs.
    private async Task<Result<ConfirmFacts>> AskAsync(
        IWalletContext wallet, PaymentId payment, CancellationToken cancellationToken)
    {
        if (wallet.Book.Payments.Find(payment.Value) is { Status: PaymentStatus.Pending } pending && pending.ExpiresAt > wallet.Now)
        {
            var hops = pending.Path is { } path
                ? await reader.RecheckAsync(
                    wallet.State.Address, pending, path, FailedPaths.Of(wallet.State, wallet.Now), cancellationToken)
                : default(Result<string[]>?);
            if (hops?.Error is { } moved)
            {
                LogPriceMoved(pending.Id, moved.Code, moved.Message);
                return moved;
            }

            if (await reader.RecheckSessionAsync(pending, wallet.Now, cancellationToken) is { } over)
            {
                LogSessionOver(pending.Id, over.Code);
                return over;
            }

            var sponsored = PaymentKinds.Of(pending).NeedsSponsor;
            return new ConfirmFacts(hops?.Value, await wallet.Engine.PrepareAsync(sponsored, cancellationToken));
        }

        return new ConfirmFacts(Hops: null, Signing: null);
    }

    /// <summary>Cancels a payment that is not signed. In a turn.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="payment">Which.</param>
    /// <param name="onlyQuote">Whether one that was confirmed is left alone.</param>
    public async Task<Result<PaymentView>> CancelAsync(IWalletContext wallet, PaymentId payment, bool onlyQuote)
    {
        var payments = wallet.Book.Payments;
        switch (payments.Find(payment.Value))
        {
            case null:
                return await OverAsync(wallet, payment, CancellationToken.None) switch
                {
                    { IsSuccess: true } => NotCancellable,
                    { Error.Code: "payment_cancelled" } => await wallet.Answers.FindAsync(payment, CancellationToken.None),
                    var refused => refused,
                };
            case { Status: PaymentStatus.Expired }:
                return QuoteExpired;
            case { Status: PaymentStatus.Pending } pending when pending.ExpiresAt <= wallet.Now:
                return await ExpireAsync(wallet);
            case { Status: PaymentStatus.Queued } when onlyQuote:
                return IsConfirmed;
            // What a closing wallet pays out is not cancelled: what is left would leave with its account, and count against no limit.
            // Nor what somebody has a right to by his confirmed name.
            case { Status: PaymentStatus.Pending or PaymentStatus.Queued } open
                when wallet.State.Closing is null && !wallet.Book.Invitations.IsPaying(open):
                payments.Cancel(open, wallet.Now);
                await wallet.SaveAsync();
                return open.ToView(wallet.Id);
            case { Status: PaymentStatus.Cancelled } cancelled:
                return cancelled.ToView(wallet.Id);
            default:
                return NotCancellable;
        }
    }

    /// <summary>
    /// Signs a payment that is confirmed, where it need not wait for others. In a turn, and changes nothing but the payment's
    /// way through the offers.
    /// </summary>
    public async Task<Confirmation> SignNowAsync(
        IWalletContext wallet, PaymentRecord payment, ConfirmFacts facts, CancellationToken cancellationToken)
    {
        if ((await compliance.CheckAsync(wallet, payment, cancellationToken)
            ?? SessionRules.CheckOnce(wallet.State.Payments, payment, wallet.Now)) is { } denied)
        {
            return new Confirmation(Submission: null, denied);
        }

        if (payment.Opening is not null)
        {
            return new Confirmation(Submission: null, Refusal: null);
        }

        // While nobody can pay fees what is confirmed waits; it is not the payer's fault.
        var refusal = facts.Signing is { } prepared ? prepared.Error : QuoteFactsReader.Unavailable;
        if (refusal is not null && refusal != FeePayers.NoneHasXlm)
        {
            return new Confirmation(Submission: null, refusal);
        }

        if (refusal is not null || wallet.Book.Submissions.IsUnderWay || wallet.Book.Payments.HasQueued
            || wallet.State.NextKey is not null)
        {
            return new Confirmation(Submission: null, Refusal: null);
        }

        var signing = facts.Signing!.Value!;
        if (SessionRules.CheckTime(payment, signing.Latest.ClosedAt) is { } over)
        {
            return new Confirmation(Submission: null, over);
        }

        var plan = PaymentWork.PlanOf(wallet.State.Address, [payment], signing);
        var signed = plan.IsSuccess
            ? await wallet.Engine.SignAsync(plan.Value, signing, cancellationToken)
            : plan.Error;
        return signed.IsSuccess ? new Confirmation(signed.Value, Refusal: null) : new Confirmation(Submission: null, signed.Error);
    }

    /// <summary>Stores a confirmed payment: signed, or waiting for the transaction that is under way. In a turn.</summary>
    public async Task StoreAsync(IWalletContext wallet, PaymentRecord payment, Confirmation confirmation, PayerProof proof)
    {
        WalletStepUp.Count(wallet.State, payment, proof);
        payment.RequestId = RequestContext.Get(RequestIds.ContextKey) as string;
        PaymentSignals.Confirmed(payment, wallet.Now);
        if (confirmation.Submission is { } submission)
        {
            await wallet.Engine.StartAsync(submission);
        }
        else
        {
            payment.Opening?.Begin(wallet.Now, settings.OpeningWait);
            wallet.Book.Payments.Queue(payment);
            await wallet.SaveAsync();
            wallet.Engine.StartNext();
        }

        await faults.HitAsync(FaultPoint.PaymentReplying, wallet.Key);
    }

    // Null where what it needs has not been asked for.
    private async Task<Result<PaymentView>?> DecideAsync(
        IWalletContext wallet, ConfirmOrder order, ConfirmFacts facts, CancellationToken cancellationToken)
    {
        var id = order.Payment;
        var fingerprint = IdempotencyLedger.Fingerprint(id.Value);
        var answered = await wallet.Answers.FindKeyAsync(
            IdempotencyLedger.Confirm, order.IdempotencyKey, fingerprint, wallet.Now, cancellationToken);
        if (answered is not null)
        {
            return await wallet.Answers.RepeatAsync(answered, cancellationToken);
        }

        switch (wallet.Book.Payments.Find(id.Value))
        {
            case null:
                return await OverAsync(wallet, id, cancellationToken);
            case { Status: PaymentStatus.Expired }:
                return QuoteExpired;
            case { Status: PaymentStatus.Cancelled }:
                return PaymentIsCancelled;
            case { Status: PaymentStatus.Pending } pending when pending.ExpiresAt <= wallet.Now:
                return await ExpireAsync(wallet);
            case { Status: PaymentStatus.Pending } when facts.Signing is null:
                return null;
            case { Status: PaymentStatus.Pending } pending:
                return await wallet.Answers.UnlessKeyIsTakenAsync(
                    () => ConfirmPendingAsync(wallet, pending, facts, order, cancellationToken));
            case { } confirmed:
                // Confirmed before: the payment itself makes the repeat harmless.
                return confirmed.ToView(wallet.Id);
        }
    }

    private async Task<Result<PaymentView>> ConfirmPendingAsync(
        IWalletContext wallet, PaymentRecord payment, ConfirmFacts facts, ConfirmOrder order, CancellationToken cancellationToken)
    {
        if (stepUp.Check(wallet.State, payment.Destination, payment.LimitUnits, order.Proof) is { } unproven)
        {
            return unproven;
        }

        var quoted = payment.Path?.Hops;
        payment.Path?.Hops = [.. facts.Hops ?? []];
        var confirmation = new Confirmation(Submission: null, QuoteFactsReader.Unavailable);
        try
        {
            confirmation = await SignNowAsync(wallet, payment, facts, cancellationToken);
        }
        finally
        {
            // Nothing of a confirmation that came to nothing stays in memory.
            payment.Path?.Hops = confirmation.Refusal is null ? payment.Path.Hops : quoted!;
        }

        if (confirmation.Refusal is { } refusal)
        {
            return refusal;
        }

        wallet.Answers.Remember(
            IdempotencyLedger.Confirm, order.IdempotencyKey, IdempotencyLedger.Fingerprint(payment.Id), payment.Id, wallet.Now);
        await StoreAsync(wallet, payment, confirmation, order.Proof);
        return payment.ToView(wallet.Id);
    }

    // One that the wallet keeps no more is over, whatever is asked of it.
    private static async Task<Result<PaymentView>> OverAsync(
        IWalletContext wallet, PaymentId payment, CancellationToken cancellationToken)
    {
        var found = await wallet.Answers.FindAsync(payment, cancellationToken);
        return found switch
        {
            { Value.Status: PaymentStatus.Expired } => QuoteExpired,
            { Value.Status: PaymentStatus.Cancelled } => PaymentIsCancelled,
            _ => found,
        };
    }

    private static async Task<Result<PaymentView>> ExpireAsync(IWalletContext wallet)
    {
        wallet.Book.Payments.ExpireQuotes(wallet.Now);
        await wallet.SaveAsync();
        return QuoteExpired;
    }

    [LoggerMessage(1710, LogLevel.Information, "Payment {Payment} is not confirmed: {Code}. {Reason}")]
    private partial void LogPriceMoved(string payment, string code, string reason);

    [LoggerMessage(3231, LogLevel.Information, "Payment {Payment} is not confirmed: the payment session that it pays is over ({Code}).")]
    private partial void LogSessionOver(string payment, string code);
}

/// <summary>Who asks for a confirmation, of what.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="IdempotencyKey">A key of the caller's own, or null.</param>
/// <param name="Proof">What stands for it that the payer himself asks.</param>
internal sealed record ConfirmOrder(PaymentId Payment, string? IdempotencyKey, PayerProof Proof);

/// <summary>What was found out for a confirmation beside the turns.</summary>
/// <param name="Hops">The assets through which a path payment passes now; null for others.</param>
/// <param name="Signing">What signing needs, or why it is not to be had; null where nothing was asked.</param>
internal sealed record ConfirmFacts(string[]? Hops, Result<SigningFacts>? Signing);

/// <summary>What becomes of a payment that is confirmed.</summary>
/// <param name="Submission">The signed transaction that carries it; null where it waits, or is refused.</param>
/// <param name="Refusal">Why it is not confirmed, or null.</param>
internal sealed record Confirmation(Submission? Submission, Error? Refusal);

using Microsoft.Extensions.Logging;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    private static readonly Error QuoteExpired =
        new(ErrorKind.Conflict, "payment_expired", "The quote has expired. Please ask for a new one.");

    private static readonly Error PaymentIsCancelled =
        new(ErrorKind.Conflict, "payment_cancelled", "The payment was cancelled.");

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
        var answered = IdempotencyLedger.Find(
            State.Idempotency, IdempotencyLedger.Confirm, idempotencyKey, fingerprint, Now);
        if (answered is not null)
        {
            return Answered(answered);
        }

        return _book.Find(payment.Value) switch
        {
            null => NoSuchPayment,
            { Status: PaymentStatus.Expired } => QuoteExpired,
            { Status: PaymentStatus.Cancelled } => PaymentIsCancelled,
            { Status: PaymentStatus.Pending } pending when pending.ExpiresAt <= Now => await ExpireAsync(),
            { Status: PaymentStatus.Pending } pending =>
                await ConfirmPendingAsync(pending, idempotencyKey, fingerprint, cancellationToken),
            // Confirmed before: the payment itself makes the repeat harmless.
            { } confirmed => confirmed.ToView(Id),
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
                return NoSuchPayment;
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
                return new Error(ErrorKind.Conflict, "payment_not_cancellable",
                    "The payment has been signed and can no longer be cancelled.");
        }
    }

    private async Task<Result<PaymentView>> ExpireAsync()
    {
        _book.ExpireQuotes(Now);
        await SaveAsync();
        return QuoteExpired;
    }

    private async Task<Result<PaymentView>> ConfirmPendingAsync(
        PaymentRecord payment, string? idempotencyKey, string fingerprint, CancellationToken cancellationToken)
    {
        SignedPayment? signed = null;
        if (_book.InFlight is null && _book.NextQueued is null)
        {
            var signing = await SignAsync(payment, cancellationToken);
            if (!signing.IsSuccess)
            {
                return signing.Error;
            }

            signed = signing.Value;
        }

        if (IdempotencyLedger.Remember(
            State.Idempotency, IdempotencyLedger.Confirm, idempotencyKey, fingerprint, payment.Id, Now) is { } refusal)
        {
            return refusal;
        }

        if (signed is null)
        {
            _book.Queue(payment);
            await SaveAsync();
        }
        else
        {
            await StartAsync(payment, signed);
        }

        return payment.ToView(Id);
    }

    // The next of the waiting payments, when none is in flight.
    private async Task StartNextAsync()
    {
        if (_book.InFlight is not null || _book.NextQueued is not { } payment)
        {
            return;
        }

        var signing = await SignAsync(payment, CancellationToken.None);
        if (signing.IsSuccess)
        {
            await StartAsync(payment, signing.Value);
        }
        else
        {
            LogQueuedWaits(payment.Id, signing.Error.Message);
            WakeSoon();
        }
    }

    // Stored before it is sent: whatever happens from here on, it is this envelope or none.
    private async Task StartAsync(PaymentRecord payment, SignedPayment signed)
    {
        _book.Sign(payment, signed);
        await SaveAsync(FaultPoint.PaymentPersisting);
        LogSigned(payment.Id, signed.Hash, signed.SequenceNumber);
        await services.Faults.HitAsync(FaultPoint.PaymentSigned, _key);
        Drive(payment, sentBefore: false);
    }

    // Changes nothing: a failure leaves the payment as it was.
    private async Task<Result<SignedPayment>> SignAsync(PaymentRecord payment, CancellationToken cancellationToken)
    {
        if (await services.Gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        try
        {
            var used = State.SequenceNumber
                ?? (await services.Gateway.GetAccountAsync(State.Address, cancellationToken))?.Sequence
                ?? throw new NetworkUnavailableException($"The network does not know the account {State.Address}.");
            var latest = await services.Gateway.GetLatestLedgerAsync(cancellationToken);
            var maxTime = latest.ClosedAt + TimeSpan.FromSeconds(services.Network.PaymentValidSeconds);
            var unsigned = services.Transactions.Payment(new PaymentOrder(
                State.Address, checked(used + 1), payment.Destination, Asset.Parse(payment.Asset), payment.Stroops,
                payment.Memo, maxTime));
            var signature = await services.Cipher.SignAsync(
                _key, State.Key!, unsigned.Hash, $"payment.sign {payment.Id}", cancellationToken);
            var inner = services.Transactions.AddSignature(unsigned, State.Address, signature);
            var bumped = await GrainFactory
                .GetGrain<IFeeAccountGrain>(PlatformKeys.FeeAccountOf(_key, services.Platform))
                .FeeBumpAsync(inner, services.Transactions.FeeBid(unsigned), cancellationToken);
            return bumped.IsSuccess
                ? new SignedPayment(
                    bumped.Value.Envelope, bumped.Value.TransactionHash, unsigned.HashText, unsigned.SequenceNumber, maxTime)
                : bumped.Error;
        }
        catch (NetworkUnavailableException unavailable)
        {
            return Unavailable(unavailable);
        }
        catch (KeyEncryptionUnavailableException unavailable)
        {
            LogKeyUnavailable(payment.Id, unavailable.Message);
            return new Error(ErrorKind.Unavailable, "keys_unavailable",
                "The wallet's key cannot be used at the moment. Nothing was changed. Please try again.");
        }
    }

    [LoggerMessage(1040, LogLevel.Information, "Payment {Payment} is signed: transaction {Hash}, sequence number {SequenceNumber}.")]
    private partial void LogSigned(string payment, string hash, long sequenceNumber);

    [LoggerMessage(1041, LogLevel.Warning, "Payment {Payment} waits to be signed: {Reason}")]
    private partial void LogQueuedWaits(string payment, string reason);

    [LoggerMessage(1042, LogLevel.Warning, "Payment {Payment} is not signed: {Reason}")]
    private partial void LogKeyUnavailable(string payment, string reason);
}

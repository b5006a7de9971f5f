using Microsoft.Extensions.Logging;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    // The waiting payments, as many as fit into one transaction, when none is in flight.
    private async Task StartNextAsync()
    {
        if (_book.IsFlying || !_book.HasQueued)
        {
            return;
        }

        if (!await DropDeniedAsync())
        {
            WakeSoon();
            return;
        }

        if (_book.NextBatch() is not [var oldest, ..] batch)
        {
            return;
        }

        var signing = await SignAsync(batch, CancellationToken.None);
        if (signing.IsSuccess)
        {
            await StartAsync(batch, signing.Value);
        }
        else
        {
            LogQueuedWaits(oldest.Id, batch.Count, signing.Error.Message);
            WakeSoon();
        }
    }

    // Stored before it is sent: whatever happens from here on, it is this transaction or none.
    private async Task StartAsync(IReadOnlyList<PaymentRecord> payments, FlightRecord flight)
    {
        _book.Sign(payments, flight);
        await SaveAsync(FaultPoint.PaymentPersisting);
        foreach (var payment in payments)
        {
            LogSigned(payment.Id, flight.PresentHash(), flight.SequenceNumber);
        }

        await services.Faults.HitAsync(FaultPoint.PaymentSigned, _key);
        Drive(flight, sentBefore: false);
    }

    // Changes nothing: a failure leaves the payments as they were.
    private async Task<Result<FlightRecord>> SignAsync(
        IReadOnlyList<PaymentRecord> payments, CancellationToken cancellationToken)
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
            var latest = await services.Clock.GetAsync(cancellationToken);
            var maxTime = latest.ClosedAt + TimeSpan.FromSeconds(services.Network.PaymentValidSeconds);
            var unsigned = services.Transactions.Flight(new FlightOrder(
                State.Address, checked(used + 1), [.. payments.Select(PaymentOperations.Of)], payments[0].LedgerMemo(), maxTime));
            await services.Faults.HitAsync(FaultPoint.PaymentSigning, _key);
            var signature = await services.Cipher.SignAsync(
                _key, State.Key!, unsigned.Hash, $"payment.sign {payments[0].Id}", cancellationToken);
            var inner = services.Transactions.AddSignature(unsigned, State.Address, signature);
            var fee = services.Transactions.FeeBid(unsigned.Operations);
            var bumped = await FeeAccount.FeeBumpAsync(inner, fee, cancellationToken);
            return bumped.IsSuccess
                ? new FlightRecord
                {
                    Inner = inner,
                    Envelope = bumped.Value.Envelope,
                    InnerHash = unsigned.HashText,
                    Hashes = [bumped.Value.TransactionHash],
                    SequenceNumber = unsigned.SequenceNumber,
                    MaxTime = maxTime,
                    BumpAfter = latest.ClosedAt + services.BumpAfter,
                    FeeStroops = fee,
                    SignedAt = Now,
                    Operations = [.. payments.Select(p => new FlightOperation(p.Id))],
                }
                : bumped.Error;
        }
        catch (NetworkUnavailableException unavailable)
        {
            return Unavailable(unavailable);
        }
        catch (KeyEncryptionUnavailableException unavailable)
        {
            LogKeyUnavailable(payments[0].Id, unavailable.Message);
            return new Error(ErrorKind.Unavailable, "keys_unavailable",
                "The wallet's key cannot be used at the moment. Nothing was changed. Please try again.");
        }
    }

    private IFeeAccountGrain FeeAccount =>
        GrainFactory.GetGrain<IFeeAccountGrain>(PlatformKeys.FeeAccountOf(_key, services.Platform));

    [LoggerMessage(1040, LogLevel.Information, "Payment {Payment} is signed: transaction {Hash}, sequence number {SequenceNumber}.")]
    private partial void LogSigned(string payment, string hash, long sequenceNumber);

    [LoggerMessage(1041, LogLevel.Warning, "Payment {Payment} waits to be signed, one of {Count}: {Reason}")]
    private partial void LogQueuedWaits(string payment, int count, string reason);

    [LoggerMessage(1042, LogLevel.Warning, "Payment {Payment} is not signed: {Reason}")]
    private partial void LogKeyUnavailable(string payment, string reason);
}

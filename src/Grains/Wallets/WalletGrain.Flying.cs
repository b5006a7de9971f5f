using Microsoft.Extensions.Logging;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    // The waiting payments, as many as fit into one transaction, when none is in flight; claims when no payment waits.
    private async Task StartNextAsync()
    {
        if (_book.IsFlying)
        {
            return;
        }

        if (State.NextKey is { } next)
        {
            await StartKeyChangeAsync(next);
            return;
        }

        if (_book.HasQueued && !await DropDeniedAsync())
        {
            WakeSoon();
            return;
        }

        if (_book.NextBatch() is not [var oldest, ..] batch)
        {
            await StartClaimsAsync();
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

    private Task<Result<FlightRecord>> SignAsync(IReadOnlyList<PaymentRecord> payments, CancellationToken cancellationToken) =>
        SignAsync(payments[0].Id, () => PlanAsync(payments, cancellationToken), cancellationToken);

    // What these payments are on the ledger.
    private async Task<Result<FlightPlan>> PlanAsync(
        IReadOnlyList<PaymentRecord> payments, CancellationToken cancellationToken) => payments switch
    {
        [{ Claimable: { } claimable } payment] => await PlanClaimableAsync(payment, claimable, cancellationToken),
        _ => new FlightPlan(
            payments[0].LedgerMemo(), [.. payments.Select(p => new PlannedOperation(p.Id, new Operation(null, PaymentOperations.Of(p))))]),
    };

    // Changes nothing: a failure leaves everything as it was.
    private async Task<Result<FlightRecord>> SignAsync(
        string cause, Func<Task<Result<FlightPlan>>> plan, CancellationToken cancellationToken)
    {
        if (await services.Gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        try
        {
            var planned = await plan();
            return planned.IsSuccess ? await SignAsync(cause, planned.Value, cancellationToken) : planned.Error;
        }
        catch (NetworkUnavailableException unavailable)
        {
            return Unavailable(unavailable);
        }
        catch (KeyEncryptionUnavailableException unavailable)
        {
            LogKeyUnavailable(cause, unavailable.Message);
            return new Error(ErrorKind.Unavailable, "keys_unavailable",
                "The wallet's key cannot be used at the moment. Nothing was changed. Please try again.");
        }
    }

    private async Task<Result<FlightRecord>> SignAsync(string cause, FlightPlan plan, CancellationToken cancellationToken)
    {
        var used = State.SequenceNumber
            ?? (await services.Gateway.GetAccountAsync(State.Address, cancellationToken))?.Sequence
            ?? throw new NetworkUnavailableException($"The network does not know the account {State.Address}.");
        var latest = await services.Clock.GetAsync(cancellationToken);
        var maxTime = latest.ClosedAt + TimeSpan.FromSeconds(services.Network.PaymentValidSeconds);
        var unsigned = services.Transactions.Flight(new FlightOrder(
            State.Address, checked(used + 1), [.. plan.Operations.Select(o => o.Operation)], plan.Memo, maxTime));
        await services.Faults.HitAsync(FaultPoint.PaymentSigning, _key);
        var signature = await services.Cipher.SignAsync(
            _key, State.Key!, unsigned.Hash, $"payment.sign {cause}", cancellationToken);
        var inner = services.Transactions.AddSignature(unsigned, Signer, signature);
        var fee = services.Transactions.FeeBid(unsigned.Operations);
        var bumped = await FeeAccount.FeeBumpAsync(inner, fee, Signer, cancellationToken);
        return bumped.IsSuccess
            ? new FlightRecord
            {
                Envelope = bumped.Value.Envelope,
                InnerHash = unsigned.HashText,
                Hashes = [bumped.Value.TransactionHash],
                SequenceNumber = unsigned.SequenceNumber,
                MaxTime = maxTime,
                BumpAfter = latest.ClosedAt + services.BumpAfter,
                FeeStroops = fee,
                SignedAt = Now,
                Operations = [.. plan.Operations.Select(o => new FlightOperation(o.Subject))],
            }
            : bumped.Error;
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

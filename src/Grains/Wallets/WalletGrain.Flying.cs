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
    private bool _launching;
    private bool _launchAgain;

    private bool HasSomethingToSign => State.NextKey is not null || _book.HasQueued || HasClaimsToSign;

    // What signing needs of the outside is fetched beside the turns; signed and stored is in one.
    private void StartNext()
    {
        if (IsFaulted || _book.IsFlying || !HasSomethingToSign)
        {
            return;
        }

        if (_launching)
        {
            // What is under way may have looked before there was this to sign.
            _launchAgain = true;
            return;
        }

        (_launching, _launchAgain) = (true, false);
        RunBeside(LaunchAsync);
    }

    private async Task LaunchAsync()
    {
        try
        {
            var facts = await PrepareSigningAsync(NeedsSponsor(), CancellationToken.None);
            if (facts.IsSuccess)
            {
                await InTurnAsync(() => SignNextAsync(facts.Value));
            }
            else
            {
                LogLaunchWaits(GrainKey, facts.Error.Message);
                WakeSoon(PauseAfter(facts.Error));
            }
        }
        catch (Exception exception)
        {
            LogLaunchFailed(exception, GrainKey);
            WakeSoon();
        }
        finally
        {
            _launching = false;
        }

        if (_launchAgain)
        {
            StartNext();
        }
    }

    // While nobody can pay fees, all wallets wait, and asking again at once would ask for all of them.
    private TimeSpan? PauseAfter(Error error) => error == FeePayers.NoneHasXlm ? services.FeePayers.AskAgain : null;

    private bool NeedsSponsor() => State.NextKey is not null || _book.NextBatch() is [{ Claimable: not null }];

    // Beside the turns: reads of the state what tells which questions there are, and nothing is decided by it.
    private async Task<Result<SigningFacts>> PrepareSigningAsync(bool sponsored, CancellationToken cancellationToken)
    {
        if (await services.Gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        using var patience = new CancellationTokenSource(QuoteFactsReader.Patience, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await services.Cipher.WarmAsync(GrainKey, State.Key!, either.Token);
            var latest = await services.Clock.GetAsync(either.Token);
            var sequence = State.SequenceNumber
                ?? (await services.Gateway.GetAccountAsync(State.Address, either.Token))?.Sequence
                ?? throw new NetworkUnavailableException($"The network does not know the account {State.Address}.");
            if (services.FeePayers.For(GrainKey) is not { } payer)
            {
                return FeePayers.NoneHasXlm;
            }

            if (!sponsored)
            {
                return new SigningFacts(latest, sequence, payer, Sponsor: null);
            }

            // Who pays for it also carries its reserve.
            var sponsor = await FeeAccount(payer).EnsureAsync(either.Token);
            return sponsor.IsSuccess ? new SigningFacts(latest, sequence, payer, sponsor.Value) : sponsor.Error;
        }
        catch (NetworkUnavailableException unavailable)
        {
            return Unavailable(unavailable);
        }
        catch (KeyEncryptionUnavailableException unavailable)
        {
            LogKeyUnavailable(GrainKey, unavailable.Message);
            return KeysUnavailable;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return QuoteFactsReader.Slow;
        }
    }

    // The waiting payments, as many as fit into one transaction, when none is in flight; claims when no payment waits.
    private async Task<bool> SignNextAsync(SigningFacts facts)
    {
        if (_book.IsFlying)
        {
            return false;
        }

        if (State.NextKey is { } next)
        {
            return await StartKeyChangeAsync(next, facts);
        }

        if (_book.HasQueued && !await DropDeniedAsync())
        {
            WakeSoon();
            return false;
        }

        if (_book.NextBatch() is not [var oldest, ..] batch)
        {
            return await StartClaimsAsync(facts);
        }

        var signing = await SignAsync(batch, facts, CancellationToken.None);
        if (!signing.IsSuccess)
        {
            LogQueuedWaits(oldest.Id, batch.Count, signing.Error.Message);
            WakeSoon();
            return false;
        }

        await StartAsync(batch, signing.Value);
        return true;
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

        await services.Faults.HitAsync(FaultPoint.PaymentSigned, GrainKey);
        Drive(flight, sentBefore: false);
    }

    private async Task<Result<FlightRecord>> SignAsync(
        IReadOnlyList<PaymentRecord> payments, SigningFacts facts, CancellationToken cancellationToken)
    {
        var plan = PlanOf(payments, facts);
        return plan.IsSuccess ? await SignAsync(payments[0].Id, plan.Value, facts, cancellationToken) : plan.Error;
    }

    // What these payments are on the ledger.
    private Result<FlightPlan> PlanOf(IReadOnlyList<PaymentRecord> payments, SigningFacts facts) => payments switch
    {
        [{ Claimable: { } claimable } payment] => facts.Sponsor is { } sponsor
            ? PlanClaimable(payment, claimable, sponsor)
            : KeysUnavailable,
        _ => new FlightPlan(
            payments[0].LedgerMemo(), [.. payments.Select(p => new PlannedOperation(p.Id, new Operation(null, PaymentOperations.Of(p))))]),
    };

    // Changes nothing: a failure leaves everything as it was.
    private async Task<Result<FlightRecord>> SignAsync(
        string cause, FlightPlan plan, SigningFacts facts, CancellationToken cancellationToken)
    {
        try
        {
            var maxTime = facts.Latest.ClosedAt + TimeSpan.FromSeconds(services.Network.PaymentValidSeconds);
            var unsigned = services.Transactions.Flight(new FlightOrder(
                State.Address, checked((State.SequenceNumber ?? facts.Sequence) + 1),
                [.. plan.Operations.Select(o => o.Operation)], plan.Memo, maxTime));
            await services.Faults.HitAsync(FaultPoint.PaymentSigning, GrainKey);
            var signature = await services.Cipher.SignAsync(
                GrainKey, State.Key!, unsigned.Hash, $"payment.sign {cause}", cancellationToken);
            var inner = services.Transactions.AddSignature(unsigned, Signer, signature);
            var fee = services.Transactions.FeeBid(unsigned.Operations);
            var bumped = await FeeAccount(facts.Payer).FeeBumpAsync(inner, fee, Signer, cancellationToken);
            return bumped.IsSuccess
                ? new FlightRecord
                {
                    Envelope = bumped.Value.Envelope,
                    InnerHash = unsigned.HashText,
                    Hashes = [bumped.Value.TransactionHash],
                    SequenceNumber = unsigned.SequenceNumber,
                    MaxTime = maxTime,
                    BumpAfter = facts.Latest.ClosedAt + services.BumpAfter,
                    FeeStroops = fee,
                    Payer = facts.Payer,
                    SignedAt = Now,
                    Operations = [.. plan.Operations.Select(o => new FlightOperation(o.Subject))],
                }
                : bumped.Error;
        }
        catch (KeyEncryptionUnavailableException unavailable)
        {
            LogKeyUnavailable(cause, unavailable.Message);
            return KeysUnavailable;
        }
    }

    private static Error KeysUnavailable { get; } = new(ErrorKind.Unavailable, "keys_unavailable",
        "The wallet's key cannot be used at the moment. Nothing was changed. Please try again.");

    private IFeeAccountGrain FeeAccount(string payer) => GrainFactory.GetGrain<IFeeAccountGrain>(payer);

    [LoggerMessage(1040, LogLevel.Information, "Payment {Payment} is signed: transaction {Hash}, sequence number {SequenceNumber}.")]
    private partial void LogSigned(string payment, string hash, long sequenceNumber);

    [LoggerMessage(1041, LogLevel.Warning, "Payment {Payment} waits to be signed, one of {Count}: {Reason}")]
    private partial void LogQueuedWaits(string payment, int count, string reason);

    [LoggerMessage(1046, LogLevel.Warning, "What wallet {Wallet} has to sign waits: {Reason}")]
    private partial void LogLaunchWaits(string wallet, string reason);

    [LoggerMessage(1047, LogLevel.Warning, "What wallet {Wallet} has to sign could not be signed; it is tried again.")]
    private partial void LogLaunchFailed(Exception exception, string wallet);

    [LoggerMessage(1042, LogLevel.Warning, "Payment {Payment} is not signed: {Reason}")]
    private partial void LogKeyUnavailable(string payment, string reason);
}

using Microsoft.Extensions.Logging;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    private void StartBumping(string innerHash, long? needed) =>
        StartReplacing(innerHash, facts => BumpAsync(innerHash, needed, facts));

    private void StartRepaying(string innerHash) => StartReplacing(innerHash, facts => RepayAsync(innerHash, facts));

    // The fee-bump in which the transaction goes out from now on; stored before it is submitted.
    private void StartReplacing(string innerHash, Func<SigningFacts, Task<bool>> replace) => RunBeside(async () =>
    {
        var pause = default(TimeSpan?);
        try
        {
            var facts = await PrepareSigningAsync(sponsored: false, CancellationToken.None);
            if (facts.IsSuccess)
            {
                await InTurnAsync(() => replace(facts.Value));
                return;
            }

            pause = PauseAfter(facts.Error);
            LogBumpWaits(innerHash, facts.Error.Message);
        }
        catch (Exception exception)
        {
            LogBumpWaits(innerHash, exception.Message);
        }

        // Driving begins again then, and finds again that the fee is too low or its payer empty.
        WakeSoon(pause);
    });

    // The same transaction with a higher fee, stored before it is submitted. Whichever of the fee-bumps a ledger takes,
    // it is this transaction, once. Where more may not be bid, the present one goes on.
    private async Task<bool> BumpAsync(string innerHash, long? needed, SigningFacts facts)
    {
        if (State.Flight is not { } flight || flight.InnerHash != innerHash)
        {
            return false;
        }

        var fee = FeeRules.NextBid(
            flight.FeeStroops, needed, services.Platform.MaxFeeStroopsPerOperation, flight.Operations.Count, flight.Bids());
        if (fee is null)
        {
            LogNotBumped(flight.InnerHash, flight.FeeStroops);
            flight.BumpAfter = null;
            await SaveAsync();
            Drive(flight, sentBefore: true);
            return false;
        }

        return await ReplaceAsync(flight, fee.Value, facts);
    }

    // The same transaction at the same bid, paid by another account.
    private async Task<bool> RepayAsync(string innerHash, SigningFacts facts)
    {
        if (State.Flight is not { } flight || flight.InnerHash != innerHash)
        {
            return false;
        }

        if (flight.Payer == facts.Payer)
        {
            // Found empty too long ago to be passed over: the same envelope goes out again.
            Drive(flight, sentBefore: true);
            return false;
        }

        return await ReplaceAsync(flight, flight.FeeStroops, facts);
    }

    private async Task<bool> ReplaceAsync(FlightRecord flight, long fee, SigningFacts facts)
    {
        var bumped = await FeeAccount(facts.Payer).FeeBumpAsync(TransactionFactory.Unwrap(flight.Envelope).Inner, fee, Signer);
        if (!bumped.IsSuccess)
        {
            LogBumpWaits(flight.InnerHash, bumped.Error.Message);
            WakeSoon();
            return false;
        }

        flight.Payer = facts.Payer;
        _book.Bump(bumped.Value.Envelope, bumped.Value.TransactionHash, fee, facts.Latest.ClosedAt + services.BumpAfter);
        await SaveAsync();
        LogBumped(flight.InnerHash, fee, flight.PresentHash(), facts.Payer);
        Drive(flight, sentBefore: true);
        return true;
    }

    [LoggerMessage(1043, LogLevel.Information, "Transaction {InnerHash} goes out with a fee of at most {Stroops} stroops, as {Hash}, paid by {Payer}.")]
    private partial void LogBumped(string innerHash, long stroops, string hash, string payer);

    [LoggerMessage(1044, LogLevel.Warning, "Transaction {InnerHash} is stuck at a fee of {Stroops} stroops, and no more may be bid.")]
    private partial void LogNotBumped(string innerHash, long stroops);

    [LoggerMessage(1045, LogLevel.Warning, "Transaction {InnerHash} waits for a higher fee: {Reason}")]
    private partial void LogBumpWaits(string innerHash, string reason);
}

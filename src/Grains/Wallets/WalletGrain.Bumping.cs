using Microsoft.Extensions.Logging;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    private void StartBumping(string innerHash, long? needed) => RunBeside(async () =>
    {
        try
        {
            var facts = await PrepareSigningAsync(sponsored: false, CancellationToken.None);
            if (facts.IsSuccess)
            {
                await InTurnAsync(() => BumpAsync(innerHash, needed, facts.Value));
                return;
            }

            LogBumpWaits(innerHash, facts.Error.Message);
        }
        catch (Exception exception)
        {
            LogBumpWaits(innerHash, exception.Message);
        }

        // Driving begins again then, and finds again that the fee is too low.
        WakeSoon();
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
            flight.FeeStroops, needed, services.Platform.MaxFeeStroopsPerOperation, flight.Operations.Count, flight.Hashes.Count);
        if (fee is null)
        {
            LogNotBumped(flight.InnerHash, flight.FeeStroops);
            flight.BumpAfter = null;
            await SaveAsync();
            Drive(flight, sentBefore: true);
            return false;
        }

        var bumped = await FeeAccount.FeeBumpAsync(TransactionFactory.Unwrap(flight.Envelope).Inner, fee.Value, Signer);
        if (!bumped.IsSuccess)
        {
            LogBumpWaits(flight.InnerHash, bumped.Error.Message);
            WakeSoon();
            return false;
        }

        _book.Bump(bumped.Value.Envelope, bumped.Value.TransactionHash, fee.Value, facts.Latest.ClosedAt + services.BumpAfter);
        await SaveAsync();
        LogBumped(flight.InnerHash, fee.Value, flight.PresentHash());
        Drive(flight, sentBefore: true);
        return true;
    }

    [LoggerMessage(1043, LogLevel.Information, "Transaction {InnerHash} goes out with a fee of at most {Stroops} stroops, as {Hash}.")]
    private partial void LogBumped(string innerHash, long stroops, string hash);

    [LoggerMessage(1044, LogLevel.Warning, "Transaction {InnerHash} is stuck at a fee of {Stroops} stroops, and no more may be bid.")]
    private partial void LogNotBumped(string innerHash, long stroops);

    [LoggerMessage(1045, LogLevel.Warning, "Transaction {InnerHash} waits for a higher fee: {Reason}")]
    private partial void LogBumpWaits(string innerHash, string reason);
}

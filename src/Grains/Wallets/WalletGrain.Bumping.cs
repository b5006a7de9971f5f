using Microsoft.Extensions.Logging;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    // The same transaction with a higher fee, stored before it is submitted. Whichever of the fee-bumps a ledger takes,
    // it is this transaction, once. Where more may not be bid, the present one goes on.
    private async Task BumpAsync(FlightRecord flight, long? needed)
    {
        var fee = FeeRules.NextBid(
            flight.FeeStroops, needed, services.Platform.MaxFeeStroopsPerOperation, flight.Operations.Count, flight.Hashes.Count);
        if (fee is null)
        {
            LogNotBumped(flight.InnerHash, flight.FeeStroops);
            flight.BumpAfter = null;
            await SaveAsync();
            Drive(flight, sentBefore: true);
            return;
        }

        try
        {
            var latest = await services.Clock.GetAsync(CancellationToken.None);
            var inner = TransactionFactory.Unwrap(flight.Envelope).Inner;
            var bumped = await FeeAccount.FeeBumpAsync(inner, fee.Value, Signer);
            if (bumped.IsSuccess)
            {
                _book.Bump(bumped.Value.Envelope, bumped.Value.TransactionHash, fee.Value, latest.ClosedAt + services.BumpAfter);
                await SaveAsync();
                LogBumped(flight.InnerHash, fee.Value, flight.PresentHash());
                Drive(flight, sentBefore: true);
                return;
            }

            LogBumpWaits(flight.InnerHash, bumped.Error.Message);
        }
        catch (Exception unavailable) when (unavailable is NetworkUnavailableException or KeyEncryptionUnavailableException)
        {
            LogBumpWaits(flight.InnerHash, unavailable.Message);
        }

        // Driving begins again then, and finds again that the fee is too low.
        WakeSoon();
    }

    [LoggerMessage(1043, LogLevel.Information, "Transaction {InnerHash} goes out with a fee of at most {Stroops} stroops, as {Hash}.")]
    private partial void LogBumped(string innerHash, long stroops, string hash);

    [LoggerMessage(1044, LogLevel.Warning, "Transaction {InnerHash} is stuck at a fee of {Stroops} stroops, and no more may be bid.")]
    private partial void LogNotBumped(string innerHash, long stroops);

    [LoggerMessage(1045, LogLevel.Warning, "Transaction {InnerHash} waits for a higher fee: {Reason}")]
    private partial void LogBumpWaits(string innerHash, string reason);
}

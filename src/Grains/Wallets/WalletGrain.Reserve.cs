using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    // The platform carries the reserves of the accounts that it opens, so that all of their XLM can be spent. An account that
    // someone else created first keeps its own, and the network lets nobody spend that.
    private Error? CheckReserve(QuoteTerms terms, NetworkAccount? own)
    {
        if (!terms.Leaving.IsNative || own is null || own.ReserveStroops == 0)
        {
            return null;
        }

        var promised = WalletBalances.Reserved(State, Asset.Native.Canonical);
        return terms.LeavingStroops > own.AvailableStroops - promised
            ? new Error(ErrorKind.Refused, "insufficient_funds",
                $"Of the wallet's XLM, {Amount.Format(own.ReserveStroops)} is the network's reserve and cannot be spent.", "amount")
            : null;
    }
}

using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    // The platform carries the reserves of the accounts that it opens, so that all of their XLM can be spent. An account that
    // someone else created first keeps its own, and the network lets nobody spend that.
    private async Task<Error?> CheckReserveAsync(QuoteTerms terms, CancellationToken cancellationToken)
    {
        if (!terms.Leaving.IsNative)
        {
            return null;
        }

        try
        {
            var account = await services.Gateway.GetAccountAsync(State.Address, cancellationToken);
            if (account is null || account.ReserveStroops == 0)
            {
                return null;
            }

            var promised = WalletBalances.Reserved(State, Asset.Native.Canonical);
            return terms.LeavingStroops > account.AvailableStroops - promised
                ? new Error(ErrorKind.Refused, "insufficient_funds",
                    $"Of the wallet's XLM, {Amount.Format(account.ReserveStroops)} is the network's reserve and cannot be spent.", "amount")
                : null;
        }
        catch (NetworkUnavailableException unavailable)
        {
            return Unavailable(unavailable);
        }
    }
}

using StellarPay.Grains.Network;
using StellarPay.Stellar.Horizon;

namespace StellarPay.Adapters.Horizon;

/// <summary>
/// How what Horizon allows us is shared: half of it is for what submits, follows the ledger and finds out how payments ended, and
/// what users' requests ask stops there. So no user, nor all of them, keep a payment from being sent.
/// </summary>
internal static class HorizonShare
{
    private const int KeptPercent = 50;

    /// <summary>The client for what users' requests ask.</summary>
    public static HorizonClient ForUsers(this HorizonClient horizon) => horizon.Yielding(KeptPercent);

    public static NetworkUnavailableException Unavailable(HorizonException e) =>
        new(e.Message, e) { BusyFor = e.IsWithheld ? e.RetryAfter : null };
}

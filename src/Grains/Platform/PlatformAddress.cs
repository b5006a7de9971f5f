using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform;

/// <summary>
/// Whose the addresses of platform accounts are: what comes to them from strangers is the suspense account's to book, and
/// how their transactions ended is written down for whoever made them. The suspense account's inbox tells it that of its own.
/// </summary>
internal static class PlatformAddress
{
    /// <summary>What the write that stores an account's key says of its address.</summary>
    /// <param name="account">The account's grain key.</param>
    /// <param name="key">Its key.</param>
    public static InboxMarks MarksOf(string account, EncryptedSeed key) => new()
    {
        Addresses =
        [
            new AddressMark(key.PublicKey, GrainState.Suspense, ISuspenseGrain.Key, CreditsOnly: account != ISuspenseGrain.Key),
        ],
    };
}

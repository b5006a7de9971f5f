using StellarPay.Grains.Keys;

namespace StellarPay.Grains.Wallets;

/// <summary>Has a wallet's seeds wrapped by the key-encryption key of today.</summary>
internal static class WalletKeys
{
    /// <summary>
    /// How many seeds were wrapped anew. The keeper of keys is asked beside the turns; a seed that has changed meanwhile is judged by
    /// the rotation's next pass.
    /// </summary>
    public static async Task<int> RewrapAsync(IWalletContext wallet, SeedCipher cipher)
    {
        var (key, nextKey) = await wallet.InTurnAsync(() => Task.FromResult((wallet.State.Key, wallet.State.NextKey)));
        var present = await cipher.RewrapIfNeededAsync(wallet.Key, key);
        var next = await cipher.RewrapIfNeededAsync(wallet.Key, nextKey);
        return present is null && next is null ? 0 : await wallet.InTurnAsync(() => KeepAsync(wallet, present, next));
    }

    private static async Task<int> KeepAsync(IWalletContext wallet, EncryptedSeed? present, EncryptedSeed? next)
    {
        var state = wallet.State;
        var (takesPresent, takesNext) = (EncryptedSeed.IsSame(state.Key, present), EncryptedSeed.IsSame(state.NextKey, next));
        if (takesPresent || takesNext)
        {
            (state.Key, state.NextKey) = (takesPresent ? present : state.Key, takesNext ? next : state.NextKey);
            await wallet.SaveAsync();
        }

        return (takesPresent ? 1 : 0) + (takesNext ? 1 : 0);
    }
}

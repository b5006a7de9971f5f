using StellarPay.Grains.Keys;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    public async Task<int> RewrapAsync()
    {
        var wasAwake = HasServed;
        RequireSound();
        var present = await RewrapAsync(State.Key);
        var next = await RewrapAsync(State.NextKey);
        if (present is null && next is null)
        {
            return 0;
        }

        (State.Key, State.NextKey) = (present ?? State.Key, next ?? State.NextKey);
        await WriteAsync();
        if (!wasAwake && !IsAttended)
        {
            // A rotation goes through all wallets; they are not to be all in memory after it.
            DeactivateOnIdle();
        }

        return (present is null ? 0 : 1) + (next is null ? 0 : 1);
    }

    private async Task<EncryptedSeed?> RewrapAsync(EncryptedSeed? seed) =>
        seed is not null && services.Cipher.IsWrappedByAnother(seed)
            ? await services.Cipher.RewrapAsync(GrainKey, seed, CancellationToken.None)
            : null;
}

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    public async Task<int> RewrapAsync()
    {
        var wasAwake = _served;
        RequireSound();
        if (State.Key is not { } key || !services.Cipher.IsWrappedByAnother(key))
        {
            return 0;
        }

        State.Key = await services.Cipher.RewrapAsync(_key, key, CancellationToken.None);
        await StoreQuietlyAsync();
        if (!wasAwake && !IsAttended)
        {
            // A rotation goes through all wallets; they are not to be all in memory after it.
            DeactivateOnIdle();
        }

        return 1;
    }

    // Nothing that a user can see has changed: no event, and the revision stays.
    private async Task StoreQuietlyAsync()
    {
        try
        {
            await storage.WriteStateAsync();
        }
        catch (Exception exception)
        {
            _unsound = true;
            StopBackgroundWork();
            DeactivateOnIdle();
            LogSaveFailed(exception, _key);
            throw;
        }
    }
}

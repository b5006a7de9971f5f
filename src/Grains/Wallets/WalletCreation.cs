using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>A wallet's key and with it its address, which are made once.</summary>
internal sealed class WalletCreation(IWalletContext wallet, SeedCipher cipher)
{
    /// <summary>Makes the key where there is none, and what follows in the same turn.</summary>
    public async Task<Result<WalletView>> WithKeyAsync(UserId owner, Func<Task> then, CancellationToken cancellationToken)
    {
        if (WalletId.Of(owner).Value != wallet.Key)
        {
            return IWalletContext.NoSuchWallet;
        }

        var isNew = await wallet.InTurnAsync(() => Task.FromResult(wallet.State.Owner is null));
        var seed = isNew ? await cipher.CreateAsync(wallet.Key, cancellationToken) : null;
        return await wallet.InTurnAsync(async () =>
        {
            Take(owner, seed);
            await then();
            if (wallet.Events.Any)
            {
                await wallet.SaveAsync();
            }

            return (Result<WalletView>)wallet.View();
        });
    }

    // In a turn, and stored with what follows in it.
    private void Take(UserId owner, EncryptedSeed? seed)
    {
        if (seed is null)
        {
            return;
        }

        // Another may have been made while this one was.
        var state = wallet.State;
        if (state.Owner is not null)
        {
            cipher.Forget(seed);
            return;
        }

        (state.Owner, state.Address, state.Key, state.Status) = (owner.Value, seed.PublicKey, seed, WalletStatus.Unopened);
        // In the statement that stores the key, before anybody is shown the address.
        ((IInboxState)state).Marks().Addresses.Add(new AddressMark(seed.PublicKey));
        wallet.Events.Raise(EventTypes.WalletCreated);
    }
}

using Microsoft.Extensions.Logging;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform;

/// <summary>What is stored of a platform account.</summary>
internal interface IPlatformAccountState
{
    /// <summary>Its encrypted seed.</summary>
    EncryptedSeed? Key { get; set; }

    /// <summary>What the write under way says of its address and does to its inbox; storage takes it out.</summary>
    InboxMarks? Inbox { get; set; }
}

/// <summary>An account of the platform: its key, its storing, and that it can pay.</summary>
internal abstract class PlatformKeyGrain<TState>(
    IPersistentState<TState> storage, PlatformAccountServices account, ILogger logger)
    : DurableGrain<TState>(storage, logger)
    where TState : class, IPlatformAccountState
{
    protected PlatformAccountServices Account { get; } = account;

    protected string Name => GrainKey;

    protected override void Attach()
    {
    }

    public async Task<Result<string>> EnsureAsync(CancellationToken cancellationToken = default)
    {
        // The network is asked beside the turns: whoever else wants this account does not wait for it.
        var key = await InTurnAsync(() => EnsureKeyAsync(cancellationToken));
        return await Account.Funding.EnsureAsync(Name, key.PublicKey, cancellationToken);
    }

    public async Task<int> RewrapAsync()
    {
        if (State.Key is not { } key || !Account.Cipher.IsWrappedByAnother(key))
        {
            return 0;
        }

        var rewrapped = await Account.Cipher.RewrapAsync(Name, key, CancellationToken.None);
        await StoreAsync(state => state.Key = rewrapped);
        return 1;
    }

    protected async Task<EncryptedSeed> EnsureKeyAsync(CancellationToken cancellationToken)
    {
        if (State.Key is null)
        {
            // An operator may have given it one meanwhile.
            await RereadAsync();
        }

        if (State.Key is null)
        {
            if (!Account.MayGenerateKeys)
            {
                throw PlatformKeyMissingException.For([Name]);
            }

            var made = await Account.Cipher.CreateAsync(Name, cancellationToken);
            await StoreAsync(state =>
            {
                state.Key = made;
                state.Inbox = PlatformAddress.MarksOf(made);
            });
        }

        return State.Key!;
    }

    protected Task StoreAsync(Action<TState> change)
    {
        change(State);
        return WriteAsync();
    }
}

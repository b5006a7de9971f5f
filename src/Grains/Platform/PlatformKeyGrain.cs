using Microsoft.Extensions.Logging;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform;

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
        var key = await EnsureKeyAsync(cancellationToken);
        var ensured = await Account.Funding.EnsureAsync(Name, key.PublicKey, cancellationToken);
        if (ensured.IsSuccess)
        {
            await EquipAsync(ensured.Value, cancellationToken);
        }

        return ensured;
    }

    public async Task<int> RewrapAsync()
    {
        if (await Account.Cipher.RewrapIfNeededAsync(Name, await FindKeyAsync()) is not { } rewrapped)
        {
            return 0;
        }

        return await InTurnAsync(async () =>
        {
            if (!EncryptedSeed.IsSame(State.Key, rewrapped))
            {
                return 0;
            }

            State.Key = rewrapped;
            await WriteAsync();
            return 1;
        });
    }

    /// <summary>The account exists and can pay: what else it is to have. Tried again each time; never in a turn.</summary>
    protected virtual Task EquipAsync(string address, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// The account's key, made where there is none and the platform makes its own. Never in a turn: the keeper of keys is asked
    /// beside the turns, so that whoever else wants this account does not wait for it.
    /// </summary>
    protected async Task<EncryptedSeed> EnsureKeyAsync(CancellationToken cancellationToken)
    {
        if (await FindKeyAsync() is { } there)
        {
            return there;
        }

        if (!Account.MayGenerateKeys)
        {
            throw PlatformKeyMissingException.For([Name]);
        }

        var made = await Account.Cipher.CreateAsync(Name, cancellationToken);
        return await InTurnAsync(() => KeepAsync(made));
    }

    private Task<EncryptedSeed?> FindKeyAsync() => InTurnAsync(async () =>
    {
        if (State.Key is null)
        {
            // An operator may have given it one meanwhile.
            await RereadAsync();
        }

        return State.Key;
    });

    // Whoever came first made the key; nobody has seen the other's address.
    private async Task<EncryptedSeed> KeepAsync(EncryptedSeed made)
    {
        if (State.Key is null)
        {
            State.Key = made;
            State.Inbox = PlatformAddress.MarksOf(Name, made);
            await WriteAsync();
        }
        else
        {
            Account.Cipher.Forget(made);
        }

        return State.Key;
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform;

/// <summary>
/// The encrypted keys of the fee accounts, for one silo. They are read where the fee accounts' grains store them; a key's
/// wrapping may be another since, but the old one opens it as long as its key-encryption key is there, and is read again after that.
/// </summary>
internal sealed class FeePayerKeys(
    [FromKeyedServices(GrainState.HotProvider)] IGrainStorage storage, SeedCipher cipher, IGrainFactory grains, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (EncryptedSeed Key, long At)> _keys = new(StringComparer.Ordinal);

    /// <summary>The key of an account; null before it was prepared.</summary>
    public EncryptedSeed? Find(string account) => _keys.TryGetValue(account, out var known) ? known.Key : null;

    /// <summary>Reads an account's key where this silo has none or an old one, and has it ready to sign.</summary>
    /// <exception cref="KeyEncryptionUnavailableException">The keeper of keys cannot be used now.</exception>
    public async Task<EncryptedSeed> PrepareAsync(string account, CancellationToken cancellationToken)
    {
        if (_keys.TryGetValue(account, out var known) && time.GetElapsedTime(known.At) < Fresh)
        {
            try
            {
                await cipher.WarmAsync(account, known.Key, cancellationToken);
                return known.Key;
            }
            catch (Exception exception) when (exception is CryptographicException or KeyEncryptionUnavailableException)
            {
                // The key-encryption key that wrapped it may be gone since; what is stored is wrapped by another then.
                _keys.TryRemove(account, out _);
            }
        }

        var key = await ReadAsync(account, cancellationToken);
        await cipher.WarmAsync(account, key, cancellationToken);
        _keys[account] = (key, time.GetTimestamp());
        return key;
    }

    private async Task<EncryptedSeed> ReadAsync(string account, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IFeeAccountGrain>(account);
        if (await FindStoredAsync(grain) is { } stored)
        {
            return stored;
        }

        // Where the platform makes its own keys, the account's grain makes this one; else it says what an operator has to do.
        await grain.EnsureKeyAsync(cancellationToken);
        return await FindStoredAsync(grain) ?? throw PlatformKeyMissingException.For([account]);
    }

    private async Task<EncryptedSeed?> FindStoredAsync(IFeeAccountGrain grain)
    {
        var state = new GrainState<FeeAccountState> { State = new FeeAccountState() };
        await storage.ReadStateAsync(GrainState.FeeAccount, grain.GetGrainId(), state);
        return state.State.Key;
    }
}

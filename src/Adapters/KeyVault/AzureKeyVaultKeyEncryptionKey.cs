using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Keys;

namespace StellarPay.Adapters.KeyVault;

/// <summary>
/// Wraps data keys in Azure Key Vault under the newest version of a key, or under the version that the setting names. What
/// an older version wrapped is unwrapped by it: the wrapped key says which that was.
/// </summary>
internal sealed partial class AzureKeyVaultKeyEncryptionKey(
    KeyVaultClient client, KeyVaultKeyId configured, ILogger<AzureKeyVaultKeyEncryptionKey> logger) : IKeyEncryptionKey
{
    private volatile KeyVaultKeyId? _current;

    public string CurrentKeyId => Current.ToString();

    /// <summary>Whether a newer version may come to wrap.</summary>
    public bool Follows => configured.Version is null;

    private KeyVaultKeyId Current =>
        _current ?? throw new KeyEncryptionUnavailableException($"The key {configured} has not been looked up yet.");

    public async Task<WrappedKey> WrapAsync(ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken)
    {
        var current = Current;
        try
        {
            try
            {
                return await client.WrapAsync(current, dataKey, cancellationToken);
            }
            catch (KeyVaultException e) when (Follows && e.Status is 403 or 404)
            {
                // The version may have been disabled after a newer one was made, and we have not looked since.
                await RefreshAsync(cancellationToken);
                if (Current == current)
                {
                    throw;
                }

                return await client.WrapAsync(Current, dataKey, cancellationToken);
            }
        }
        catch (KeyVaultException e)
        {
            LogFailed("wrap", e.Message);
            throw e.Status == 400 ? new CryptographicException(e.Message, e) : Passing(e);
        }
    }

    public async Task<byte[]> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken)
    {
        // A token of ours goes to the vault of the setting and to no other that a stored row may name.
        if (!KeyVaultKeyId.TryParse(wrapped.KeyId, out var id) || id.Version is null || id.Vault != configured.Vault)
        {
            throw new CryptographicException($"The vault {configured.Vault} holds no key '{wrapped.KeyId}'.");
        }

        try
        {
            return await client.UnwrapAsync(id, wrapped.Bytes, cancellationToken);
        }
        catch (KeyVaultException e)
        {
            LogFailed("unwrap", e.Message);
            throw e.Status is 400 or 404 ? new CryptographicException(e.Message, e) : Passing(e);
        }
    }

    /// <summary>Looks up which version wraps.</summary>
    /// <exception cref="KeyVaultException">It could not be looked up, or it cannot wrap; the one before goes on.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var key = await client.GetKeyAsync(configured, cancellationToken);
        if (!(Follows ? key.Id.IsSameKeyAs(configured) : key.Id.IsSameVersionAs(configured)))
        {
            throw new KeyVaultException($"Key Vault was asked for the key {configured} and told of another.");
        }

        if (key.Unfit is { } why)
        {
            throw new KeyVaultException($"The key {key.Id} cannot wrap: {why}.");
        }

        if (_current != key.Id)
        {
            _current = key.Id;
            LogCurrent(key.Id);
        }
    }

    // What refuses now may be allowed again by whoever looks after the vault: nothing is given up for it.
    private static KeyEncryptionUnavailableException Passing(KeyVaultException e) => new(e.Message, e);

    [LoggerMessage(3301, LogLevel.Information, "Data keys are wrapped by {KeyId}.")]
    private partial void LogCurrent(KeyVaultKeyId keyId);

    [LoggerMessage(3302, LogLevel.Warning, "Could not {Operation} a data key: {Reason}")]
    private partial void LogFailed(string operation, string reason);
}

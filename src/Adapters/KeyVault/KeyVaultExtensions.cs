using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Keys;

namespace StellarPay.Adapters.KeyVault;

/// <summary>Registers Azure Key Vault as the keeper of the key-encryption key.</summary>
public static class KeyVaultExtensions
{
    /// <summary>
    /// The <c>azure-key-vault</c> keeper. It comes to the vault as who Azure.Identity's DefaultAzureCredential says we are:
    /// a workload or managed identity, what AZURE_CLIENT_ID and its companions name, or a developer who is logged in.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="key">The key's URL, checked by the settings.</param>
    public static IServiceCollection AddAzureKeyVaultKeyEncryptionKey(this IServiceCollection services, string key)
    {
        var id = KeyVaultKeyId.TryParse(key, out var parsed)
            ? parsed
            : throw new ArgumentException($"'{key}' is not the URL of a key in a vault.", nameof(key));
        services.TryAddSingleton<TokenCredential>(_ => new DefaultAzureCredential());
        services.TryAddSingleton<KeyVaultClientOptions>();
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton<KeyVaultClient>()
            .AddSingleton(provider => new AzureKeyVaultKeyEncryptionKey(
                provider.GetRequiredService<KeyVaultClient>(), id,
                provider.GetRequiredService<ILogger<AzureKeyVaultKeyEncryptionKey>>()))
            .AddSingleton<IKeyEncryptionKey>(provider => provider.GetRequiredService<AzureKeyVaultKeyEncryptionKey>())
            .AddHostedService<KeyVaultLookup>();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.KeyVault;
using StellarPay.Adapters.Settings;
using StellarPay.Grains.Keys;

namespace StellarPay.Adapters.Keys;

/// <summary>Registers the keeper of the key-encryption key.</summary>
public static class KeysExtensions
{
    /// <summary>The keeper that the settings name.</summary>
    public static IServiceCollection AddKeyEncryptionKey(this IServiceCollection services, StellarPaySettings settings) =>
        settings.UsesAzureKeyVault
            ? services.AddAzureKeyVaultKeyEncryptionKey(settings.AzureKeyVaultKey)
            : services.AddLocalKeyEncryptionKey();

    /// <summary>The <c>Local</c> keeper: <c>WALLET_ENCRYPTION_KEY</c>, or a key ring in the state folder.</summary>
    public static IServiceCollection AddLocalKeyEncryptionKey(this IServiceCollection services) =>
        services
            .AddSingleton(provider => RingOf(
                provider.GetRequiredService<IOptions<StellarPaySettings>>().Value,
                provider.GetRequiredService<IHostEnvironment>()))
            .AddSingleton<IKeyEncryptionKey, LocalKeyEncryptionKey>();

    private static LocalKeyRing RingOf(StellarPaySettings settings, IHostEnvironment environment) =>
        settings.WalletEncryptionKey.Length > 0
            ? LocalKeyRing.FromHex(settings.WalletEncryptionKey)
            : LocalKeyRing.FromFile(Path.Combine(settings.StateFolder, KeyRings.FileName), environment.IsDevelopment());
}

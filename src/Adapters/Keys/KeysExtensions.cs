using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.KeyVault;
using StellarPay.Adapters.Settings;
using StellarPay.Adapters.Postgres.Keys;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Keys.Subjects;

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

    /// <summary>
    /// What encrypts fields under keys of their subjects, with its keeper: the keys of <c>DATA_ENCRYPTION_KEY</c>, of which the first
    /// wraps, and last another that stands in where that is not set, and still opens what it wrapped where it is.
    /// </summary>
    public static IServiceCollection AddSubjectKeys(this IServiceCollection services, Func<IServiceProvider, byte[]> standIn)
    {
        services.AddKeyedSingleton<IKeyEncryptionKey>(ISubjectKeys.Keeper, (provider, _) =>
        {
            var set = provider.GetRequiredService<IOptions<StellarPaySettings>>().Value.DataEncryptionKey;
            var other = Convert.ToHexStringLower(standIn(provider));
            return new LocalKeyEncryptionKey(LocalKeyRing.FromHex(set.Length > 0 ? $"{set},{other}" : other));
        });
        services.TryAddSingleton<ISubjectKeyStore, PostgresSubjectKeyStore>();
        services.AddOptions<KeyOptions>().BindConfiguration(KeyOptions.Section);
        return services.AddStellarPaySubjectKeys();
    }

    private static LocalKeyRing RingOf(StellarPaySettings settings, IHostEnvironment environment) =>
        settings.WalletEncryptionKey.Length > 0
            ? LocalKeyRing.FromHex(settings.WalletEncryptionKey)
            : LocalKeyRing.FromFile(Path.Combine(settings.StateFolder, KeyRings.FileName), environment.IsDevelopment());
}

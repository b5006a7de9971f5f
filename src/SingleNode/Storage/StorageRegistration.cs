using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Providers;
using Orleans.Storage;

namespace StellarPay.SingleNode;

/// <summary>Registers storages by name, and chooses their serializers as Orleans does.</summary>
internal static class StorageRegistration
{
    public static void AddGrainStorage(
        this IServiceCollection services, string name, Func<IServiceProvider, IGrainStorage> create)
    {
        services.AddKeyedSingleton(name, (provider, _) => create(provider));
        if (name == ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)
        {
            services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IGrainStorage>(name));
        }
    }

    /// <summary>The options' own, else the one registered under the storage's name, else the silo's.</summary>
    public static IGrainStorageSerializer SerializerOf(
        IServiceProvider services, string name, IStorageProviderSerializerOptions options) =>
        options.GrainStorageSerializer
        ?? services.GetKeyedService<IGrainStorageSerializer>(name)
        ?? services.GetRequiredService<IGrainStorageSerializer>();
}

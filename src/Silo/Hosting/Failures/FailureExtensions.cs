using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using StellarPay.Grains.Failures;

namespace StellarPay.Silo.Hosting.Failures;

/// <summary>How failures leave a silo.</summary>
internal static class FailureExtensions
{
    /// <summary>Every failure of a grain call becomes one of two exceptions that travel; its cause is in this silo's log.</summary>
    public static ISiloBuilder AddStellarPayFailures(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton<ICallFailures, CallFailures>();
        // Before Orleans' own, which would take an HTTP failure and lose its status.
        silo.Services.Insert(0, ServiceDescriptor.Singleton<IGeneralizedCodec, FailureCodec>());
        return silo.AddIncomingGrainCallFilter<CallFailureFilter>();
    }

    /// <summary>A storage provider that ends activations whose state cannot be read.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">The provider's name.</param>
    /// <param name="below">The name of the provider that reads and writes.</param>
    public static ISiloBuilder AddGuardedGrainStorage(this ISiloBuilder silo, string name, string below)
    {
        silo.Services.AddKeyedSingleton<IGrainStorage>(name, (services, _) => new GuardedStorage(
            services.GetRequiredKeyedService<IGrainStorage>(below), services.GetRequiredService<IGrainContextAccessor>()));
        return silo;
    }
}

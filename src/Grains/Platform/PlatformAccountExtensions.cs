using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StellarPay.Grains.Keys;

namespace StellarPay.Grains.Platform;

/// <summary>Announces kinds of platform accounts.</summary>
internal static class PlatformAccountExtensions
{
    /// <summary>Lets the platform have accounts of a kind, whose keys are wrapped anew as all are.</summary>
    public static IServiceCollection AddPlatformAccount<TGrain>(this IServiceCollection services, PlatformAccountKind kind)
        where TGrain : IPlatformAccountGrain
    {
        services.TryAddSingleton(provider => new PlatformAccountKinds(provider.GetServices<PlatformAccountKind>()));
        return services.AddSingleton(kind).AddKeyHolder<TGrain>(kind.StateName);
    }
}

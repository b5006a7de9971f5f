using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform;

/// <summary>What fee accounts are made of.</summary>
internal static class FeeAccountServiceCollectionExtensions
{
    public static IServiceCollection AddFeeAccounts(this IServiceCollection services)
    {
        services.TryAddSingleton<FeePayers>();
        services.TryAddSingleton<FeePayerKeys>();
        services.TryAddSingleton<FeeBumpSigner>();
        return services.AnnounceFeeAccounts();
    }

    /// <summary>Says that there are such accounts; also to hosts without their grains.</summary>
    public static IServiceCollection AnnounceFeeAccounts(this IServiceCollection services) =>
        services.AddPlatformAccount<IFeeAccountGrain>(new PlatformAccountKind(
            GrainState.FeeAccount,
            options => options.FeeAccountKeys(),
            PlatformKeys.FeeAccountOfName,
            (grains, key) => grains.GetGrain<IFeeAccountGrain>(key),
            seed => new FeeAccountState { Key = seed })
        {
            FindHolder = (grains, key) => grains.GetGrain<IFeeAccountGrain>(key),
        });
}

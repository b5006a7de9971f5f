using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.Merchants;

/// <summary>What merchants announce.</summary>
internal static class MerchantServiceCollectionExtensions
{
    public static IServiceCollection AddMerchants(this IServiceCollection services)
    {
        services.TryAddSingleton<MerchantClocks>();
        services.TryAddSingleton<MerchantServices>();
        services.AddOptions<MerchantFeeOptions>().ValidateDataAnnotations().ValidateOnStart();
        return services.AddWakeable<IMerchantGrain>(MerchantState.Name, WakeLane.Recovery)
            .AddKeyHolder<IMerchantGrain>(MerchantState.Name);
    }

    /// <summary>Lets merchants own addresses: for silos, and for whoever passes operators' decisions on to them.</summary>
    public static IServiceCollection AddMerchantOwners(this IServiceCollection services) =>
        services.AddLedgerOwner<IMerchantInternal, IMerchantControl>(MerchantState.Name);
}

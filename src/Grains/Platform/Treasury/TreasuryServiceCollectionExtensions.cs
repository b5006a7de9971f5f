using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StellarPay.Grains.Scheduling;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform.Treasury;

/// <summary>What the treasury is made of.</summary>
internal static class TreasuryServiceCollectionExtensions
{
    public static IServiceCollection AddTreasury(this IServiceCollection services)
    {
        services.TryAddSingleton<TreasuryServices>();
        return services.AddWakeable<ITreasuryGrain>(GrainState.Treasury, WakeLane.Platform).AnnounceTreasury();
    }

    /// <summary>Says that there is such an account; also to hosts without its grain.</summary>
    public static IServiceCollection AnnounceTreasury(this IServiceCollection services) =>
        services.AddPlatformAccount<ITreasuryGrain>(new PlatformAccountKind(
            GrainState.Treasury,
            _ => [ITreasuryGrain.Key],
            PlatformKeys.Only(ITreasuryGrain.Key),
            (grains, key) => grains.GetGrain<ITreasuryGrain>(key),
            seed => new TreasuryState { Key = seed })
        {
            OwnsItsDeposits = true,
            GetsTopUps = false,
        });
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Scheduling;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>What the suspense account is made of.</summary>
internal static class SuspenseServiceCollectionExtensions
{
    public static IServiceCollection AddSuspense(this IServiceCollection services)
    {
        services.TryAddSingleton<DepositReleases>();
        services.TryAddSingleton<SuspenseServices>();
        return services.AddWakeable<ISuspenseGrain>(GrainState.Suspense, WakeLane.Platform)
            .AddSuspenseInbox().AnnounceSuspense();
    }

    /// <summary>Says that it owns addresses; also to hosts without its grain.</summary>
    public static IServiceCollection AddSuspenseInbox(this IServiceCollection services) =>
        services.AddLedgerOwner<ISuspenseInternal, ISuspenseGrain>(GrainState.Suspense);

    /// <summary>Says that there is such an account; also to hosts without its grain.</summary>
    public static IServiceCollection AnnounceSuspense(this IServiceCollection services) =>
        services.AddPlatformAccount<ISuspenseGrain>(new PlatformAccountKind(
            GrainState.Suspense,
            _ => [ISuspenseGrain.Key],
            PlatformKeys.Only(ISuspenseGrain.Key),
            (grains, key) => grains.GetGrain<ISuspenseGrain>(key),
            seed => new SuspenseState { Key = seed }));
}

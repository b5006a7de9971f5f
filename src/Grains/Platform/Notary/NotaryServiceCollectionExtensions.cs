using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StellarPay.Grains.Scheduling;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform.Notary;

/// <summary>What the notary is made of.</summary>
internal static class NotaryServiceCollectionExtensions
{
    public static IServiceCollection AddNotary(this IServiceCollection services)
    {
        services.TryAddSingleton<NotaryServices>();
        return services.AddWakeable<INotaryGrain>(GrainState.Notary, WakeLane.Housekeeping).AnnounceNotary();
    }

    /// <summary>Says that there is such an account; also to hosts without its grain.</summary>
    public static IServiceCollection AnnounceNotary(this IServiceCollection services) =>
        services.AddPlatformAccount<INotaryGrain>(new PlatformAccountKind(
            GrainState.Notary,
            _ => [INotaryGrain.Key],
            PlatformKeys.Only(INotaryGrain.Key),
            (grains, key) => grains.GetGrain<INotaryGrain>(key),
            // Due at once: so the first wake-up of an account that an operator gave its key sets the time of its first head.
            seed => new NotaryState { Key = seed, DueAt = DateTimeOffset.UnixEpoch })
        {
            FindHolder = (grains, key) => grains.GetGrain<INotaryGrain>(key),
        });
}

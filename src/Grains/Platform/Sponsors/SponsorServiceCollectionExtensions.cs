using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StellarPay.Grains.Scheduling;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>What sponsors are made of.</summary>
internal static class SponsorServiceCollectionExtensions
{
    public static IServiceCollection AddSponsors(this IServiceCollection services)
    {
        services.TryAddSingleton<SponsorServices>();
        return services.AddWakeable<ISponsorGrain>(GrainState.Sponsor, WakeLane.Platform).AnnounceSponsors();
    }

    /// <summary>Says that there are such accounts; also to hosts without their grains.</summary>
    public static IServiceCollection AnnounceSponsors(this IServiceCollection services) =>
        services.AddPlatformAccount<ISponsorGrain>(new PlatformAccountKind(
            GrainState.Sponsor,
            options => options.SponsorKeys(),
            PlatformKeys.SponsorOfName,
            (grains, key) => grains.GetGrain<ISponsorGrain>(key),
            seed => new SponsorState { Key = seed })
        {
            FindHolder = (grains, key) => grains.GetGrain<ISponsorGrain>(key),
        });
}

using Microsoft.Extensions.DependencyInjection;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.Nudges;

/// <summary>What the feature announces.</summary>
internal static class NudgeServiceCollectionExtensions
{
    public static IServiceCollection AddNudges(this IServiceCollection services) =>
        services.AddWakeable<INudgeGrain>(NudgeState.Name, WakeLane.Housekeeping);
}

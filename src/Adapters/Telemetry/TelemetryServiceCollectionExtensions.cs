using Microsoft.Extensions.DependencyInjection;

namespace StellarPay.Adapters.Telemetry;

/// <summary>Adds what a silo measures beside its work.</summary>
public static class TelemetryServiceCollectionExtensions
{
    /// <summary>Has the database's standing measured in this process; only where somebody collects it.</summary>
    public static IServiceCollection AddStellarPayStanding(this IServiceCollection services) => services
        .AddSingleton<StandingReader>()
        .AddHostedService<StandingWorker>();
}

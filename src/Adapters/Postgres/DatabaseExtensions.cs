using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Settings;

namespace StellarPay.Adapters.Postgres;

/// <summary>Joins the database to the settings.</summary>
public static class DatabaseExtensions
{
    /// <summary>Adds PostgreSQL with the connection string and service id of the settings. Adding it twice is adding it once.</summary>
    public static IServiceCollection AddStellarPayDatabase(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(DatabaseMarker)))
        {
            return services;
        }

        services.AddSingleton<DatabaseMarker>();
        services.AddOptions<PostgresOptions>().Configure<IOptions<StellarPaySettings>>((postgres, settings) =>
        {
            postgres.ConnectionString = settings.Value.Postgres;
            postgres.DirectConnectionString = settings.Value.PostgresDirect;
            postgres.IdleInTransaction = TimeSpan.FromSeconds(settings.Value.PostgresIdleSeconds);
            postgres.ServiceId = settings.Value.ServiceId;
        });
        return services.AddStellarPayPostgres(_ => { });
    }

    private sealed class DatabaseMarker;
}

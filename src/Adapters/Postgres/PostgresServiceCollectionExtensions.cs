using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Storage;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Adapters.Postgres.Migrations;
using StellarPay.Adapters.Postgres.Storage;

namespace StellarPay.Adapters.Postgres;

public static class PostgresServiceCollectionExtensions
{
    /// <summary>
    /// Adds the data source and everything that reads and writes it. A wrong setting stops the start with a sentence
    /// that names it.
    /// </summary>
    public static IServiceCollection AddStellarPayPostgres(
        this IServiceCollection services, Action<PostgresOptions> configure)
    {
        services.AddOptions<PostgresOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<PostgresOptions>, PostgresOptionsValidator>());
        services.TryAddSingleton(CreateDataSource);
        services.TryAddSingleton<IPostgresMigrator, PostgresMigrator>();
        services.TryAddSingleton<IGrainStorageSerializer, StateSerializer>();
        services.TryAddSingleton<IEventFeed, PostgresEventFeed>();
        return services;
    }

    private static NpgsqlDataSource CreateDataSource(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<PostgresOptions>>().Value;
        return new NpgsqlDataSourceBuilder(options.ConnectionString)
            .UseLoggerFactory(services.GetService<ILoggerFactory>())
            .Build();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Adapters.Postgres.Storage.GroupCommit;

namespace StellarPay.Adapters.Postgres.Storage;

/// <summary>The two providers of grain storage. They share rows and rules: a state may move from one to the other.</summary>
public static class StorageExtensions
{
    private const string Invariant = "Npgsql";

    /// <summary>Orleans' ADO.NET provider: a statement and a commit for each write.</summary>
    public static ISiloBuilder AddPostgresGrainStorage(this ISiloBuilder silo, string name)
    {
        ArgumentNullException.ThrowIfNull(silo);
        var below = $"{name}.adonet";
        silo.AddAdoNetGrainStorage(below, (OptionsBuilder<AdoNetGrainStorageOptions> options) => options
            .Configure<IGrainStorageSerializer, NpgsqlDataSource>((storage, serializer, database) =>
            {
                storage.Invariant = Invariant;
                storage.DataSource = database;
                storage.GrainStorageSerializer = serializer;
            }));
        silo.Services.AddKeyedSingleton<IGrainStorage>(name, (services, _) => new TurnStorage(
            services.GetRequiredKeyedService<IGrainStorage>(below),
            services.GetRequiredService<IGrainStorageSerializer>(),
            services.GetRequiredService<IEventHints>(),
            services.GetRequiredService<TimeProvider>()));
        return silo;
    }

    /// <summary>For hot grains: the writes of many share a statement and a commit.</summary>
    public static ISiloBuilder AddGroupCommitGrainStorage(this ISiloBuilder silo, string name)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.TryAddSingleton<GroupCommits>();
        silo.Services.TryAddSingleton<IStoragePressure>(services => services.GetRequiredService<GroupCommits>());
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<GroupCommits>());
        silo.Services.AddKeyedSingleton<IGrainStorage>(
            name, (services, _) => ActivatorUtilities.CreateInstance<GroupCommitStorage>(services));
        return silo;
    }
}

using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Adapters.Settings;
using StellarPay.Grains.Storage;
using StellarPay.Silo.Hosting.Failures;
using StellarPay.Silo.Hosting.Tls;

namespace StellarPay.Silo.Hosting;

/// <summary>Makes a host a silo: the grains, their adapters, and Orleans on PostgreSQL.</summary>
public static class SiloExtensions
{
    private const string Invariant = "Npgsql";

    // The providers below the guarded ones; no row names them.
    private const string Database = "database";
    private const string SharedCommits = "shared_commits";

    // Orleans' own minute is how long a front door that started while no silo was there would not see the first that comes.
    private static readonly TimeSpan GatewaysEvery = TimeSpan.FromSeconds(5);

    /// <summary>Adds the silo. The host must have <see cref="SettingsExtensions.AddStellarPaySettings"/>.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="settings">The settings, checked.</param>
    /// <param name="network">The network that the grains pay on.</param>
    public static IHostApplicationBuilder AddStellarPaySilo(
        this IHostApplicationBuilder builder, StellarPaySettings settings, NetworkProfile network)
    {
        builder.Services.AddStellarPaySiloServices(settings, network);
        builder.Services.AddSingleton(_ => new OrleansDatabase(settings));
        builder.UseOrleans(silo => Traced(silo, settings)
            .AddClusterTls(settings, builder.Environment)
            .Configure<ClusterOptions>(options => Name(options, settings))
            .Configure<ClusterMembershipOptions>(ClusterLiveness.Configure)
            .Configure<EndpointOptions>(options =>
            {
                options.AdvertisedIPAddress = IPAddress.Parse(settings.SiloAddress);
                options.SiloPort = settings.SiloPort;
                options.GatewayPort = settings.GatewayPort;
            })
            .AddIncomingGrainCallFilter<RequestIdFilter>()
            .AddOutgoingGrainCallFilter<GrainCallLog>()
            .AddStellarPayFailures()
            .UseAdoNetClustering((OptionsBuilder<AdoNetClusteringSiloOptions> options) => options
                .Configure<OrleansDatabase>((clustering, database) =>
                {
                    clustering.Invariant = Invariant;
                    clustering.DataSource = database.Source;
                }))
            .UseAdoNetReminderService((OptionsBuilder<AdoNetReminderTableOptions> options) => options
                .Configure<OrleansDatabase>((reminders, database) =>
                {
                    reminders.Invariant = Invariant;
                    reminders.DataSource = database.Source;
                }))
            .AddIncomingGrainCallFilter<GrainsOnlyFilter>()
            .AddIncomingGrainCallFilter<StoragePressureFilter>()
            .AddGuardedGrainStorage(GrainState.Provider, Database)
            .AddPostgresGrainStorage(Database)
            .AddGuardedGrainStorage(GrainState.HotProvider, SharedCommits)
            .AddGroupCommitGrainStorage(SharedCommits));
        KnownGrainInterfaces.AddTo(builder.Services);
        builder.Services.AddHostedService<PlatformKeysAtStart>();
        builder.Services.AddHostedService<PlatformStarter>();
        builder.Services.AddStellarPayFactorNews();
        return builder;
    }

    /// <summary>Makes a host a client of the silos on its database, for a front door that is a process of its own.</summary>
    public static IHostApplicationBuilder AddStellarPayClient(this IHostApplicationBuilder builder, StellarPaySettings settings)
    {
        builder.Services.AddSingleton(_ => new OrleansDatabase(settings));
        builder.UseOrleansClient(client => Traced(client, settings)
            .AddClusterTls(settings, builder.Environment)
            .Configure<ClusterOptions>(options => Name(options, settings))
            .Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = GatewaysEvery)
            .UseAdoNetClustering((OptionsBuilder<AdoNetClusteringClientOptions> options) => options
                .Configure<OrleansDatabase>((clustering, database) =>
                {
                    clustering.Invariant = Invariant;
                    clustering.DataSource = database.Source;
                })));
        KnownGrainInterfaces.AddTo(builder.Services);
        return builder;
    }

    // Calls between grains carry the trace only where traces are told.
    private static ISiloBuilder Traced(ISiloBuilder silo, StellarPaySettings settings) =>
        settings.TellsTraces ? silo.AddActivityPropagation() : silo;

    private static IClientBuilder Traced(IClientBuilder client, StellarPaySettings settings) =>
        settings.TellsTraces ? client.AddActivityPropagation() : client;

    private static void Name(ClusterOptions options, StellarPaySettings settings)
    {
        options.ClusterId = settings.ClusterId;
        options.ServiceId = settings.ServiceId;
    }
}

using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;
using StellarPay.Adapters.Postgres;
using StellarPay.Demo;
using StellarPay.Grains.Storage;

namespace StellarPay.Adapters.Tests.Postgres.Orleans;

/// <summary>A silo whose storage, reminders and membership are the ADO.NET providers on a test's database.</summary>
internal sealed class SiloOnPostgres : IAsyncDisposable
{
    public const string Service = "tests";

    private const string Invariant = "Npgsql";

    private readonly IHost _host;

    private SiloOnPostgres(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<SiloOnPostgres> StartAsync(string connectionString)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddStellarPayPostgres(options =>
        {
            options.ConnectionString = connectionString;
            options.ServiceId = Service;
        });
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options =>
            {
                options.ClusterId = "tests";
                options.ServiceId = Service;
            })
            .Configure<EndpointOptions>(options =>
            {
                options.AdvertisedIPAddress = IPAddress.Loopback;
                options.SiloPort = FreePorts.Next();
                options.GatewayPort = FreePorts.Next();
            })
            .UseAdoNetClustering(options =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = connectionString;
            })
            .UseAdoNetReminderService(options =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = connectionString;
            })
            .AddAdoNetGrainStorage(GrainState.Provider, (OptionsBuilder<AdoNetGrainStorageOptions> options) => options
                .Configure<IGrainStorageSerializer, NpgsqlDataSource>((storage, serializer, database) =>
                {
                    storage.Invariant = Invariant;
                    storage.DataSource = database;
                    storage.GrainStorageSerializer = serializer;
                })));
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new SiloOnPostgres(host);
    }

    public ITallyGrain Tally(string key) => Grains.GetGrain<ITallyGrain>(key);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}

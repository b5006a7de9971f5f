using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StellarPay.Adapters.Settings;
using StellarPay.Demo;
using StellarPay.Silo.Hosting.Tls;

namespace StellarPay.Silo.Tests.Tls;

/// <summary>Two silos on real sockets, as in production, with certificates in a folder of theirs.</summary>
public sealed class TlsCluster : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stellarpay-tls-").FullName;
    private readonly List<IHost> _silos = [];
    private readonly int[] _ports = [FreePorts.Next(), FreePorts.Next(), FreePorts.Next(), FreePorts.Next()];

    /// <summary>Where a front door connects.</summary>
    internal IPEndPoint Gateway => new(IPAddress.Loopback, _ports[1]);

    /// <summary>Where another silo connects.</summary>
    internal IPEndPoint SiloPort => new(IPAddress.Loopback, _ports[0]);

    /// <summary>The cluster's own certificates.</summary>
    internal string Certificates => Path.Combine(_folder, "ours");

    /// <summary>Those of somebody else, who named his authority as ours is named.</summary>
    internal string Strangers => Path.Combine(_folder, "theirs");

    public async ValueTask InitializeAsync()
    {
        DevelopmentAuthority.Write(Certificates, TimeProvider.System.GetUtcNow(), days: 1);
        DevelopmentAuthority.Write(Strangers, TimeProvider.System.GetUtcNow(), days: 1);
        await StartSiloAsync(_ports[0], _ports[1]);
        await StartSiloAsync(_ports[2], _ports[3]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Enumerable.Reverse(_silos))
        {
            await silo.StopAsync();
            silo.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>How many silos each silo knows to be alive.</summary>
    internal async Task<int> AliveAsync() =>
        (await _silos[1].Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count;

    /// <summary>A front door with the certificates of a folder, or none.</summary>
    internal IHost FrontDoor(string? folder)
    {
        var builder = Builder();
        builder.UseOrleansClient(client => client.UseStaticClustering(Gateway)
            // Orleans' own tries twenty times before it says so.
            .UseConnectionRetryFilter((_, _) => Task.FromResult(false))
            .AddClusterTls(new StellarPaySettings { ClusterTls = folder ?? "" }, builder.Environment));
        return builder.Build();
    }

    private static HostApplicationBuilder Builder()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        return builder;
    }

    private async Task StartSiloAsync(int port, int gateway)
    {
        var builder = Builder();
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(port, gateway, SiloPort)
            .AddClusterTls(new StellarPaySettings { ClusterTls = Certificates }, builder.Environment));
        var host = builder.Build();
        _silos.Add(host);
        await host.StartAsync();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>A client: it finds its cluster in this process, or nowhere.</summary>
internal sealed class ClientHost(
    IServiceProvider services,
    TimeProvider time,
    IEnumerable<IClusterLocation> locations,
    IOptions<ClusterOptions> clusterOptions,
    IOptions<ClientMessagingOptions> messaging)
    : CallHost(new PendingCalls(time, messaging.Value.ResponseTimeout)), IDisposable
{
    private Cluster? _cluster;

    public override Cluster Cluster => _cluster
        ?? throw new InvalidOperationException("The client is not connected: its host has not started, or has stopped.");

    public void Connect()
    {
        var location = locations.LastOrDefault() ?? throw new OrleansConfigurationException(
            "No clustering is configured: call UseLocalhostClustering or UseAdoNetClustering.");
        UseOutgoingFilters(services.GetServices<IOutgoingGrainCallFilter>());
        _cluster = Clusters.Find(location.Names(clusterOptions.Value)) ?? throw new SiloUnavailableException(
            "No silo of the cluster runs in this process. This build uses the SingleNode runtime, whose clients and silos "
            + "share one process; to run them apart, build for Orleans: -p:ActorRuntime=Orleans.");
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _cluster, null) is not null)
        {
            Pending.EndAll(static call => new SiloUnavailableException($"The client stopped before {call} was answered."));
            Pending.Dispose();
        }
    }
}

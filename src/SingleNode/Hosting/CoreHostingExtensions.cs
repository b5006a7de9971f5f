using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using StellarPay.SingleNode;

namespace Orleans.Hosting;

/// <summary>A cluster on this machine.</summary>
public static class CoreHostingExtensions
{
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder,
        int siloPort = EndpointOptions.DEFAULT_SILO_PORT,
        int gatewayPort = EndpointOptions.DEFAULT_GATEWAY_PORT,
        IPEndPoint? primarySiloEndpoint = null,
        string serviceId = "dev",
        string clusterId = "dev")
    {
        builder.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = IPAddress.Loopback;
            options.SiloPort = siloPort;
            options.GatewayPort = gatewayPort;
        });
        builder.Configure<ClusterOptions>(options =>
        {
            options.ServiceId = serviceId;
            options.ClusterId = clusterId;
        });
        builder.Services.AddSingleton<IClusterLocation>(
            new LocalhostPrimary(primarySiloEndpoint?.Port ?? siloPort, gatewayPort));
        return builder;
    }
}

using Microsoft.Extensions.DependencyInjection;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Horizon;

namespace StellarPay.Adapters.Horizon;

/// <summary>Registers the network that the grains pay on.</summary>
public static class HorizonExtensions
{
    /// <summary>The network by its Horizon: one client for the process, of which users' questions have a share.</summary>
    public static IServiceCollection AddHorizonNetwork(this IServiceCollection services, NetworkProfile network) =>
        services
            .AddSingleton(network)
            .AddSingleton(provider => new HorizonClient(
                new HttpClient(HorizonClient.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan },
                new HorizonClientOptions { BaseUrls = [network.Horizon] },
                provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<INetworkGateway, HorizonGateway>()
            .AddSingleton<INetworkQuestions>(provider => new HorizonGateway(
                provider.GetRequiredService<HorizonClient>().ForUsers(), network))
            .AddSingleton<IPathFinder>(provider => new HorizonPathFinder(
                provider.GetRequiredService<HorizonClient>().ForUsers(), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<INetworkFeed, HorizonFeed>();
}

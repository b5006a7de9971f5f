using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>The services of a client.</summary>
internal static class ClientServices
{
    public static IClientBuilder Add(IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(each => each.ServiceType == typeof(ClientBuilder)))
        {
            return (IClientBuilder)services.Last(each => each.ServiceType == typeof(ClientBuilder)).ImplementationInstance!;
        }

        if (services.Any(each => each.ServiceType == typeof(SiloBuilder)))
        {
            throw new OrleansConfigurationException(
                "Do not call both UseOrleans and UseOrleansClient: a silo has a client already.");
        }

        var builder = new ClientBuilder(services, configuration);
        services.AddSingleton(builder);
        services.AddLogging();
        services.AddOptions<ClusterOptions>().Bind(configuration.GetSection("Orleans"));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ClientHost>();
        services.AddSingleton(static provider => new GrainFactory(provider.GetRequiredService<ClientHost>(), provider));
        services.AddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<GrainFactory>());
        services.AddSingleton<IClusterClient>(static provider => provider.GetRequiredService<GrainFactory>());
        services.AddHostedService<ClientHostedService>();
        return builder;
    }
}

/// <summary>Connects the client with its host.</summary>
internal sealed class ClientHostedService(ClientHost client) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        client.Connect();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        client.Dispose();
        return Task.CompletedTask;
    }
}

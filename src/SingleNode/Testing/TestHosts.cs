using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace StellarPay.SingleNode;

/// <summary>Builds the hosts of a test cluster.</summary>
internal static class TestHosts
{
    public static IHost CreateSilo(
        string siloName, IConfiguration configuration, Action<IHostBuilder>? postConfigure)
    {
        var options = configuration.GetTestClusterOptions();
        var builder = NewBuilder(configuration);
        builder.UseOrleans((_, silo) =>
        {
            silo.Configure<SiloOptions>(each => each.SiloName = siloName);
            silo.Configure<ClusterOptions>(configuration.GetSection("Orleans"));
            silo.Configure<EndpointOptions>(each =>
            {
                each.SiloPort = configuration.GetValue("SiloPort", options.BaseSiloPort);
                each.GatewayPort = configuration.GetValue("GatewayPort", options.BaseGatewayPort);
            });
            silo.Services.AddSingleton<IClusterLocation, TestClusterLocation>();
        });
        foreach (var configurator in Instances(options.SiloBuilderConfiguratorTypes))
        {
            (configurator as IHostConfigurator)?.Configure(builder);
            if (configurator is ISiloConfigurator silo)
            {
                builder.UseOrleans((_, siloBuilder) => silo.Configure(siloBuilder));
            }
        }

        postConfigure?.Invoke(builder);
        return builder.Build();
    }

    public static IHost CreateClient(IConfiguration configuration)
    {
        var options = configuration.GetTestClusterOptions();
        var builder = NewBuilder(configuration);
        builder.UseOrleansClient((_, client) =>
        {
            client.Configure<ClusterOptions>(configuration.GetSection("Orleans"));
            client.Services.AddSingleton<IClusterLocation, TestClusterLocation>();
        });
        foreach (var configurator in Instances(options.ClientBuilderConfiguratorTypes))
        {
            (configurator as IHostConfigurator)?.Configure(builder);
            if (configurator is IClientBuilderConfigurator client)
            {
                builder.UseOrleansClient((context, clientBuilder) =>
                    client.Configure(context.Configuration, clientBuilder));
            }
        }

        return builder.Build();
    }

    private static HostBuilder NewBuilder(IConfiguration configuration)
    {
        var builder = new HostBuilder();
        builder.Properties[nameof(IConfiguration)] = configuration;
        builder.ConfigureHostConfiguration(host => host.AddConfiguration(configuration));
        return builder;
    }

    private static IEnumerable<object> Instances(IEnumerable<string?> typeNames) =>
        typeNames.OfType<string>().Select(name => Activator.CreateInstance(Type.GetType(name, throwOnError: true)!)!);
}

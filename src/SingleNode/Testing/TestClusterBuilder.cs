using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Orleans.TestingHost;

/// <summary>Builds a test cluster.</summary>
public class TestClusterBuilder
{
    private readonly List<Action<IConfigurationBuilder>> _hostConfiguration = [];

    public TestClusterBuilder()
        : this(2)
    {
    }

    public TestClusterBuilder(short initialSilosCount) => Options = new TestClusterOptions
    {
        InitialSilosCount = initialSilosCount,
        ClusterId = CreateClusterId(),
        ServiceId = Guid.NewGuid().ToString("N"),
        BaseSiloPort = EndpointBase,
        BaseGatewayPort = EndpointBase + 10_000,
    };

    public TestClusterOptions Options { get; }

    public Dictionary<string, string?> Properties { get; } = [];

    // Nothing listens, so that every cluster may use the same ports.
    private static int EndpointBase => 20_000;

    public static string CreateClusterId() => $"testcluster-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";

    public TestClusterBuilder AddSiloBuilderConfigurator<T>()
        where T : new()
    {
        if (!typeof(ISiloConfigurator).IsAssignableFrom(typeof(T)) && !typeof(IHostConfigurator).IsAssignableFrom(typeof(T)))
        {
            throw new ArgumentException(
                $"{typeof(T)} must implement {nameof(ISiloConfigurator)} or {nameof(IHostConfigurator)}.");
        }

        Options.SiloBuilderConfiguratorTypes.Add(typeof(T).AssemblyQualifiedName);
        return this;
    }

    public TestClusterBuilder AddClientBuilderConfigurator<T>()
        where T : new()
    {
        if (!typeof(IClientBuilderConfigurator).IsAssignableFrom(typeof(T))
            && !typeof(IHostConfigurator).IsAssignableFrom(typeof(T)))
        {
            throw new ArgumentException(
                $"{typeof(T)} must implement {nameof(IClientBuilderConfigurator)} or {nameof(IHostConfigurator)}.");
        }

        Options.ClientBuilderConfiguratorTypes.Add(typeof(T).AssemblyQualifiedName);
        return this;
    }

    public TestClusterBuilder ConfigureHostConfiguration(Action<IConfigurationBuilder> configureDelegate)
    {
        _hostConfiguration.Add(configureDelegate);
        return this;
    }

    public TestCluster Build()
    {
        var configuration = new ConfigurationBuilder();
        configuration.AddInMemoryCollection(Properties);
        configuration.AddInMemoryCollection(Options.ToDictionary());
        foreach (var configure in _hostConfiguration)
        {
            configure(configuration);
        }

        return new TestCluster(Options, [.. configuration.Sources]);
    }
}

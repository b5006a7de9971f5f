using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>What a test cluster is made of.</summary>
public class TestClusterOptions
{
    public string ClusterId { get; set; } = "";

    public string ServiceId { get; set; } = "";

    public int BaseSiloPort { get; set; }

    public int BaseGatewayPort { get; set; }

    public short InitialSilosCount { get; set; }

    public bool InitializeClientOnDeploy { get; set; } = true;

    public List<string?> SiloBuilderConfiguratorTypes { get; } = [];

    public List<string?> ClientBuilderConfiguratorTypes { get; } = [];

    public Dictionary<string, string?> ToDictionary()
    {
        var result = new Dictionary<string, string?>
        {
            [nameof(ClusterId)] = ClusterId,
            [nameof(ServiceId)] = ServiceId,
            [nameof(BaseSiloPort)] = BaseSiloPort.ToString(CultureInfo.InvariantCulture),
            [nameof(BaseGatewayPort)] = BaseGatewayPort.ToString(CultureInfo.InvariantCulture),
            [nameof(InitialSilosCount)] = InitialSilosCount.ToString(CultureInfo.InvariantCulture),
            [nameof(InitializeClientOnDeploy)] = InitializeClientOnDeploy.ToString(),
            ["Orleans:ClusterId"] = ClusterId,
            ["Orleans:ServiceId"] = ServiceId,
        };
        for (var i = 0; i < SiloBuilderConfiguratorTypes.Count; i++)
        {
            result[$"{nameof(SiloBuilderConfiguratorTypes)}:{i}"] = SiloBuilderConfiguratorTypes[i];
        }

        for (var i = 0; i < ClientBuilderConfiguratorTypes.Count; i++)
        {
            result[$"{nameof(ClientBuilderConfiguratorTypes)}:{i}"] = ClientBuilderConfiguratorTypes[i];
        }

        return result;
    }
}

/// <summary>Reads a test cluster's options from a host.</summary>
public static class TestClusterExtensions
{
    public static IConfiguration GetConfiguration(this IHostBuilder builder) =>
        (IConfiguration)builder.Properties[nameof(IConfiguration)];

    public static string? GetConfigurationValue(this IHostBuilder hostBuilder, string key) =>
        hostBuilder.GetConfiguration()[key];

    public static TestClusterOptions GetTestClusterOptions(this IHostBuilder hostBuilder) =>
        hostBuilder.GetConfiguration().GetTestClusterOptions();

    public static TestClusterOptions GetTestClusterOptions(this IConfiguration config)
    {
        var options = new TestClusterOptions();
        config.Bind(options);
        return options;
    }
}

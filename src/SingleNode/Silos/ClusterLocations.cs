using Orleans.Configuration;

namespace StellarPay.SingleNode;

/// <summary>A silo of a localhost cluster.</summary>
internal sealed class LocalhostPrimary(int primaryPort, int gatewayPort) : IClusterLocation
{
    public IReadOnlyList<string> Names(ClusterOptions options) =>
    [
        $"localhost primary {primaryPort} {options.ServiceId} {options.ClusterId}",
        $"localhost gateway {gatewayPort} {options.ServiceId} {options.ClusterId}",
    ];
}

/// <summary>A client of a localhost cluster.</summary>
internal sealed class LocalhostGateway(int gatewayPort) : IClusterLocation
{
    public IReadOnlyList<string> Names(ClusterOptions options) =>
        [$"localhost gateway {gatewayPort} {options.ServiceId} {options.ClusterId}"];
}

/// <summary>A silo or client of a test cluster.</summary>
internal sealed class TestClusterLocation : IClusterLocation
{
    public IReadOnlyList<string> Names(ClusterOptions options) => [$"test {options.ServiceId} {options.ClusterId}"];
}

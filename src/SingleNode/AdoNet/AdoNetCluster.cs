using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace StellarPay.SingleNode;

/// <summary>A cluster that is known by its database.</summary>
internal sealed class AdoNetCluster(AdoDatabase database) : IClusterLocation
{
    public AdoDatabase Database { get; } = database;

    public static AdoNetCluster ForSilo(IOptions<AdoNetClusteringSiloOptions> options) => new(new AdoDatabase(
        nameof(AdoNetClusteringSiloOptions),
        options.Value.Invariant,
        options.Value.ConnectionString,
        options.Value.DataSource));

    public static AdoNetCluster ForClient(IOptions<AdoNetClusteringClientOptions> options) => new(new AdoDatabase(
        nameof(AdoNetClusteringClientOptions),
        options.Value.Invariant,
        options.Value.ConnectionString,
        options.Value.DataSource));

    public IReadOnlyList<string> Names(ClusterOptions options) =>
        [$"database {options.ServiceId} {options.ClusterId} {Database.Name}"];
}

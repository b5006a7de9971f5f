namespace StellarPay.EndToEnd.Tests.Cluster;

/// <summary>One cluster for every class that leaves it whole: it takes long to start.</summary>
[CollectionDefinition]
public sealed class SharedCluster : ICollectionFixture<ClusterDeployment>;

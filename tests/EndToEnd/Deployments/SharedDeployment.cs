namespace StellarPay.EndToEnd.Tests.Deployments;

/// <summary>One StellarPay for every class that leaves it running: it takes seconds to start.</summary>
[CollectionDefinition]
public sealed class SharedDeployment : ICollectionFixture<Deployment>;

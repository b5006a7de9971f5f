namespace StellarPay.Frontdoor.Tests.OpenApi;

/// <summary>Tests that look at what every endpoint answers.</summary>
[CollectionDefinition]
public sealed class EndpointAnswersCollection : ICollectionFixture<EndpointAnswers>;

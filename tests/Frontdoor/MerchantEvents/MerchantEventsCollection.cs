using StellarPay.Frontdoor.Tests.Webhooks;

namespace StellarPay.Frontdoor.Tests.MerchantEvents;

/// <summary>One front door for all tests of merchants' events.</summary>
[CollectionDefinition]
public sealed class MerchantEventsCollection : ICollectionFixture<WebhooksHost>;

namespace StellarPay.Frontdoor.Tests.Hosting;

// Each front door costs seconds of a processor: its routes, its database, its first answers. Classes that look at what is their own users'
// only have one together, a few such groups beside each other. Whoever counts everything or reads the whole log has one of his own.

/// <summary>Wallets, how they are opened, payments, and whom one pays. The clock stands still.</summary>
[CollectionDefinition]
public sealed class MoneyCollection : ICollectionFixture<FrontdoorHost>;

/// <summary>How requests and answers look, and tokens. The clock goes on, by what each test advances it.</summary>
[CollectionDefinition]
public sealed class WireCollection : ICollectionFixture<FrontdoorHost>;

/// <summary>Accounts, and the names that are theirs. The clock goes on, by less than the month after which unconfirmed ones go.</summary>
[CollectionDefinition]
public sealed class NamesCollection : ICollectionFixture<FrontdoorHost>;

/// <summary>Second factors. The clock goes on, by what each test advances it.</summary>
[CollectionDefinition]
public sealed class FactorsCollection : ICollectionFixture<FrontdoorHost>;

/// <summary>Sessions, and those who stole one. The clock goes on, by what each test advances it.</summary>
[CollectionDefinition]
public sealed class SessionsCollection : ICollectionFixture<FrontdoorHost>;

/// <summary>Wallets on the ledger. The clock goes on by seconds only.</summary>
[CollectionDefinition]
public sealed class WholeHostCollection : ICollectionFixture<WholeHost>;

using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Errors;

// On a host of its own, as it counts everything and reads the whole log.
public sealed class BadInputTests(FrontdoorHost host) : BadInput(host), IClassFixture<FrontdoorHost>;

public sealed class BadInputOnRealGrainsTests(WholeHost host) : BadInput(host), IClassFixture<WholeHost>;

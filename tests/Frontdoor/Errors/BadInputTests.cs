using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Errors;

[Collection<WireCollection>]
public sealed class BadInputTests(FrontdoorHost host) : BadInput(host);

public sealed class BadInputOnRealGrainsTests(WholeHost host) : BadInput(host), IClassFixture<WholeHost>;

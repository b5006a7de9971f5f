using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Errors;

public sealed class BadInputTests(FrontdoorHost host) : BadInput(host), IClassFixture<FrontdoorHost>;

public sealed class BadInputOnRealGrainsTests(WholeHost host) : BadInput(host), IClassFixture<WholeHost>;

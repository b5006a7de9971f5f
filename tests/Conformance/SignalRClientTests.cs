using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Conformance.Tests;

public sealed class SignalRClientTests(WholeHost host) : IClassFixture<WholeHost>
{
    [Fact]
    public Task The_official_SignalR_client_sees_balances_and_payments() => NodeScripts.RunAsync(
        "signalr.test.mjs", ("FRONTDOOR_URL", host.Address.ToString()), ("SANDBOX_URL", host.Sandbox.ToString()));
}

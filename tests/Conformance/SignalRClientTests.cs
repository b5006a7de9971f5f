using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Tests.Shared.Node;

namespace StellarPay.Conformance.Tests;

public sealed class SignalRClientTests(WholeHost host) : IClassFixture<WholeHost>
{
    [Fact]
    public async Task The_official_SignalR_client_sees_balances_and_payments()
    {
        var people = new Dictionary<string, object>();
        foreach (var name in new[] { "payer", "payee", "someone" })
        {
            var api = await host.SignUpAsync();
            people[name] = new { email = api.Email, token = api.AccessToken };
        }

        await NodeScripts.RunAsync(
            "signalr.test.mjs", ("FRONTDOOR_URL", host.Address.ToString()), ("SANDBOX_URL", host.Sandbox.ToString()),
            ("PEOPLE", JsonSerializer.Serialize(people)));
    }
}

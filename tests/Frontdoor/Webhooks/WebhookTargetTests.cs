using System.Net;
using System.Net.Sockets;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Webhooks;

/// <summary>Nobody has us call our own network, or his own inner one (given 11, M30).</summary>
public sealed class WebhookTargetTests(WebhookTargetTests.LiveHost live, WebhookTargetTests.StrictHost strict)
    : IClassFixture<WebhookTargetTests.LiveHost>, IClassFixture<WebhookTargetTests.StrictHost>
{
    /// <summary>Payments are real, and some names and addresses are ours.</summary>
    public sealed class LiveHost : WebhooksHost
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            ["STELLARPAY_MODE"] = "live",
            ["StellarPay:Webhooks:Own:0"] = "api.stellarpay.example",
            ["StellarPay:Webhooks:Own:1"] = "9.9.9.0/24",
            ["StellarPay:Frontdoor:AllowedOrigins:0"] = "https://app.stellarpay.example",
            ["StellarPay:Checkout:Origin"] = "https://pay.elsewhere.example",
            ["StellarPay:Passkeys:RelyingPartyId"] = "keys.example",
            ["StellarPay:Passkeys:Origins:0"] = "https://login.keys.example",
        };
    }

    /// <summary>Payments are not real, and all the same nobody calls this machine.</summary>
    public sealed class StrictHost : WebhooksHost
    {
        protected override Dictionary<string, string?> Settings => new() { ["StellarPay:Webhooks:TimeoutSeconds"] = "2" };
    }

    [Theory]
    [InlineData("https://127.0.0.1/hook")]
    [InlineData("https://2130706433/hook")]
    [InlineData("https://0x7f.1/hook")]
    [InlineData("https://0177.0.0.1/hook")]
    [InlineData("https://134744072/hook")]
    [InlineData("https://[::1]/hook")]
    [InlineData("https://[::ffff:10.0.0.1]/hook")]
    [InlineData("https://[::7f00:1]/hook")]
    [InlineData("https://[::ffff:0:127.0.0.1]/hook")]
    [InlineData("https://[64:ff9b::a00:1]/hook")]
    [InlineData("https://[2002:7f00:1::]/hook")]
    [InlineData("https://[ff02::1]/hook")]
    [InlineData("https://[fe80::1%25eth0]/hook")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://168.63.129.16/machine")]
    [InlineData("https://100.64.0.1/hook")]
    [InlineData("https://0.0.0.0/hook")]
    [InlineData("https://224.0.0.1/hook")]
    [InlineData("https://[fd00::1]/hook")]
    [InlineData("https://[fd00:ec2::254]/hook")]
    [InlineData("https://localhost/hook")]
    [InlineData("https://localhost./hook")]
    [InlineData("https://shop.example./hook")]
    [InlineData("https://intranet/hook")]
    [InlineData("https://u:p@shop.example/hook")]
    [InlineData("https://shop.example/hook#here")]
    [InlineData("https://shop.example\\@127.0.0.1/hook")]
    [InlineData("http://shop.example/hook")]
    [InlineData("https://shop.example:80/hook")]
    [InlineData("https://shop.example:8443/hook")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://shop.example/1")]
    [InlineData("//shop.example/hook")]
    [InlineData("https://")]
    [InlineData("")]
    [InlineData("https://inner.example/hook")]
    [InlineData("https://both.example/hook")]
    [InlineData("https://mapped.example/hook")]
    [InlineData("https://nowhere.example/hook")]
    [InlineData("https://ours.example/hook")]
    [InlineData("https://api.stellarpay.example/v1/admin/users")]
    [InlineData("https://API.stellarpay.EXAMPLE/v1/admin/users")]
    [InlineData("https://deep.api.stellarpay.example/")]
    [InlineData("https://app.stellarpay.example/")]
    [InlineData("https://pay.elsewhere.example/pay/abc")]
    [InlineData("https://login.keys.example/")]
    public async Task Such_a_url_is_refused_where_payments_are_real(string url)
    {
        live.Names.Set("shop.example", "8.8.8.8");
        live.Names.Set("api.stellarpay.example", "8.8.8.8");
        live.Names.Set("deep.api.stellarpay.example", "8.8.8.8");
        live.Names.Set("app.stellarpay.example", "8.8.8.8");
        live.Names.Set("pay.elsewhere.example", "8.8.8.8");
        live.Names.Set("login.keys.example", "8.8.8.8");
        live.Names.Set("inner.example", "10.0.0.1");
        live.Names.Set("both.example", "8.8.8.8 192.168.0.1");
        live.Names.Set("mapped.example", "::ffff:127.0.0.1");
        live.Names.Set("ours.example", "9.9.9.9");
        var merchant = await TestMerchant.MakeAsync(live, isLive: true);

        var answer = await merchant.Api.PostAsync("/v1/webhook_endpoints", new { url, enabled_events = new[] { "*" } });

        answer.ShouldBeError(HttpStatusCode.BadRequest, "url_invalid", "url");
    }

    [Theory]
    [InlineData("https://shop.example/hook?a=b")]
    [InlineData("https://8.8.8.8/hook")]
    [InlineData("https://[2606:4700::1111]/hook")]
    public async Task Such_a_url_is_not(string url)
    {
        live.Names.Set("shop.example", "8.8.8.8 2606:4700::1111");
        var merchant = await TestMerchant.MakeAsync(live, isLive: true);

        var answer = await merchant.Api.PostAsync("/v1/webhook_endpoints", new { url, enabled_events = new[] { "*" } });

        answer.ShouldBeOk().Body.GetProperty("livemode").GetBoolean().ShouldBeTrue();
    }

    // No name was looked up and nothing connected to for an address that is refused as it stands.
    [Fact]
    public async Task For_a_refused_address_nobody_is_asked()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var merchant = await TestMerchant.MakeAsync(strict);
        var before = strict.Names.Asked.Length;

        foreach (var url in new[] { $"http://127.0.0.1:{port}/", $"http://[::1]:{port}/", $"http://2130706433:{port}/", $"http://localhost:{port}/" })
        {
            (await merchant.Api.PostAsync("/v1/webhook_endpoints", new { url, enabled_events = new[] { "*" } }))
                .ShouldBeError(HttpStatusCode.BadRequest, "url_invalid", "url");
        }

        // What another test had called is tried again meanwhile.
        strict.Names.Asked[before..].ShouldAllBe(name => name == "rebinds.example");
        listener.Pending().ShouldBeFalse();
    }

    // A name that was public when it was registered, and is not when it is called.
    [Fact]
    public async Task A_name_that_moves_inside_is_not_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        strict.Names.Set("rebinds.example", "8.8.8.8", "127.0.0.1");
        var merchant = await TestMerchant.MakeAsync(strict);
        var (id, _) = await merchant.ListenAsync(new Uri($"http://rebinds.example:{port}/hook"));

        await strict.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1));
        await Eventually.UntilAsync(async () => (await merchant.DeliveriesAsync(id)).Length == 1, "it was tried");

        var line = (await merchant.DeliveriesAsync(id)).Single();
        line.GetProperty("outcome").GetString().ShouldBe("failed");
        line.GetProperty("problem").GetString().ShouldBe("The host is not on the public internet.");
        listener.Pending().ShouldBeFalse();
        // Registered and called: each time it was looked up once.
        strict.Names.Asked.Count(name => name == "rebinds.example").ShouldBe(2);
    }

    [Fact]
    public async Task Where_payments_are_not_real_http_and_high_ports_will_do()
    {
        strict.Names.Set("shop.example", "8.8.8.8");
        var merchant = await TestMerchant.MakeAsync(strict);
        foreach (var (url, status) in new[]
        {
            ("http://shop.example/", HttpStatusCode.OK), ("http://shop.example:8080/", HttpStatusCode.OK),
            ("https://shop.example:22/", HttpStatusCode.BadRequest), ("http://shop.example:1023/", HttpStatusCode.BadRequest),
        })
        {
            (await merchant.Api.PostAsync("/v1/webhook_endpoints", new { url, enabled_events = new[] { "*" } })).Status.ShouldBe(status, url);
        }
    }
}

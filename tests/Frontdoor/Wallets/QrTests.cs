using System.Net;
using System.Text.RegularExpressions;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Wallets;

[Collection<MoneyCollection>]
public sealed partial class QrTests(FrontdoorHost host)
{
    private const string OnThisNetwork = "&network_passphrase=Test%20network%20of%20these%20tests";

    [Fact]
    public async Task An_SVG_carries_a_SEP_7_request_to_this_wallet()
    {
        var api = await host.SignUpAsync();
        var address = await AddressAsync(api);

        var svg = (await api.GetAsync("/v1/wallet/qr")).ShouldBeOk();

        svg.ContentHeaders.ContentType!.MediaType.ShouldBe("image/svg+xml");
        UriOf(svg).ShouldBe($"web+stellar:pay?destination={address}{OnThisNetwork}");
        System.Xml.Linq.XDocument.Parse(svg.Text).Root!.Name.LocalName.ShouldBe("svg");
    }

    [Theory]
    [InlineData("amount=12.5", "&amount=12.5")]
    [InlineData("amount=12.5&asset=USDC", "&amount=12.5&asset_code=USDC&asset_issuer=GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN")]
    [InlineData("asset=USDC:GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN", "&asset_code=USDC&asset_issuer=GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN")]
    [InlineData("asset=XLM", "")]
    public async Task Amount_and_asset_are_in_the_request(string query, string expected)
    {
        var api = await host.SignUpAsync();
        UriOf((await api.GetAsync($"/v1/wallet/qr?format=svg&{query}")).ShouldBeOk())
            .ShouldBe($"web+stellar:pay?destination={await AddressAsync(api)}{expected}{OnThisNetwork}");
    }

    [Fact]
    public async Task A_PNG_is_one()
    {
        var api = await host.SignUpAsync();
        var png = (await api.GetAsync("/v1/wallet/qr?format=png")).ShouldBeOk();

        png.ContentHeaders.ContentType!.MediaType.ShouldBe("image/png");
        png.Bytes[..8].ShouldBe([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
    }

    [Theory]
    [InlineData("amount=0", "amount_invalid", "amount")]
    [InlineData("amount=0.00000001", "amount_invalid", "amount")]
    [InlineData("amount=-1", "amount_invalid", "amount")]
    [InlineData("asset=EUR", "asset_unknown", "asset")]
    [InlineData("format=gif", "format_invalid", "format")]
    public async Task What_makes_no_request_is_refused(string query, string code, string param)
    {
        var api = await host.SignUpAsync();
        (await api.GetAsync($"/v1/wallet/qr?{query}")).ShouldBeError(HttpStatusCode.BadRequest, code, param);
    }

    private static async Task<string> AddressAsync(Api api) =>
        (await api.GetAsync("/v1/wallet")).ShouldBeOk().Body.GetProperty("address").GetString()!;

    private static string UriOf(Answer svg) => WebUtility.HtmlDecode(Title().Match(svg.Text).Groups[1].Value);

    [GeneratedRegex("<title>(.*?)</title>")]
    private static partial Regex Title();
}

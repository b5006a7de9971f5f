using System.ComponentModel.DataAnnotations;
using System.Net;
using StellarPay.Frontdoor.Auth.Passkeys;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth.Passkeys;

public sealed class PasskeyOptionsTests(PasskeyOptionsTests.WithoutPasskeys host) : IClassFixture<PasskeyOptionsTests.WithoutPasskeys>
{
    private const string NoDomain = "StellarPay:Passkeys:RelyingPartyId must be a domain";
    private const string NoOrigin = "StellarPay:Passkeys:Origins must be origins";

    [Theory]
    [InlineData("", "", "")]
    [InlineData("app.example", "https://app.example", "")]
    [InlineData("example.com", "https://pay.example.com https://example.com:8443", "")]
    [InlineData("localhost", "http://localhost:5080", "")]
    [InlineData("https://app.example", "https://app.example", NoDomain)]
    [InlineData("App.example", "https://app.example", NoDomain)]
    [InlineData("127.0.0.1", "http://127.0.0.1", NoDomain)]
    [InlineData("app.example", "", NoOrigin)]
    [InlineData("app.example", "http://app.example", NoOrigin)]
    [InlineData("app.example", "https://app.example/", NoOrigin)]
    [InlineData("app.example", "https://evilapp.example", NoOrigin)]
    [InlineData("app.example", "https://app.example.evil.example", NoOrigin)]
    [InlineData("app.example", "https://*.app.example", NoOrigin)]
    public void A_domain_and_origins_on_it_are_taken_and_nothing_else(string domain, string origins, string fault)
    {
        var options = new PasskeyOptions { RelyingPartyId = domain, Origins = origins.Split(' ', StringSplitOptions.RemoveEmptyEntries) };

        var faults = options.Validate(new ValidationContext(options)).Select(each => each.ErrorMessage!).ToArray();

        if (fault.Length == 0)
        {
            faults.ShouldBeEmpty();
        }
        else
        {
            faults.ShouldContain(sentence => sentence.StartsWith(fault, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Where_there_are_none_each_endpoint_says_so()
    {
        var api = await host.SignUpAsync();
        foreach (var path in new[]
        {
            "/v1/me/passkeys/options", "/v1/me/passkeys", "/v1/auth/passkey/options", "/v1/auth/passkey",
            "/v1/auth/step-up/passkey/options", "/v1/auth/step-up/passkey",
        })
        {
            (await api.PostAsync(path, new { })).ShouldBeError(HttpStatusCode.Conflict, "passkeys_not_offered");
        }

        (await api.GetAsync("/v1/me/passkeys")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    /// <summary>Outside development, where nobody has said for which domain.</summary>
    public sealed class WithoutPasskeys : FrontdoorHost
    {
        protected override bool OffersPasskeys => false;
    }
}

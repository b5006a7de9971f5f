using System.Net;
using StellarPay.Frontdoor.Tests.Auth.Passkeys;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth.Factors;

public sealed class FactorRemovalTests(FrontdoorHost host) : IClassFixture<FrontdoorHost>
{
    [Theory]
    [InlineData("totp")]
    [InlineData("passkey")]
    public async Task Once_a_factor_is_removed_other_sessions_show_one_again(string what)
    {
        // The bug kept away: the factor that was lost, and removed for it, stood for the thief's session for five minutes more.
        var owner = await host.SignUpAsync();
        var authenticator = await Authenticator.SetUpAsync(host, owner);
        using var passkey = new SoftwareAuthenticator();
        (await owner.AddPasskeyAsync(passkey)).ShouldBeOk();
        var waiting = await host.Anonymous().PostAsync("/v1/auth/login", new { email = owner.Email, password = Api.Password });
        var other = host.Anonymous();
        other.Take((await other.PostAsync(
            "/v1/auth/challenge", new { challenge = waiting.Body.GetProperty("challenge").GetString(), code = authenticator.Code(1) })).ShouldBeOk());

        await using var find = host.Database.DataSource.CreateCommand("SELECT id FROM identity.passkeys WHERE user_id = $1");
        find.Parameters.AddWithValue(owner.UserId);
        var id = (string)(await find.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        (await owner.DeleteAsync(what == "totp" ? "/v1/me/totp" : $"/v1/me/passkeys/{id}")).ShouldBeOk();

        (await other.PostAsync("/v1/me/recovery-codes")).ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
        (await owner.PostAsync("/v1/me/recovery-codes")).ShouldBeOk();
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using StellarPay.Frontdoor.Tests.Auth.Passkeys;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Browsers;

/// <summary>
/// Passkeys as a real browser makes and shows them, over its own fetch from an app's origin: what our own authenticator of the other tests
/// and our reading of WebAuthn may have wrong alike.
/// </summary>
public sealed class PasskeyBrowserTests(PasskeyBrowserTests.AppHost host, Chromium browser) : IClassFixture<PasskeyBrowserTests.AppHost>,
    IClassFixture<Chromium>
{
    private const string Evil = "https://evil.app.example";

    [Fact]
    public async Task A_passkey_is_made_in_the_browser_logs_in_alone_and_steps_up()
    {
        await using var page = await browser.OpenAsync(FrontdoorHost.PasskeyOrigin, host.Address);
        var api = await host.SignUpAsync();

        var options = await page.AskAsync("POST", "/v1/me/passkeys/options", new JsonObject { ["password"] = Api.Password }, api.AccessToken);
        options.Status.ShouldBe(HttpStatusCode.OK, options.Body.ToString());
        var made = await page.AskAsync(
            "POST", "/v1/me/passkeys", Credential(await page.CreateAsync(options.Body.GetProperty("public_key"))), api.AccessToken);
        made.Status.ShouldBe(HttpStatusCode.Created, made.Body.ToString());
        made.Body.GetProperty("recovery_codes").GetArrayLength().ShouldBe(10);
        made.RequestId.ShouldNotBeNullOrEmpty();

        // Nobody says who he is: the browser finds the passkey by itself.
        var asked = await page.AskAsync("POST", "/v1/auth/passkey/options");
        var entered = await page.AskAsync(
            "POST", "/v1/auth/passkey", Credential(await page.GetAsync(asked.Body.GetProperty("public_key"))));
        entered.Status.ShouldBe(HttpStatusCode.OK, entered.Body.ToString());
        entered.Body.GetProperty("user").GetProperty("id").GetString().ShouldBe(api.UserId);
        var token = entered.Body.GetProperty("access_token").GetString();

        host.Clock.Advance(TimeSpan.FromMinutes(10));
        (await page.AskAsync("POST", "/v1/me/recovery-codes", token: token)).Body.GetProperty("error").GetProperty("code").GetString()
            .ShouldBe("step_up_required");
        var again = await page.AskAsync("POST", "/v1/auth/step-up/passkey/options", token: token);
        var stepped = await page.AskAsync(
            "POST", "/v1/auth/step-up/passkey", Credential(await page.GetAsync(again.Body.GetProperty("public_key"))), token);
        stepped.Status.ShouldBe(HttpStatusCode.OK, stepped.Body.ToString());
        (await page.AskAsync("POST", "/v1/me/recovery-codes", token: token)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_authenticator_makes_one_passkey_of_an_account()
    {
        await using var page = await browser.OpenAsync(FrontdoorHost.PasskeyOrigin, host.Address);
        var api = await host.SignUpAsync();
        (await api.StoreAsync(await page.CreateAsync(await api.AskForNewAsync()))).Status.ShouldBe(HttpStatusCode.Created);

        var options = (await api.PostAsync("/v1/me/passkeys/options")).ShouldBeOk().Body.GetProperty("public_key");

        (await Should.ThrowAsync<PlaywrightException>(page.CreateAsync(options))).Message.ShouldContain("InvalidStateError");
    }

    [Fact]
    public async Task What_a_page_of_another_origin_had_the_browser_show_is_refused_and_it_reads_nothing()
    {
        await using var page = await browser.OpenAsync(FrontdoorHost.PasskeyOrigin, host.Address);
        var api = await host.SignUpAsync();
        // A page below our domain, taken over by somebody: the browser lets it make and show our passkeys, and we do not take them.
        await using var evil = await browser.OpenAsync(Evil, host.Address);
        (await api.StoreAsync(await evil.CreateAsync(await api.AskForNewAsync()))).ShouldBeError(
            HttpStatusCode.UnprocessableEntity, "passkey_invalid", "credential");

        (await Should.ThrowAsync<PlaywrightException>(evil.AskAsync("GET", "/v1/wallet", token: api.AccessToken))).Message
            .ShouldContain("Failed to fetch");
        (await page.AskAsync("GET", "/v1/wallet", token: api.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_authenticator_that_does_not_know_its_user_makes_none()
    {
        await using var page = await browser.OpenAsync(FrontdoorHost.PasskeyOrigin, host.Address, verifiesUser: false);
        var api = await host.SignUpAsync();
        var options = await api.AskForNewAsync();

        (await Should.ThrowAsync<PlaywrightException>(page.CreateAsync(options))).Message.ShouldContain("NotAllowedError");
    }

    [Fact]
    public async Task A_page_reads_the_tag_of_an_answer_and_is_told_that_nothing_changed()
    {
        await using var page = await browser.OpenAsync(FrontdoorHost.PasskeyOrigin, host.Address);
        var api = await host.SignUpAsync();
        var first = await page.AskAsync("GET", "/v1/wallet", token: api.AccessToken);
        first.Tag.ShouldNotBeNullOrEmpty();
        first.Version.ShouldNotBeNullOrEmpty();

        (await page.AskAsync("GET", "/v1/wallet", token: api.AccessToken, tag: first.Tag)).Status.ShouldBe(HttpStatusCode.NotModified);
    }

    private static JsonObject Credential(JsonObject credential) => new() { ["credential"] = credential };

    /// <summary>A front door that a page of an app's origin may use.</summary>
    public sealed class AppHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            ["StellarPay:Frontdoor:AllowedOrigins:0"] = PasskeyOrigin,
        };
    }
}

using System.Net;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth.Passkeys;

/// <summary>A passkey logs in alone, and is a second factor beside the password.</summary>
[Collection<FactorsCollection>]
public sealed class PasskeyTests(FrontdoorHost host)
{
    private static readonly TimeSpan StepUpFor = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_passkey_is_made_with_the_password_gives_recovery_codes_and_logs_in_alone()
    {
        var api = await host.SignUpAsync();
        using var authenticator = new SoftwareAuthenticator();
        var options = await api.AskForNewAsync();
        options.GetProperty("rp").GetProperty("id").GetString().ShouldBe(FrontdoorHost.PasskeyDomain);
        options.GetProperty("authenticatorSelection").GetProperty("residentKey").GetString().ShouldBe("required");
        options.GetProperty("authenticatorSelection").GetProperty("userVerification").GetString().ShouldBe("required");

        var made = await api.StoreAsync(authenticator.Create(options), "My phone");

        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        made.Body.GetProperty("recovery_codes").GetArrayLength().ShouldBe(10);
        made.Body.GetProperty("passkey").GetProperty("name").GetString().ShouldBe("My phone");
        var client = host.Anonymous();
        var session = (await client.LogInByPasskeyAsync(authenticator)).ShouldBeOk();
        session.Body.GetProperty("user").GetProperty("id").GetString().ShouldBe(api.UserId);
        client.Take(session);
        // It stands for the second factor, too.
        (await client.PostAsync("/v1/me/recovery-codes")).ShouldBeOk();
        var listed = (await client.GetAsync("/v1/me/passkeys")).ShouldBeOk().Body.GetProperty("data")[0];
        listed.GetProperty("name").GetString().ShouldBe("My phone");
        listed.GetProperty("last_used_at").GetDateTimeOffset().ShouldBe(host.Clock.GetUtcNow(), TimeSpan.FromSeconds(1));
        (await client.GetAsync("/v1/me/second-factors")).ShouldBeOk().Body.GetProperty("passkeys").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Who_has_one_is_asked_for_it_beside_his_password_and_a_recovery_code_stands_in_for_it()
    {
        var api = await host.SignUpAsync();
        using var authenticator = new SoftwareAuthenticator();
        var codes = (await api.AddPasskeyAsync(authenticator)).ShouldBeOk().Body.GetProperty("recovery_codes");

        var waiting = await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password });

        waiting.Status.ShouldBe(HttpStatusCode.Accepted, waiting.Text);
        waiting.Body.GetProperty("methods").EnumerateArray().Select(each => each.GetString()).ShouldBe(["passkey", "recovery_code"]);
        (await host.Anonymous().PostAsync("/v1/auth/challenge", new
        {
            challenge = waiting.Body.GetProperty("challenge").GetString(), recovery_code = codes[0].GetString(),
        })).ShouldBeOk();
    }

    [Fact]
    public async Task Wrong_recovery_codes_of_who_has_a_passkey_alone_are_counted()
    {
        var api = await host.SignUpAsync();
        using var authenticator = new SoftwareAuthenticator();
        (await api.AddPasskeyAsync(authenticator)).ShouldBeOk();
        for (var i = 0; i < 10; i++)
        {
            (await api.PostAsync("/v1/auth/step-up", new { recovery_code = "0000-0000-0000-0000" }))
                .ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");
        }

        (await api.PostAsync("/v1/auth/step-up", new { recovery_code = "0000-0000-0000-0000" }))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "second_factor_locked");
        // Whoever guesses codes locks no passkey.
        (await host.Anonymous().LogInByPasskeyAsync(authenticator)).ShouldBeOk();
    }

    [Fact]
    public async Task It_is_shown_again_for_what_needs_it_in_the_session_that_asked()
    {
        var api = await host.SignUpAsync();
        using var authenticator = new SoftwareAuthenticator();
        (await api.AddPasskeyAsync(authenticator)).ShouldBeOk();
        var other = host.Anonymous();
        other.Take((await other.LogInByPasskeyAsync(authenticator)).ShouldBeOk());
        host.Clock.Advance(StepUpFor);
        var refused = (await api.PostAsync("/v1/me/recovery-codes")).ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
        refused.Body.GetProperty("error").GetProperty("methods").EnumerateArray().Select(each => each.GetString())
            .ShouldBe(["passkey", "recovery_code"]);
        var answer = authenticator.Get(await api.AskForStepUpAsync());

        ShouldBeWrong(await other.StepUpAsync(answer));
        (await api.StepUpAsync(answer)).ShouldBeOk();

        (await api.PostAsync("/v1/me/recovery-codes")).ShouldBeOk();
        (await other.PostAsync("/v1/me/recovery-codes")).ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
    }

    [Fact]
    public async Task The_first_needs_the_password_and_another_needs_the_factor()
    {
        var api = await host.SignUpAsync();
        (await api.PostAsync("/v1/me/passkeys/options")).ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        (await api.PostAsync("/v1/me/passkeys/options", new { password = "wrong horse battery" }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "password_wrong", "password");
        using var authenticator = new SoftwareAuthenticator();
        (await api.AddPasskeyAsync(authenticator)).ShouldBeOk();
        host.Clock.Advance(StepUpFor);
        (await api.PostAsync("/v1/me/passkeys/options", new { password = Api.Password }))
            .ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
        (await api.StepUpAsync(authenticator.Get(await api.AskForStepUpAsync()))).ShouldBeOk();

        using var second = new SoftwareAuthenticator();
        var made = (await api.AddPasskeyAsync(second)).ShouldBeOk().Body;

        made.TryGetProperty("recovery_codes", out var codes).ShouldBeTrue();
        codes.ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await host.Anonymous().LogInByPasskeyAsync(second)).ShouldBeOk();
    }

    [Fact]
    public async Task One_that_is_removed_logs_in_no_more_and_with_the_last_the_codes_end()
    {
        var api = await host.SignUpAsync();
        using var authenticator = new SoftwareAuthenticator();
        var id = (await api.AddPasskeyAsync(authenticator)).ShouldBeOk().Body.GetProperty("passkey").GetProperty("id").GetString();
        var stranger = await host.SignUpAsync();
        (await stranger.DeleteAsync($"/v1/me/passkeys/{id}")).ShouldBeError(HttpStatusCode.NotFound, "passkey_not_found");

        (await api.DeleteAsync($"/v1/me/passkeys/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);

        ShouldBeWrong(await host.Anonymous().LogInByPasskeyAsync(authenticator));
        var factors = (await api.GetAsync("/v1/me/second-factors")).ShouldBeOk().Body;
        factors.GetProperty("recovery_codes_left").GetInt32().ShouldBe(0);
        (await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_authenticator_beside_it_stays_a_factor_when_it_is_removed()
    {
        var api = await host.SignUpAsync();
        var totp = await Authenticator.SetUpAsync(host, api);
        using var authenticator = new SoftwareAuthenticator();
        var id = (await api.AddPasskeyAsync(authenticator)).ShouldBeOk().Body.GetProperty("passkey").GetProperty("id").GetString();
        (await api.DeleteAsync($"/v1/me/passkeys/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password }))
            .Status.ShouldBe(HttpStatusCode.Accepted);
        (await api.PostAsync("/v1/auth/step-up", new { recovery_code = totp.RecoveryCodes[0] })).ShouldBeOk();
    }

    [Fact]
    public async Task A_user_has_ten_and_no_more_however_many_are_stored_at_once()
    {
        var api = await host.SignUpAsync();
        using var first = new SoftwareAuthenticator();
        (await api.AddPasskeyAsync(first)).ShouldBeOk();
        var more = Enumerable.Range(0, 12).Select(_ => new SoftwareAuthenticator()).ToArray();
        var made = new List<System.Text.Json.Nodes.JsonObject>();
        foreach (var authenticator in more)
        {
            made.Add(authenticator.Create(await api.AskForNewAsync()));
        }

        var answers = await Task.WhenAll(made.Select(each => api.StoreAsync(each)));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(9);
        answers.Where(answer => answer.Status != HttpStatusCode.Created).ToList()
            .ForEach(answer => answer.ShouldBeError(HttpStatusCode.Conflict, "too_many_passkeys"));
        (await api.PostAsync("/v1/me/passkeys/options")).ShouldBeError(HttpStatusCode.Conflict, "too_many_passkeys");
        Array.ForEach(more, authenticator => authenticator.Dispose());
    }

    private static void ShouldBeWrong(Answer answer) =>
        answer.ShouldBeError(HttpStatusCode.UnprocessableEntity, "passkey_invalid", "credential");
}

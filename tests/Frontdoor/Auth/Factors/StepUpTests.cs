using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth.Factors;

[Collection<FactorsCollection>]
public sealed class StepUpTests(FrontdoorHost host)
{
    private static readonly TimeSpan StepUpFor = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Security_settings_and_what_gives_all_away_need_the_factor_again_and_nothing_is_changed_before()
    {
        var (api, authenticator) = await NewProtectedAsync();
        host.Clock.Advance(StepUpFor);
        var changes = await host.CountChangesAsync();

        foreach (var refused in new[]
        {
            await api.DeleteAsync("/v1/me/totp"),
            await api.PostAsync("/v1/me/recovery-codes"),
            await api.PostAsync("/v1/me/totp", new { password = Api.Password }),
            await api.PostAsync("/v1/wallet/rotate-key"),
            await api.PostAsync("/v1/wallet/close", new { recipient = "someone@example.com" }, Api.NewKey()),
            await api.PostAsync("/v1/schedules", NewSchedule(), Api.NewKey()),
        })
        {
            refused.ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
            refused.Body.GetProperty("error").GetProperty("methods").EnumerateArray().Select(each => each.GetString())
                .ShouldBe(["totp", "recovery_code"]);
        }

        (await host.CountChangesAsync()).ShouldBe(changes);
        (await api.GetAsync("/v1/me/second-factors")).ShouldBeOk().Body.GetProperty("recovery_codes_left").GetInt32().ShouldBe(10);

        var shown = (await api.PostAsync("/v1/auth/step-up", new { code = authenticator.Code() })).ShouldBeOk();

        shown.Body.GetProperty("expires_at").GetDateTimeOffset().ShouldBe(host.Clock.GetUtcNow() + StepUpFor, TimeSpan.FromSeconds(1));
        (await api.DeleteAsync("/v1/me/totp")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password }))
            .Status.ShouldBe(HttpStatusCode.OK);
        (await api.GetAsync("/v1/me/second-factors")).ShouldBeOk().Body.GetProperty("recovery_codes_left").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task What_was_shown_holds_five_minutes_and_for_the_session_in_which_it_was_shown()
    {
        var (api, authenticator) = await NewProtectedAsync();
        var other = host.Anonymous();
        other.Take(await ContinueAsync(api, authenticator.Code(1)));
        host.Clock.Advance(StepUpFor);
        (await api.PostAsync("/v1/auth/step-up", new { code = authenticator.Code() })).ShouldBeOk();

        (await other.PostAsync("/v1/me/recovery-codes")).ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
        host.Clock.Advance(StepUpFor - TimeSpan.FromSeconds(1));
        (await api.PostAsync("/v1/me/recovery-codes")).ShouldBeOk();
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        (await api.PostAsync("/v1/me/recovery-codes")).ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
    }

    [Fact]
    public async Task A_login_with_the_factor_has_shown_it_and_a_refresh_has_not()
    {
        var (api, authenticator) = await NewProtectedAsync();
        host.Clock.Advance(StepUpFor);
        var other = host.Anonymous();
        other.Take(await ContinueAsync(api, authenticator.Code()));
        (await other.PostAsync("/v1/me/recovery-codes")).ShouldBeOk();
        host.Clock.Advance(StepUpFor);

        other.Take((await other.PostAsync("/v1/auth/refresh", new { refresh_token = other.RefreshToken })).ShouldBeOk());

        (await other.PostAsync("/v1/me/recovery-codes")).ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
    }

    [Fact]
    public async Task A_wrong_or_used_code_lets_nothing_through()
    {
        var (api, authenticator) = await NewProtectedAsync();
        var used = authenticator.Code();
        (await api.PostAsync("/v1/auth/step-up", new { code = used }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");
        host.Clock.Advance(StepUpFor);

        (await api.PostAsync("/v1/auth/step-up", new { code = authenticator.WrongCode() }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");
        (await api.PostAsync("/v1/auth/step-up", new { code = used }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");

        (await api.PostAsync("/v1/me/recovery-codes")).ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
    }

    [Fact]
    public async Task Whoever_has_no_factor_is_asked_for_none()
    {
        var api = await host.SignUpAsync();
        host.Clock.Advance(StepUpFor);

        (await api.PostAsync("/v1/auth/step-up", new { code = "123456" })).ShouldBeError(HttpStatusCode.Conflict, "no_second_factor");
        (await api.DeleteAsync("/v1/me/totp")).ShouldBeError(HttpStatusCode.Conflict, "no_second_factor");
        (await api.PostAsync("/v1/me/recovery-codes")).ShouldBeError(HttpStatusCode.Conflict, "no_second_factor");
        (await host.Anonymous().PostAsync("/v1/auth/step-up", new { code = "123456" })).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task New_recovery_codes_end_those_of_before()
    {
        var (api, authenticator) = await NewProtectedAsync();

        var codes = Authenticator.CodesOf((await api.PostAsync("/v1/me/recovery-codes")).ShouldBeOk());

        codes.ShouldNotContain(code => authenticator.RecoveryCodes.Contains(code));
        (await api.PostAsync("/v1/auth/step-up", new { recovery_code = authenticator.RecoveryCodes[0] }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");
        (await api.PostAsync("/v1/auth/step-up", new { recovery_code = codes[0] })).ShouldBeOk();
        (await api.GetAsync("/v1/me/second-factors")).ShouldBeOk().Body.GetProperty("recovery_codes_left").GetInt32().ShouldBe(9);
    }

    [Fact]
    public async Task What_concerns_a_users_safety_is_told_to_him()
    {
        var (api, authenticator) = await NewProtectedAsync();
        (await api.PostAsync("/v1/auth/step-up", new { recovery_code = authenticator.RecoveryCodes[0] })).ShouldBeOk();
        (await api.PostAsync("/v1/me/recovery-codes")).ShouldBeOk();
        (await api.DeleteAsync("/v1/me/totp")).ShouldBeOk();

        await using var command = host.Database.DataSource.CreateCommand(
            "SELECT string_agg(type, ' ' ORDER BY xid, id) FROM events WHERE owner = $1 AND type LIKE 'security.%factor%' OR owner = $1 AND type LIKE 'security.recovery%'");
        command.Parameters.AddWithValue(api.UserId);
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(
            "security.second_factor_added security.recovery_code_used security.recovery_codes_replaced security.second_factor_removed");
    }

    private static object NewSchedule() => new
    {
        recipient = "someone@example.com", asset = "XLM", amount = "1", frequency = "once", start_at = "2030-01-01T00:00:00Z",
    };

    private async Task<(Api Api, Authenticator Authenticator)> NewProtectedAsync()
    {
        var api = await host.SignUpAsync();
        return (api, await Authenticator.SetUpAsync(host, api));
    }

    private async Task<Answer> ContinueAsync(Api api, string code)
    {
        var waiting = await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password });
        return (await host.Anonymous().PostAsync(
            "/v1/auth/challenge", new { challenge = waiting.Body.GetProperty("challenge").GetString(), code })).ShouldBeOk();
    }
}

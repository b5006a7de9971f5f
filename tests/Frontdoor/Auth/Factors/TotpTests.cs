using System.Net;
using System.Text;
using OtpNet;
using StellarPay.Frontdoor.Tests.Hosting;
using Totp = StellarPay.Frontdoor.Auth.Factors.Totp;

namespace StellarPay.Frontdoor.Tests.Auth.Factors;

[Collection<FactorsCollection>]
public sealed class TotpTests(FrontdoorHost host)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_authenticator_is_asked_for_once_it_has_shown_a_code_and_ten_recovery_codes_are_given()
    {
        var api = await host.SignUpAsync();
        var begun = (await api.PostAsync("/v1/me/totp", new { password = Api.Password })).ShouldBeOk().Body;
        var secret = begun.GetProperty("secret").GetString()!;
        begun.GetProperty("uri").GetString().ShouldBe(
            $"otpauth://totp/StellarPay:{Uri.EscapeDataString(api.Email)}?secret={secret}&issuer=StellarPay&algorithm=SHA1&digits=6&period=30");
        (await LogInAsync(api)).Status.ShouldBe(HttpStatusCode.OK);
        (await FactorsAsync(api)).ShouldBe((false, 0));

        var confirmed = await api.PostAsync("/v1/me/totp/confirm", new { code = new Authenticator(secret, host.Clock).Code() });

        var codes = Authenticator.CodesOf(confirmed.ShouldBeOk());
        codes.Distinct().Count().ShouldBe(10);
        codes.ShouldAllBe(code => code.Length == 19);
        (await FactorsAsync(api)).ShouldBe((true, 10));
        (await LogInAsync(api)).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Neither_the_secret_nor_a_recovery_code_is_in_the_database_in_clear()
    {
        var api = await host.SignUpAsync();
        var begun = (await api.PostAsync("/v1/me/totp", new { password = Api.Password })).ShouldBeOk().Body.GetProperty("secret").GetString()!;
        var authenticator = new Authenticator(begun, host.Clock);
        var codes = Authenticator.CodesOf((await api.PostAsync("/v1/me/totp/confirm", new { code = authenticator.Code() })).ShouldBeOk());

        await using var command = host.Database.DataSource.CreateCommand(
            "SELECT totp_secret FROM identity.second_factors WHERE user_id = $1");
        command.Parameters.AddWithValue(api.UserId);
        var stored = (byte[])(await command.ExecuteScalarAsync(Stop))!;
        stored.AsSpan().IndexOf(Base32Encoding.ToBytes(begun)).ShouldBe(-1);
        await using var hashes = host.Database.DataSource.CreateCommand(
            "SELECT string_agg(encode(code_hash, 'escape'), '') FROM identity.recovery_codes WHERE user_id = $1");
        hashes.Parameters.AddWithValue(api.UserId);
        var all = (string)(await hashes.ExecuteScalarAsync(Stop))!;
        codes.ShouldAllBe(code => !all.Contains(code.Replace("-", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_first_code_sets_nothing_up()
    {
        var api = await host.SignUpAsync();
        var authenticator = await Authenticator.BeginAsync(host, api);

        (await api.PostAsync("/v1/me/totp/confirm", new { code = authenticator.WrongCode() }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");
        (await api.PostAsync("/v1/me/totp/confirm", new { code = "12345" }))
            .ShouldBeError(HttpStatusCode.BadRequest, "code_malformed", "code");
        (await api.PostAsync("/v1/me/totp/confirm", new { })).ShouldBeError(HttpStatusCode.BadRequest, "parameter_missing", "code");

        (await FactorsAsync(api)).ShouldBe((false, 0));
        (await LogInAsync(api)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Only_the_secret_that_was_given_last_counts_and_for_a_quarter_of_an_hour()
    {
        var api = await host.SignUpAsync();
        var first = await Authenticator.BeginAsync(host, api);
        var second = await Authenticator.BeginAsync(host, api);
        (await api.PostAsync("/v1/me/totp/confirm", new { code = first.Code() }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");

        host.Clock.Advance(TimeSpan.FromMinutes(15));

        (await api.PostAsync("/v1/me/totp/confirm", new { code = second.Code() })).ShouldBeError(HttpStatusCode.Conflict, "totp_not_begun");
        (await FactorsAsync(api)).ShouldBe((false, 0));
    }

    [Fact]
    public async Task A_session_alone_sets_up_nothing_however_fresh_it_is_without_the_password()
    {
        var api = await host.SignUpAsync();
        (await api.PostAsync("/v1/me/totp")).ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        // Who has stolen a refresh token has a session of a moment ago, too.
        api.Take((await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken })).ShouldBeOk());
        (await api.PostAsync("/v1/me/totp", new { })).ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        (await FactorsAsync(api)).ShouldBe((false, 0));
        host.Clock.Advance(TimeSpan.FromMinutes(5));

        (await api.PostAsync("/v1/me/totp")).ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        (await api.PostAsync("/v1/me/totp", new { password = "" })).ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        (await api.PostAsync("/v1/me/totp", new { password = "wrong horse battery" }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "password_wrong", "password");
        (await api.PostAsync("/v1/me/totp", new { password = Api.Password })).ShouldBeOk();
    }

    [Fact]
    public async Task Who_guesses_the_password_in_a_stolen_session_locks_and_ends_that_and_keeps_nobody_from_logging_in()
    {
        var api = await host.SignUpAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        for (var i = 0; i < 10; i++)
        {
            (await api.PostAsync("/v1/me/totp", new { password = "wrong horse battery" })).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        (await api.PostAsync("/v1/me/totp", new { password = Api.Password })).ShouldBeError(HttpStatusCode.TooManyRequests, "account_locked");
        (await api.PostAsync("/v1/me/email/change", new { email = FrontdoorHost.NewEmail(), password = Api.Password }))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "account_locked");
        var owner = host.Anonymous();
        owner.Take((await LogInAsync(api)).ShouldBeOk());
        (await owner.PostAsync("/v1/me/totp", new { password = Api.Password })).ShouldBeOk();
        for (var locks = 1; locks < 4; locks++)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(15 << locks));
            api.Take((await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken })).ShouldBeOk());
            for (var i = 0; i < 10; i++)
            {
                (await api.PostAsync("/v1/me/totp", new { password = "wrong horse battery" })).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            }
        }

        (await api.PostAsync("/v1/me/totp", new { password = Api.Password })).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
        (await LogInAsync(api)).ShouldBeOk();
    }

    [Fact]
    public async Task Who_guesses_at_the_login_keeps_nobody_from_giving_his_password_in_his_session()
    {
        var api = await host.SignUpAsync();
        for (var i = 0; i < 12; i++)
        {
            await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = "wrong horse battery" });
        }

        (await LogInAsync(api)).ShouldBeError(HttpStatusCode.TooManyRequests, "account_locked");
        (await api.PostAsync("/v1/me/totp", new { password = Api.Password })).ShouldBeOk();
    }

    [Fact]
    public async Task One_authenticator_is_not_replaced_by_another_that_is_set_up_beside_it()
    {
        var api = await host.SignUpAsync();
        var authenticator = await Authenticator.SetUpAsync(host, api);

        (await api.PostAsync("/v1/me/totp", new { password = Api.Password })).ShouldBeError(HttpStatusCode.Conflict, "totp_set");
        (await api.PostAsync("/v1/me/totp/confirm", new { code = authenticator.Code(1) })).ShouldBeError(HttpStatusCode.Conflict, "totp_not_begun");

        (await FactorsAsync(api)).ShouldBe((true, 10));
    }

    [Fact]
    public async Task Of_confirmations_at_once_one_gives_recovery_codes_and_those_are_good()
    {
        var api = await host.SignUpAsync();
        var authenticator = await Authenticator.BeginAsync(host, api);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ =>
            api.PostAsync("/v1/me/totp/confirm", new { code = authenticator.Code() })));

        var codes = Authenticator.CodesOf(answers.Where(answer => answer.Status == HttpStatusCode.OK).ShouldHaveSingleItem());
        (await FactorsAsync(api)).ShouldBe((true, 10));
        (await api.PostAsync("/v1/auth/step-up", new { recovery_code = codes[9] })).ShouldBeOk();
    }

    [Theory]
    // RFC 6238, appendix B, the last six digits.
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(20000000000, "353130")]
    public void The_codes_are_those_of_RFC_6238_one_step_around_now(long at, string code)
    {
        var secret = Encoding.ASCII.GetBytes("12345678901234567890");
        var moment = DateTimeOffset.FromUnixTimeSeconds(at);

        Totp.StepOf(secret, code, moment).ShouldBe(at / 30);
        Totp.StepOf(secret, code, moment.AddSeconds(30)).ShouldBe(at / 30);
        Totp.StepOf(secret, code, moment.AddSeconds(-30)).ShouldBe(at / 30);
        Totp.StepOf(secret, code, moment.AddSeconds(60)).ShouldBeNull();
        Totp.StepOf(secret, code, moment.AddSeconds(-60)).ShouldBeNull();
    }

    private Task<Answer> LogInAsync(Api api) =>
        host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password });

    private static async Task<(bool Totp, int RecoveryCodes)> FactorsAsync(Api api)
    {
        var body = (await api.GetAsync("/v1/me/second-factors")).ShouldBeOk().Body;
        return (body.GetProperty("totp").GetBoolean(), body.GetProperty("recovery_codes_left").GetInt32());
    }
}

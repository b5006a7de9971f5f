using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Auth;

[Collection<NamesCollection>]
public sealed class PasswordResetTests(FrontdoorHost host)
{
    private const string Path = "/v1/auth/password-reset";
    private const string NewPassword = "staple battery horse";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_code_sets_a_password_and_ends_all_sessions()
    {
        var api = await host.SignUpAsync();
        var payee = await host.SignUpAsync();
        var (id, code) = await CodeAsync(api.Email);

        (await SetAsync(api.Email, id, code)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await LogInAsync(api.Email, Api.Password)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_credentials");
        (await LogInAsync(api.Email, NewPassword)).ShouldBeOk();
        (await api.PostAsync("/v1/payments", new { recipient = payee.Email, asset = "USDC", amount = "1" }))
            .ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
        (await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken }))
            .ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_revoked", "refresh_token");
        (await host.Messages.NextAsync(api.Email)).Subject.ShouldBe("Your StellarPay password was changed");
    }

    [Fact]
    public async Task The_lock_of_wrong_passwords_ends_with_it()
    {
        var api = await host.SignUpAsync();
        for (var i = 0; i < 12; i++)
        {
            await LogInAsync(api.Email, "not this one at all");
        }

        (await LogInAsync(api.Email, Api.Password)).ShouldBeError(HttpStatusCode.TooManyRequests, "account_locked");
        var (id, code) = await CodeAsync(api.Email);
        (await SetAsync(api.Email, id, code)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await LogInAsync(api.Email, NewPassword)).ShouldBeOk();
    }

    [Fact]
    public async Task A_name_that_nobody_has_or_has_confirmed_is_answered_alike_and_sent_nothing()
    {
        var (known, unknown) = ((await host.SignUpAsync()).Email, FrontdoorHost.NewEmail());
        var unconfirmed = await host.SignUpUnconfirmedAsync();
        await host.Messages.NextCodeAsync(unconfirmed.Email);
        string[] names = [known, unknown, unconfirmed.Email];

        var answers = await Task.WhenAll(names.Select(AskAsync));
        var code = await host.Messages.NextCodeAsync(known);
        var wrong = await Task.WhenAll(names.Zip(answers).Select(each => SetAsync(each.First, IdOf(each.Second), Another(code))));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        answers.Select(Headers).Distinct().ShouldHaveSingleItem();
        answers.Select(answer => answer.Text.Replace(IdOf(answer), "", StringComparison.Ordinal)).Distinct().ShouldHaveSingleItem();
        answers.Select(IdOf).ShouldAllBe(id => id.StartsWith("pwr_", StringComparison.Ordinal) && id.Length == 36);
        wrong.Select(answer => answer.Text.Replace(answer.RequestId, "", StringComparison.Ordinal)).Distinct().ShouldHaveSingleItem();
        wrong[0].ShouldBeError(HttpStatusCode.UnprocessableEntity, "code_invalid", "code");
        host.Messages.All.ShouldNotContain(message => message.To == unknown);
        host.Messages.All.Count(message => message.To == unconfirmed.Email).ShouldBe(1);
    }

    [Fact]
    public async Task A_code_is_good_once_for_its_own_name_in_five_tries_and_ten_minutes()
    {
        var (api, other) = (await host.SignUpAsync(), await host.SignUpAsync());
        async Task<(string Id, string Code)> NextAsync()
        {
            var asked = (await host.Anonymous().PostAsync(Path, new { email = api.Email })).ShouldBeOk();
            return (IdOf(asked), await host.Messages.NextCodeAsync(api.Email));
        }

        Task<Answer> TryAsync(string email, string resetId, string code) =>
            host.Anonymous().PostAsync($"{Path}/confirm", new { email, reset_id = resetId, code, password = NewPassword });

        var tried = await NextAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TryAsync(api.Email, tried.Id, Another(tried.Code))));
        ShouldBeWrong(await TryAsync(api.Email, tried.Id, tried.Code));

        var late = await NextAsync();
        host.Clock.Advance(OneTimeCodes.Lifetime);
        ShouldBeWrong(await TryAsync(api.Email, late.Id, late.Code));

        var before = await NextAsync();
        var (id, code) = await NextAsync();
        // Each request has its host.
        ShouldBeWrong(await TryAsync(api.Email, id, before.Code));
        ShouldBeWrong(await TryAsync(other.Email, id, code));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TryAsync(api.Email, id, code)));
        answers.Count(answer => answer.Status == HttpStatusCode.NoContent).ShouldBe(1);
        foreach (var answer in answers.Where(answer => answer.Status != HttpStatusCode.NoContent))
        {
            ShouldBeWrong(answer);
        }
    }

    [Fact]
    public async Task A_name_is_sent_five_an_hour_whether_anybody_has_it_or_not()
    {
        foreach (var email in new[] { (await host.SignUpAsync()).Email, FrontdoorHost.NewEmail() })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n =>
                host.Anonymous().PostAsync(Path, new { email = n % 2 == 0 ? email : email.ToUpperInvariant() })));
            answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(OneTimeCodes.MostForAccount);
            answers.First(answer => answer.Status != HttpStatusCode.OK)
                .ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_codes");
        }
    }

    [Fact]
    public async Task A_login_whose_password_was_replaced_while_it_was_looked_at_opens_nothing()
    {
        var api = await host.SignUpAsync();
        using var scope = host.Services.CreateScope();
        var read = await scope.ServiceProvider.GetRequiredService<UserDirectory>().FindAsync(UserId.Parse(api.UserId), Cancelled);
        var sessions = host.Services.GetRequiredService<SessionStore>();
        var client = new SessionClient("Test/1.0", 0);
        (await sessions.OpenAsync(read!, client, factorShown: false, Cancelled)).Session.ShouldNotBeNull();

        var (id, code) = await CodeAsync(api.Email);
        (await SetAsync(api.Email, id, code)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await sessions.OpenAsync(read!, client, factorShown: false, Cancelled)).Session.ShouldBeNull();
        await using var open = host.Database.DataSource.CreateCommand(
            "SELECT count(*) FROM identity.sessions WHERE user_id = $1 AND revoked_at IS NULL");
        open.Parameters.AddWithValue(api.UserId);
        (await open.ExecuteScalarAsync(Cancelled)).ShouldBe(0L);
    }

    [Theory]
    [InlineData("{}", "parameter_missing", "email")]
    [InlineData("""{"email":"x"}""", "email_invalid", "email")]
    [InlineData("""{"email":"a@example.com","phone":"+442079460958"}""", "parameter_invalid", "phone")]
    public async Task What_is_no_name_is_told(string body, string code, string param)
    {
        (await host.Anonymous().PostTextAsync(Path, body)).ShouldBeError(HttpStatusCode.BadRequest, code, param);
        (await host.Anonymous().PostTextAsync($"{Path}/confirm", body)).ShouldBeError(HttpStatusCode.BadRequest, code, param);
    }

    [Theory]
    [InlineData("", NewPassword, "parameter_missing", "code")]
    [InlineData("1234", NewPassword, "code_malformed", "code")]
    [InlineData("12345678", "", "parameter_missing", "password")]
    [InlineData("12345678", "short", "password_length", "password")]
    public async Task What_is_no_code_or_no_password_is_told(string code, string password, string error, string param) =>
        (await host.Anonymous().PostAsync($"{Path}/confirm", new { email = "a@example.com", code, password }))
            .ShouldBeError(HttpStatusCode.BadRequest, error, param);

    [Theory]
    [InlineData("", "parameter_missing")]
    [InlineData("pwr_1", "parameter_invalid")]
    [InlineData("usr_00000000000000000000000000000000", "parameter_invalid")]
    [InlineData("pwr_0000000000000000000000000000000G", "parameter_invalid")]
    public async Task What_is_no_request_is_told(string resetId, string error) =>
        (await host.Anonymous().PostAsync(
            $"{Path}/confirm", new { email = "a@example.com", reset_id = resetId, code = "12345678", password = NewPassword }))
            .ShouldBeError(HttpStatusCode.BadRequest, error, "reset_id");

    private static void ShouldBeWrong(Answer answer) =>
        answer.ShouldBeError(HttpStatusCode.UnprocessableEntity, "code_invalid", "code");

    private static string Another(string code) => $"{(int.Parse(code, null) + 1) % 100_000_000:D8}";

    private static string Headers(Answer answer) =>
        string.Join(' ', answer.Headers.Concat(answer.ContentHeaders).Select(header => header.Key));

    private Task<Answer> AskAsync(string email) => host.Anonymous().PostAsync(Path, new { email });

    private Task<Answer> SetAsync(string email, string resetId, string code) =>
        host.Anonymous().PostAsync($"{Path}/confirm", new { email, reset_id = resetId, code, password = NewPassword });

    private static string IdOf(Answer asked) => asked.Body.GetProperty("id").GetString()!;

    private Task<Answer> LogInAsync(string email, string password) =>
        host.Anonymous().PostAsync("/v1/auth/login", new { email, password });

    private async Task<(string Id, string Code)> CodeAsync(string email)
    {
        var asked = (await AskAsync(email)).ShouldBeOk();
        return (IdOf(asked), await host.Messages.NextCodeAsync(email));
    }
}

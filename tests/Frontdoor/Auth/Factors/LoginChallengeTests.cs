using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Auth.Factors;

[Collection<FactorsCollection>]
public sealed class LoginChallengeTests(FrontdoorHost host)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_password_alone_opens_no_session_and_with_a_code_it_does()
    {
        var (api, authenticator) = await NewProtectedAsync();
        var before = await CountSessionsAsync(api);

        var waiting = await LogInAsync(api);

        waiting.Status.ShouldBe(HttpStatusCode.Accepted, waiting.Text);
        waiting.Body.EnumerateObject().Select(each => each.Name).ShouldBe(["object", "challenge", "methods", "expires_at"]);
        waiting.Body.GetProperty("methods").EnumerateArray().Select(each => each.GetString()).ShouldBe(["totp", "recovery_code"]);
        (await CountSessionsAsync(api)).ShouldBe(before);

        var session = (await AnswerAsync(waiting, new { code = authenticator.Code(1) })).ShouldBeOk();
        session.Body.GetProperty("user").GetProperty("id").GetString().ShouldBe(api.UserId);
        var client = host.Anonymous();
        client.Take(session);
        (await client.GetAsync("/v1/me")).ShouldBeOk();
        client.Take((await client.PostAsync("/v1/auth/refresh", new { refresh_token = client.RefreshToken })).ShouldBeOk());
        (await CountSessionsAsync(api)).ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_code_works_once_and_none_works_that_is_older_than_the_last()
    {
        var (api, authenticator) = await NewProtectedAsync();
        (await AnswerAsync(await LogInAsync(api), new { code = authenticator.Code(1) })).ShouldBeOk();

        foreach (var code in new[] { authenticator.Code(1), authenticator.Code(), authenticator.Code(-1) })
        {
            (await AnswerAsync(await LogInAsync(api), new { code }))
                .ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");
        }

        host.Clock.Advance(TimeSpan.FromSeconds(60));
        (await AnswerAsync(await LogInAsync(api), new { code = authenticator.Code() })).ShouldBeOk();
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        (await AnswerAsync(await LogInAsync(api), new { code = authenticator.Code(-2) }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");
    }

    [Fact]
    public async Task One_code_that_is_shown_many_times_at_once_opens_one_session()
    {
        var (api, authenticator) = await NewProtectedAsync();
        var waiting = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => LogInAsync(api)));

        var answers = await Task.WhenAll(waiting.Select(each => AnswerAsync(each, new { code = authenticator.Code(1) })));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Fact]
    public async Task One_recovery_code_that_is_redeemed_many_times_at_once_opens_one_session()
    {
        var (api, authenticator) = await NewProtectedAsync();
        var waiting = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => LogInAsync(api)));

        var answers = await Task.WhenAll(waiting.Select(
            each => AnswerAsync(each, new { recovery_code = authenticator.RecoveryCodes[3].ToUpperInvariant() })));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        (await AnswerAsync(await LogInAsync(api), new { recovery_code = authenticator.RecoveryCodes[3] }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");
        (await AnswerAsync(await LogInAsync(api), new { recovery_code = authenticator.RecoveryCodes[4].Replace("-", " ", StringComparison.Ordinal) }))
            .ShouldBeOk();
    }

    [Fact]
    public async Task One_challenge_that_is_answered_rightly_many_times_at_once_opens_one_session()
    {
        var (api, authenticator) = await NewProtectedAsync();
        var before = await CountSessionsAsync(api);
        var waiting = await LogInAsync(api);

        var answers = await Task.WhenAll(authenticator.RecoveryCodes[..4].Select(
            recovery_code => AnswerAsync(waiting, new { recovery_code })));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        (await CountSessionsAsync(api)).ShouldBe(before + 1);
        (await AnswerAsync(waiting, new { recovery_code = authenticator.RecoveryCodes[9] }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "challenge_invalid", "challenge");
    }

    [Fact]
    public async Task Somebody_elses_recovery_code_is_none()
    {
        var (api, _) = await NewProtectedAsync();
        var (_, others) = await NewProtectedAsync();

        (await AnswerAsync(await LogInAsync(api), new { recovery_code = others.RecoveryCodes[0] }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");
    }

    [Fact]
    public async Task A_challenge_waits_five_minutes_for_five_tries_of_the_same_client()
    {
        var (api, authenticator) = await NewProtectedAsync();
        var late = await LogInAsync(api);
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        (await AnswerAsync(late, new { code = authenticator.Code() })).ShouldBeError(HttpStatusCode.UnprocessableEntity, "challenge_invalid", "challenge");

        var tried = await LogInAsync(api);
        for (var i = 0; i < 5; i++)
        {
            (await AnswerAsync(tried, new { code = authenticator.WrongCode() }))
                .ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");
        }

        (await AnswerAsync(tried, new { code = authenticator.Code() })).ShouldBeError(HttpStatusCode.UnprocessableEntity, "challenge_invalid", "challenge");

        var stolen = await LogInAsync(api);
        var thief = new HttpRequestMessage(HttpMethod.Post, "/v1/auth/challenge")
        {
            Content = JsonContent.Create(new { challenge = ChallengeOf(stolen), code = authenticator.Code() }),
        };
        thief.Headers.TryAddWithoutValidation("User-Agent", "Another/1.0");
        (await host.Anonymous().SendAsync(thief)).ShouldBeError(HttpStatusCode.UnprocessableEntity, "challenge_invalid", "challenge");
        (await AnswerAsync(stolen, new { code = authenticator.Code() })).ShouldBeOk();
    }

    [Fact]
    public async Task What_is_no_challenge_and_what_is_no_code_is_refused()
    {
        var (api, authenticator) = await NewProtectedAsync();
        var waiting = await LogInAsync(api);
        foreach (var challenge in new[] { "lc_", "lc_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", api.RefreshToken, "lc_é", new string('x', 5000) })
        {
            (await host.Anonymous().PostAsync("/v1/auth/challenge", new { challenge, code = authenticator.Code(1) }))
                .ShouldBeError(HttpStatusCode.UnprocessableEntity, "challenge_invalid", "challenge");
        }

        (await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = ChallengeOf(waiting) }))
            .ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_invalid", "refresh_token");
        (await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = "rt_" + ChallengeOf(waiting)[3..] }))
            .ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_invalid", "refresh_token");
        (await AnswerAsync(waiting, new { })).ShouldBeError(HttpStatusCode.BadRequest, "parameter_missing", "code");
        (await AnswerAsync(waiting, new { code = "abc" })).ShouldBeError(HttpStatusCode.BadRequest, "code_malformed", "code");
        (await AnswerAsync(waiting, new { recovery_code = "abc" })).ShouldBeError(HttpStatusCode.BadRequest, "code_malformed", "recovery_code");
        (await AnswerAsync(waiting, new { code = authenticator.Code(1), recovery_code = authenticator.RecoveryCodes[0] }))
            .ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "recovery_code");
        // None of that was a try.
        (await AnswerAsync(waiting, new { code = authenticator.Code(1) })).ShouldBeOk();
    }

    [Fact]
    public async Task Ten_wrong_codes_lock_whatever_challenge_and_front_door_they_are_sent_to()
    {
        var (api, authenticator) = await NewProtectedAsync();
        await using var another = await host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(another.Urls.Single()) };
        var elsewhere = new Api(http);
        for (var i = 0; i < 10; i++)
        {
            var through = i % 2 == 0 ? host.Anonymous() : elsewhere;
            var waiting = await LogInAsync(api, through);
            object guess = i < 5 ? new { code = authenticator.WrongCode() } : new { recovery_code = "0000-0000-0000-0000" };
            (await AnswerAsync(waiting, guess, through))
                .ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");
        }

        foreach (var through in new[] { host.Anonymous(), elsewhere })
        {
            (await AnswerAsync(await LogInAsync(api, through), new { code = authenticator.Code(1) }, through))
                .ShouldBeError(HttpStatusCode.TooManyRequests, "second_factor_locked");
        }

        // The session that he has goes on, but what is locked is locked there too.
        (await api.PostAsync("/v1/auth/step-up", new { recovery_code = authenticator.RecoveryCodes[0] }))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "second_factor_locked");
        host.Clock.Advance(TimeSpan.FromMinutes(15));
        (await AnswerAsync(await LogInAsync(api), new { code = authenticator.Code() })).ShouldBeOk();
    }

    [Fact]
    public async Task Guesses_that_are_sent_together_are_all_counted()
    {
        var (api, authenticator) = await NewProtectedAsync();
        var waiting = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => LogInAsync(api)));

        var answers = await Task.WhenAll(waiting.Select(each => AnswerAsync(each, new { code = authenticator.WrongCode() })));

        answers.Count(answer => answer.Status == HttpStatusCode.UnprocessableEntity).ShouldBe(10);
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests).ShouldBe(10);
    }

    [Fact]
    public async Task A_new_password_by_a_code_still_needs_the_second_factor_and_ends_what_waited()
    {
        var (api, authenticator) = await NewProtectedAsync();
        var before = await LogInAsync(api);
        var resetId = (await host.Anonymous().PostAsync("/v1/auth/password-reset", new { email = api.Email })).ShouldBeOk()
            .Body.GetProperty("id").GetString();
        var code = await host.Messages.NextDigitsAsync(api.Email);
        const string Other = "another horse battery";
        (await host.Anonymous().PostAsync("/v1/auth/password-reset/confirm", new { email = api.Email, reset_id = resetId, code, password = Other })).ShouldBeOk();

        (await AnswerAsync(before, new { recovery_code = authenticator.RecoveryCodes[0] }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "challenge_invalid", "challenge");
        var waiting = await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = Other });

        waiting.Status.ShouldBe(HttpStatusCode.Accepted, waiting.Text);
        (await AnswerAsync(waiting, new { code = authenticator.Code(1) })).ShouldBeOk();
    }

    [Fact]
    public async Task A_wrong_password_is_answered_alike_whether_there_is_a_second_factor_or_none_or_no_user()
    {
        var (protectedOne, _) = await NewProtectedAsync();
        var plain = await host.SignUpAsync();

        var answers = new List<string?>();
        foreach (var email in new[] { protectedOne.Email, plain.Email, FrontdoorHost.NewEmail() })
        {
            var answer = (await host.Anonymous().PostAsync("/v1/auth/login", new { email, password = "wrong horse battery" }))
                .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_credentials");
            answers.Add(answer.Body.GetProperty("error").GetProperty("message").GetString());
        }

        answers.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Who_was_read_before_he_had_a_factor_gets_no_session_without_it()
    {
        // The bug kept away: a login whose password was looked at while the factor was being added.
        var api = await host.SignUpAsync();
        using var scope = host.Services.CreateScope();
        var asHeWas = await scope.ServiceProvider.GetRequiredService<UserDirectory>().FindAsync(UserId.Parse(api.UserId), Stop);
        asHeWas.ShouldNotBeNull().TwoFactorEnabled.ShouldBeFalse();
        await Authenticator.SetUpAsync(host, api);
        var sessions = host.Services.GetRequiredService<SessionStore>();
        var client = new SessionClient("Test/1.0", 0);

        (await sessions.OpenAsync(asHeWas, client, factorShown: false, Stop)).Session.ShouldBeNull();
        (await sessions.OpenAsync(asHeWas, client, factorShown: true, Stop)).Session.ShouldNotBeNull();
    }

    private async Task<(Api Api, Authenticator Authenticator)> NewProtectedAsync()
    {
        var api = await host.SignUpAsync();
        return (api, await Authenticator.SetUpAsync(host, api));
    }

    private Task<Answer> LogInAsync(Api api, Api? through = null) =>
        (through ?? host.Anonymous()).PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password });

    private async Task<Answer> AnswerAsync(Answer waiting, object shown, Api? through = null)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(shown)!.AsObject();
        body["challenge"] = ChallengeOf(waiting);
        return await (through ?? host.Anonymous()).PostAsync("/v1/auth/challenge", body);
    }

    private static string ChallengeOf(Answer waiting) => waiting.Body.GetProperty("challenge").GetString()!;

    private static async Task<int> CountSessionsAsync(Api api) =>
        (await api.GetAsync("/v1/sessions")).ShouldBeOk().Body.GetProperty("data").GetArrayLength();
}

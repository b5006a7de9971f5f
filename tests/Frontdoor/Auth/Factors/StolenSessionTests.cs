using System.Net;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth.Factors;

/// <summary>Whoever has stolen an access token guesses codes with it; that is no lock of its owner's.</summary>
[Collection<FactorsCollection>]
public sealed class StolenSessionTests(FrontdoorHost host)
{
    private const int MostWrong = 10;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wrong_codes_in_a_stolen_session_lock_it_and_neither_logins_nor_other_sessions()
    {
        // The bug kept away: ten wrong codes with a stolen token locked all logins, for longer each time.
        var (owner, authenticator) = await NewProtectedAsync();
        var stolen = host.Anonymous();
        stolen.AccessToken = owner.AccessToken;
        var other = await LogInAsync(owner, authenticator.Code(1));

        var guesses = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => GuessAsync(stolen, authenticator)));

        guesses.Count(answer => answer.Status == HttpStatusCode.UnprocessableEntity).ShouldBe(MostWrong);
        foreach (var refused in guesses.Where(answer => answer.Status != HttpStatusCode.UnprocessableEntity))
        {
            refused.ShouldBeError(HttpStatusCode.TooManyRequests, "second_factor_locked");
        }

        (await other.PostAsync("/v1/auth/step-up", new { recovery_code = authenticator.RecoveryCodes[0] })).ShouldBeOk();
        (await LogInAsync(owner, authenticator.Code(), authenticator.RecoveryCodes[1])).ShouldNotBeNull();
        // What is right elsewhere does not let the thief go on.
        (await GuessAsync(stolen, authenticator)).ShouldBeError(HttpStatusCode.TooManyRequests, "second_factor_locked");
    }

    [Fact]
    public async Task A_session_that_goes_on_guessing_ends_with_the_fourth_lock()
    {
        var (owner, authenticator) = await NewProtectedAsync();
        var locks = 0;
        while (locks < FactorStore.MostLocksOfSession - 1)
        {
            await GuessTenAsync(owner, authenticator);
            (await GuessAsync(owner, authenticator)).ShouldBeError(HttpStatusCode.TooManyRequests, "second_factor_locked");
            locks++;
            host.Clock.Advance(TimeSpan.FromMinutes(15 << locks));
            owner.Take((await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = owner.RefreshToken })).ShouldBeOk());
        }

        await GuessTenAsync(owner, authenticator);

        (await GuessAsync(owner, authenticator)).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
        (await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = owner.RefreshToken }))
            .ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_revoked", "refresh_token");
        (await LogInAsync(owner, authenticator.Code())).ShouldNotBeNull();
        await using var told = host.Database.DataSource.CreateCommand(
            "SELECT count(*) FROM events WHERE owner = $1 AND type = 'security.session_revoked' AND data->>'reason' = 'factor_guesses'");
        told.Parameters.AddWithValue(owner.UserId);
        (await told.ExecuteScalarAsync(Cancelled)).ShouldBe(1L);
    }

    [Fact]
    public async Task Many_stolen_sessions_lock_step_up_and_a_login_with_the_factor_goes_on_and_ends_that()
    {
        var (owner, authenticator) = await NewProtectedAsync();
        for (var session = 0; session < FactorStore.SessionsOfThieves; session++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(30));
            var stolen = await LogInAsync(owner, authenticator.Code());
            await SetCountAsync(owner.UserId, session * MostWrong);
            await GuessTenAsync(stolen, authenticator);
        }

        (await owner.PostAsync("/v1/auth/step-up", new { recovery_code = authenticator.RecoveryCodes[0] }))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "second_factor_locked");

        host.Clock.Advance(TimeSpan.FromSeconds(30));
        (await (await LogInAsync(owner, authenticator.Code())).PostAsync("/v1/me/recovery-codes")).ShouldBeOk();
        (await owner.PostAsync("/v1/auth/step-up", new { recovery_code = "0000-0000-0000-0000" }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");
    }

    [Fact]
    public async Task Recovery_codes_that_are_guessed_at_logins_are_attempts_as_all_others()
    {
        var (owner, authenticator) = await NewProtectedAsync();
        async Task<Answer> TryAsync(string code)
        {
            var waiting = await host.Anonymous().PostAsync("/v1/auth/login", new { email = owner.Email, password = Api.Password });
            return await host.Anonymous().PostAsync(
                "/v1/auth/challenge", new { challenge = waiting.Body.GetProperty("challenge").GetString(), recovery_code = code });
        }

        for (var i = 0; i < MostWrong; i++)
        {
            (await TryAsync($"0000-0000-0000-{i:D4}")).ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");
        }

        (await TryAsync(authenticator.RecoveryCodes[0])).ShouldBeError(HttpStatusCode.TooManyRequests, "second_factor_locked");
    }

    private static Task<Answer> GuessAsync(Api api, Authenticator authenticator) =>
        api.PostAsync("/v1/auth/step-up", new { code = authenticator.WrongCode() });

    private static async Task GuessTenAsync(Api api, Authenticator authenticator)
    {
        for (var i = 0; i < MostWrong; i++)
        {
            (await GuessAsync(api, authenticator)).ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");
        }
    }

    private async Task<(Api Api, Authenticator Authenticator)> NewProtectedAsync()
    {
        var api = await host.SignUpAsync();
        return (api, await Authenticator.SetUpAsync(host, api));
    }

    private async Task<Api> LogInAsync(Api owner, string code, string? recoveryCode = null)
    {
        var waiting = await host.Anonymous().PostAsync("/v1/auth/login", new { email = owner.Email, password = Api.Password });
        var challenge = waiting.Body.GetProperty("challenge").GetString();
        var api = host.Anonymous();
        object shown = recoveryCode is null ? new { challenge, code } : new { challenge, recovery_code = recoveryCode };
        api.Take((await api.PostAsync("/v1/auth/challenge", shown)).ShouldBeOk());
        return api;
    }

    // The logins of the test itself end the count: it is as if they had been before.
    private async Task SetCountAsync(string user, int count)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            """
            INSERT INTO identity.attempts (key, user_id, failed_count, attempted_at) VALUES ('factor in sessions ' || $1, $1, $2, $3)
            ON CONFLICT (key) DO UPDATE SET failed_count = excluded.failed_count
            """);
        command.Parameters.AddWithValue(user);
        command.Parameters.AddWithValue(count);
        command.Parameters.AddWithValue(host.Clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}

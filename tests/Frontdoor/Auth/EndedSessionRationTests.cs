using System.Net;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth;

/// <summary>
/// Every front door remembers the sessions that were ended. The bug kept away: each for a day, and any number of an account's, so that a
/// few accounts that logged in all day had every read ask the database.
/// </summary>
public sealed class EndedSessionRationTests : IAsyncLifetime
{
    private const string NewPassword = "another horse battery";

    private readonly FrontdoorHost _host = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("displaced", Explicit = true)]
    [InlineData("logged out")]
    public async Task An_account_in_which_very_many_sessions_were_ended_opens_no_more_for_a_day(string how)
    {
        var (owner, other) = (await _host.SignUpAsync(), await _host.SignUpAsync());
        // The sign-up's is one of those that may be open.
        var most = SessionStore.MostEndedADay + (how == "displaced" ? SessionStore.MaxSessions - 1 : 0);
        for (var i = 0; i < most; i++)
        {
            var session = (await LoginAsync(owner.Email)).ShouldBeOk();
            if (how == "logged out")
            {
                (await _host.Anonymous().PostAsync(
                    "/v1/auth/logout", new { refresh_token = session.Body.GetProperty("refresh_token").GetString() })).ShouldBeOk();
            }
        }

        var refused = (await LoginAsync(owner.Email)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_sessions");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromDays(1));
        (await EndedAsync()).ShouldBe(SessionStore.MostEndedADay);
        (await LoginAsync(other.Email)).ShouldBeOk();

        // A thief who has the password does not keep him out.
        var reset = (await _host.Anonymous().PostAsync("/v1/auth/password-reset", new { email = owner.Email })).ShouldBeOk();
        (await _host.Anonymous().PostAsync("/v1/auth/password-reset/confirm", new
        {
            email = owner.Email, reset_id = reset.Body.GetProperty("id").GetString(),
            code = await _host.Messages.NextCodeAsync(owner.Email), password = NewPassword,
        })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await LoginAsync(owner.Email, NewPassword)).ShouldBeOk();
    }

    [Fact]
    public async Task After_a_day_it_opens_some_again()
    {
        var owner = await _host.SignUpAsync();
        await EndAsync(owner, SessionStore.MostEndedADay);

        (await LoginAsync(owner.Email)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_sessions");
        _host.Clock.Advance(TimeSpan.FromDays(1));
        (await LoginAsync(owner.Email)).ShouldBeOk();
    }

    // The bug kept away: each password that was set by a code began the number anew, so that fewer than two hundred accounts had every read
    // ask the database.
    [Fact]
    public async Task Whoever_sets_his_password_again_and_again_ends_no_sessions_without_end()
    {
        var owner = await _host.SignUpAsync();
        for (var i = 1; i <= 3; i++)
        {
            await EndAsync(owner, SessionStore.MostEndedADay);
            (await LoginAsync(owner.Email)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_sessions");
            await using var reset = _host.Database.DataSource.CreateCommand("UPDATE identity.users SET rationed_since = $2 WHERE id = $1");
            reset.Parameters.AddWithValue(owner.UserId);
            reset.Parameters.AddWithValue(_host.Clock.GetUtcNow());
            await reset.ExecuteNonQueryAsync(Cancelled);
            (await LoginAsync(owner.Email)).Status.ShouldBe(i < 3 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests);
            _host.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        // Some of the first are a day old by then.
        _host.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(2));
        (await LoginAsync(owner.Email)).ShouldBeOk();
    }

    [Fact]
    public async Task What_was_ended_is_loaded_until_its_last_access_token_is_over_and_no_longer()
    {
        var owner = await _host.SignUpAsync();
        _host.Clock.Advance(TimeSpan.FromMinutes(30));
        owner.Take((await _host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = owner.RefreshToken })).ShouldBeOk());
        (await owner.PostAsync("/v1/auth/logout")).ShouldBeOk();

        // An hour from the refresh, which gave the last one.
        _host.Clock.Advance(TimeSpan.FromMinutes(59));
        (await EndedAsync()).ShouldBe(1);
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
        (await EndedAsync()).ShouldBe(0);
    }

    private async Task EndAsync(Api owner, int count)
    {
        await using var ended = _host.Database.DataSource.CreateCommand(
            """
            INSERT INTO identity.sessions
                (id, user_id, created_at, expires_at, last_used_at, family_hash, access_ends_at, revoked_at, revoked_reason)
            SELECT 'ses_' || gen_random_uuid(), $1, $2, $2 + interval '7 days', $2, sha256(convert_to(gen_random_uuid()::text, 'UTF8')), $2,
                   $2, 'logout'
            FROM generate_series(1, $3) AS n
            """);
        ended.Parameters.AddWithValue(owner.UserId);
        ended.Parameters.AddWithValue(_host.Clock.GetUtcNow());
        ended.Parameters.AddWithValue(count);
        await ended.ExecuteNonQueryAsync(Cancelled);
    }

    private Task<Answer> LoginAsync(string email, string password = Api.Password) =>
        _host.Anonymous().PostAsync("/v1/auth/login", new { email, password });

    private async Task<long> EndedAsync()
    {
        await using var count = _host.Database.DataSource.CreateCommand("SELECT count(*) FROM identity.sessions_ended($1, 1000000)");
        count.Parameters.AddWithValue(_host.Clock.GetUtcNow());
        return (long)(await count.ExecuteScalarAsync(Cancelled))!;
    }
}

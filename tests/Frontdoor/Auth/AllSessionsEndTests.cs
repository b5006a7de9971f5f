using System.Net;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Auth.Passkeys;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Auth;

/// <summary>What ends all sessions ends each of them, and nothing that began before does anything after.</summary>
[Collection<NamesCollection>]
public sealed class AllSessionsEndTests(FrontdoorHost host)
{
    private const int Many = 130;
    private const string NewPassword = "staple battery horse";
    private const string UsersRow = "SELECT 1 FROM identity.users WHERE id = $1 FOR UPDATE";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("reset")]
    [InlineData("undo")]
    [InlineData("others")]
    [InlineData("operator")]
    [InlineData("erasure")]
    public async Task However_many_sessions_there_are_none_is_left(string how)
    {
        // The bug kept away: as many ended as there were event ids, and the oldest, the thief's, went on.
        var owner = await host.SignUpAsync();
        await ReadAsync(
            $"""
            INSERT INTO identity.sessions (id, user_id, created_at, expires_at, last_used_at, family_hash, access_ends_at)
            SELECT 'ses_' || md5($1 || n), $1, $2 - n * interval '1 minute', $2 + interval '7 days', $2,
                sha256(convert_to($1 || n, 'UTF8')), $2 + interval '1 hour'
            FROM generate_series(1, {Many}) AS n
            """,
            owner.UserId, host.Clock.GetUtcNow());
        var left = 0L;
        switch (how)
        {
            case "reset":
                await ResetAsync(owner.Email);
                break;
            case "undo":
                await Authenticator.SetUpAsync(host, owner);
                (await host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = await UndoCodeAsync(owner.Email) }))
                    .Status.ShouldBe(HttpStatusCode.NoContent);
                break;
            case "others":
                (await owner.DeleteAsync("/v1/sessions")).ShouldBeOk();
                left = 1;
                break;
            case "operator":
                using (var output = new StringWriter())
                {
                    (await AdminCommand.RunAsync(["remove-factors", owner.Email], host.Administrators, output)).ShouldBe(0);
                }

                break;
            default:
                const string Erase = "SELECT identity.user_erase('stellarpay', $1, 'stellarpay/00', $2, $3)";
                (await ReadAsync("SELECT identity.erasure_begin($1, 'ses_ended', $2)", owner.UserId, host.Clock.GetUtcNow()))
                    .ShouldBe("session_ended");
                (await ReadAsync(Erase, NewEventId(), owner.UserId, host.Clock.GetUtcNow())).ShouldBe("kept", "it was not decided");
                (await ReadAsync(
                    "SELECT identity.erasure_begin($1, (SELECT min(id) FROM identity.sessions WHERE user_id = $1), $2)",
                    owner.UserId, host.Clock.GetUtcNow()))
                    .ShouldBe("begun");
                (await ReadAsync(Erase, NewEventId(), owner.UserId, host.Clock.GetUtcNow())).ShouldBe("erased");
                (await ReadAsync("SELECT count(*) FROM identity.erased_sessions"))
                    .ShouldBe(Many + 1L);
                break;
        }

        (await ReadAsync("SELECT count(*) FROM identity.sessions WHERE user_id = $1 AND revoked_at IS NULL", owner.UserId)).ShouldBe(left);
        var ids = (string[])(await ReadAsync(
            "SELECT array_agg(event_id) FROM events WHERE owner = $1 AND type = 'security.session_revoked'", owner.UserId))!;
        ids.Distinct().Count().ShouldBe(Many + 1 - (int)left);
        Array.ForEach(ids, id => EventId.Parse(id).Value.ShouldBe(id));
    }

    [Fact]
    public async Task Of_logins_at_once_no_more_sessions_are_open_than_may_be()
    {
        // The bug kept away: logins that did not see each other left as many sessions as there were logins.
        var owner = await host.SignUpAsync();
        await Task.WhenAll(Enumerable.Range(0, 30).Select(n => ReadAsync(
            """
            SELECT identity.session_open('stellarpay', $1, 'ses_' || md5($2 || $3), $2, sha256(convert_to($2 || $3, 'UTF8')), $4,
                $4 + interval '7 days', 3, NULL, u.security_stamp, NULL, sha256(convert_to($2 || $3, 'UTF8')),
                $4 + interval '1 hour', 200)
            FROM identity.users u WHERE u.id = $2
            """,
            NewEventId(), owner.UserId, $"{n}", host.Clock.GetUtcNow())));

        (await ReadAsync("SELECT count(*) FROM identity.sessions WHERE user_id = $1 AND revoked_at IS NULL", owner.UserId)).ShouldBe(3L);
    }

    [Fact]
    public async Task A_passkey_that_is_removed_while_it_logs_in_opens_nothing_after()
    {
        var (owner, authenticator) = await NewWithPasskeyAsync();
        await using var held = await HeldTransaction.BeginAsync(host.Database.DataSource, UsersRow, owner.UserId);
        var login = host.Anonymous().LogInByPasskeyAsync(authenticator);
        await held.UntilWaitedForAsync();

        (await held.RunAsync(
            """
            SELECT identity.passkey_remove('stellarpay', $1, $2, s.id, k.id, $3)
            FROM identity.sessions s JOIN identity.passkeys k USING (user_id) WHERE s.user_id = $2
            """,
            NewEventId(), owner.UserId, host.Clock.GetUtcNow())).ShouldBe("done");
        await held.CommitAsync();

        (await login).ShouldBeError(HttpStatusCode.UnprocessableEntity, "passkey_invalid", "credential");
        (await ReadAsync("SELECT count(*) FROM identity.sessions WHERE user_id = $1", owner.UserId)).ShouldBe(1L);
    }

    [Fact]
    public async Task A_passkey_login_that_began_before_all_sessions_ended_opens_none_after()
    {
        // The bug kept away: the stamp was read after the signature was looked at, and so was the new one.
        var (owner, authenticator) = await NewWithPasskeyAsync();
        await using var held = await HeldTransaction.BeginAsync(
            host.Database.DataSource, "SELECT 1 FROM identity.passkeys WHERE user_id = $1 FOR UPDATE", owner.UserId);
        var login = host.Anonymous().LogInByPasskeyAsync(authenticator);
        await held.UntilWaitedForAsync();
        await ResetAsync(owner.Email);
        await held.CommitAsync();

        (await login).ShouldBeError(HttpStatusCode.UnprocessableEntity, "passkey_invalid", "credential");
        (await host.Anonymous().LogInByPasskeyAsync(authenticator)).ShouldBeOk();
    }

    [Theory]
    [InlineData("passkey")]
    [InlineData("totp")]
    [InlineData("recovery codes")]
    [InlineData("remove")]
    [InlineData("begin")]
    [InlineData("begin beside a passkey")]
    [InlineData("erase")]
    public async Task A_session_that_ends_while_it_changes_factors_changes_none(string what)
    {
        var thief = await host.SignUpAsync();
        using var passkey = new SoftwareAuthenticator();
        var made = what == "passkey" ? passkey.Create(await thief.AskForNewAsync()) : null;
        var authenticator = what == "totp" ? await Authenticator.BeginAsync(host, thief)
            : what is not ("remove" or "recovery codes") ? null
            : await Authenticator.SetUpAsync(host, thief);
        if (what == "begin beside a passkey")
        {
            // No password is asked for then, of which the session would be looked at again.
            (await thief.AddPasskeyAsync(passkey)).ShouldBeOk();
        }

        var before = await FactorsAsync(thief.UserId);
        await using var held = await HeldTransaction.BeginAsync(host.Database.DataSource, UsersRow, thief.UserId);
        var change = what switch
        {
            "passkey" => thief.StoreAsync(made!),
            "totp" => thief.PostAsync("/v1/me/totp/confirm", new { code = authenticator!.Code() }),
            "remove" => thief.DeleteAsync("/v1/me/totp"),
            "erase" => thief.PostAsync("/v1/me/erase", new { password = Api.Password }),
            "begin beside a passkey" => thief.PostAsync("/v1/me/totp"),
            "begin" => thief.PostAsync("/v1/me/totp", new { password = Api.Password }),
            _ => thief.PostAsync("/v1/me/recovery-codes"),
        };
        await held.UntilWaitedForAsync();
        await held.RunAsync(
            "SELECT identity.session_revoke('stellarpay', $1, s.id, $3, 'revoked') FROM identity.sessions s WHERE s.user_id = $2",
            NewEventId(), thief.UserId, host.Clock.GetUtcNow());
        await held.CommitAsync();

        (await change).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
        (await FactorsAsync(thief.UserId)).ShouldBe(before);
    }

    [Theory]
    [InlineData("the others")]
    [InlineData("another")]
    public async Task A_session_that_ends_while_it_ends_others_ends_none(string what)
    {
        // The bug kept away: the owner logged a thief out, whose own request then logged the owner out.
        var (owner, thief) = (await host.SignUpAsync(), host.Anonymous());
        var kept = (string)(await ReadAsync("SELECT id FROM identity.sessions WHERE user_id = $1", owner.UserId))!;
        thief.Take((await thief.PostAsync("/v1/auth/login", new { email = owner.Email, password = Api.Password })).ShouldBeOk());
        await using var held = await HeldTransaction.BeginAsync(host.Database.DataSource, UsersRow, owner.UserId);
        var ending = thief.DeleteAsync(what == "another" ? $"/v1/sessions/{kept}" : "/v1/sessions");
        await held.UntilWaitedForAsync();
        await held.RunAsync(
            """
            SELECT identity.session_revoke('stellarpay', $1, s.id, $3, 'revoked') FROM identity.sessions s
            WHERE s.user_id = $2 AND s.id <> $4
            """,
            NewEventId(), owner.UserId, host.Clock.GetUtcNow(), kept);
        await held.CommitAsync();

        (await ending).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
        (await owner.DeleteAsync("/v1/sessions")).ShouldBeOk();
    }

    private static string NewEventId() => EventId.New(TimeProvider.System).Value;

    private async Task<(Api Api, SoftwareAuthenticator Authenticator)> NewWithPasskeyAsync()
    {
        var api = await host.SignUpAsync();
        var authenticator = new SoftwareAuthenticator();
        (await api.AddPasskeyAsync(authenticator)).ShouldBeOk();
        return (api, authenticator);
    }

    private Task<object?> FactorsAsync(string user) => ReadAsync(
        """
        SELECT concat_ws(' ', u.two_factor_enabled, u.factor_version,
            (SELECT encode(f.totp_secret, 'hex') FROM identity.second_factors f WHERE f.user_id = u.id),
            (SELECT string_agg(encode(c.code_hash, 'hex'), ' ' ORDER BY c.code_hash) FROM identity.recovery_codes c WHERE c.user_id = u.id))
        FROM identity.users u WHERE u.id = $1
        """,
        user);

    private async Task ResetAsync(string email)
    {
        var asked = (await host.Anonymous().PostAsync("/v1/auth/password-reset", new { email })).ShouldBeOk();
        var code = await host.Messages.NextDigitsAsync(email);
        (await host.Anonymous().PostAsync(
            "/v1/auth/password-reset/confirm",
            new { email, reset_id = asked.Body.GetProperty("id").GetString(), code, password = NewPassword }))
            .Status.ShouldBe(HttpStatusCode.NoContent);
    }

    private async Task<string> UndoCodeAsync(string email)
    {
        while (true)
        {
            if ((await host.Messages.NextAsync(email)).Code is { Length: > 20 } code)
            {
                return code;
            }
        }
    }

    private async Task<object?> ReadAsync(string sql, params object[] values)
    {
        await using var command = host.Database.DataSource.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return await command.ExecuteScalarAsync(Cancelled);
    }
}

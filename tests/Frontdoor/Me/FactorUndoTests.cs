using System.Net;
using StellarPay.Frontdoor.Me.ContactChanges;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Auth.Passkeys;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Me;

/// <summary>Whoever undoes the change of his address is not locked out by a second factor of the thief's.</summary>
[Collection<SessionsCollection>]
public sealed class FactorUndoTests(FrontdoorHost host)
{
    private const string NewPassword = "another horse battery";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_thiefs_factor_ends_with_the_undo_whether_he_set_it_up_before_the_change_or_after(bool before)
    {
        var owner = await host.SignUpAsync();
        var (old, thiefs) = (owner.Email, FrontdoorHost.NewEmail());
        var thief = await LogInAsync(old);
        if (before)
        {
            await Authenticator.SetUpAsync(host, thief);
        }

        var undo = await ChangeAsync(thief, old, thiefs);
        if (!before)
        {
            host.Clock.Advance(TimeSpan.FromHours(48));
            thief = await LogInAsync(thiefs);
            await Authenticator.SetUpAsync(host, thief);
        }

        (await host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = undo })).Status.ShouldBe(HttpStatusCode.NoContent);

        await ResetAsync(old);
        var back = await host.Anonymous().PostAsync("/v1/auth/login", new { email = old, password = NewPassword });
        back.Status.ShouldBe(HttpStatusCode.OK, back.Text);
        owner.Take(back);
        var factors = (await owner.GetAsync("/v1/me/second-factors")).ShouldBeOk().Body;
        factors.GetProperty("totp").GetBoolean().ShouldBeFalse();
        factors.GetProperty("recovery_codes_left").GetInt32().ShouldBe(0);
        (await thief.PostAsync("/v1/me/totp/confirm", new { code = "123456" })).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
        (await ReadAsync("SELECT count(*) FROM identity.factor_news WHERE user_id = $1 AND version = 2", owner.UserId)).ShouldBe(1L);
        (await ReadAsync(
            "SELECT count(*) FROM events WHERE owner = $1 AND type = 'security.second_factor_removed'", owner.UserId)).ShouldBe(1L);
    }

    [Fact]
    public async Task A_thiefs_passkey_ends_too_and_an_older_one_of_the_owners_stays()
    {
        var owner = await host.SignUpAsync();
        var old = owner.Email;
        using var own = new SoftwareAuthenticator();
        (await owner.AddPasskeyAsync(own)).ShouldBeOk();
        host.Clock.Advance(ContactChangeBook.FactorsBefore + TimeSpan.FromMinutes(1));
        // Whoever has the owner's passkey for a moment is a thief who can do all this.
        var thief = host.Anonymous();
        thief.Take((await thief.LogInByPasskeyAsync(own)).ShouldBeOk());
        using var thiefs = new SoftwareAuthenticator();
        (await thief.AddPasskeyAsync(thiefs)).ShouldBeOk();
        var undo = await ChangeAsync(thief, old, FrontdoorHost.NewEmail());

        (await host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = undo })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await host.Anonymous().LogInByPasskeyAsync(thiefs))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "passkey_invalid", "credential");
        owner.Take((await host.Anonymous().LogInByPasskeyAsync(own)).ShouldBeOk());
        (await owner.GetAsync("/v1/me/second-factors")).ShouldBeOk().Body.GetProperty("passkeys").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task The_owners_older_factor_stays_and_recovery_codes_that_are_younger_end()
    {
        var owner = await host.SignUpAsync();
        var old = owner.Email;
        var authenticator = await Authenticator.SetUpAsync(host, owner);
        host.Clock.Advance(ContactChangeBook.FactorsBefore + TimeSpan.FromMinutes(1));
        owner.Take(await ContinueAsync(owner, authenticator.Code()));
        var younger = Authenticator.CodesOf((await owner.PostAsync("/v1/me/recovery-codes")).ShouldBeOk());
        var undo = await ChangeAsync(owner, old, FrontdoorHost.NewEmail());

        (await host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = undo })).Status.ShouldBe(HttpStatusCode.NoContent);

        await ResetAsync(old);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        (await ChallengeAsync(old, NewPassword, new { recovery_code = younger[0] }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");
        (await ChallengeAsync(old, NewPassword, new { code = authenticator.Code() })).ShouldBeOk();
        (await ReadAsync("SELECT count(*) FROM identity.recovery_codes WHERE user_id = $1", owner.UserId)).ShouldBe(0L);
    }

    [Fact]
    public async Task What_waits_for_its_first_code_ends_too()
    {
        var owner = await host.SignUpAsync();
        var old = owner.Email;
        var thief = await LogInAsync(old);
        await Authenticator.BeginAsync(host, thief);
        var undo = await ChangeAsync(thief, old, FrontdoorHost.NewEmail());

        (await host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = undo })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await ReadAsync(
            "SELECT count(*) FROM identity.second_factors WHERE user_id = $1 AND totp_secret IS NOT NULL", owner.UserId)).ShouldBe(0L);
    }

    [Fact]
    public async Task An_undo_and_a_first_code_at_the_same_time_leave_no_factor_or_fail_as_one()
    {
        for (var i = 0; i < 5; i++)
        {
            var owner = await host.SignUpAsync();
            var old = owner.Email;
            var thief = await LogInAsync(old);
            var undo = await ChangeAsync(thief, old, FrontdoorHost.NewEmail());
            var authenticator = await Authenticator.BeginAsync(host, thief);

            var answers = await Task.WhenAll(
                thief.PostAsync("/v1/me/totp/confirm", new { code = authenticator.Code() }),
                host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = undo }));

            answers[1].Status.ShouldBe(HttpStatusCode.NoContent, answers[1].Text);
            (await ReadAsync("SELECT count(*) FROM identity.users WHERE id = $1 AND two_factor_enabled", owner.UserId)).ShouldBe(0L);
        }
    }

    [Fact]
    public async Task Whoever_is_told_of_a_factor_that_he_did_not_set_up_undoes_it_without_a_login()
    {
        // The bug kept away: a thief with the password set up a factor, and nobody but an operator let the owner in again.
        var owner = await host.SignUpAsync();
        var thief = await LogInAsync(owner.Email);
        await Authenticator.SetUpAsync(host, thief);
        var told = await ToldAsync(owner.Email);
        told.Text.ShouldContain("a second factor was set up");
        told.Text.ShouldContain(told.Code!);

        (await host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = told.Code })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await thief.PostAsync("/v1/me/recovery-codes")).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
        (await host.Anonymous().PostAsync("/v1/auth/login", new { email = owner.Email, password = Api.Password }))
            .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_credentials");
        await ResetAsync(owner.Email);
        var back = await host.Anonymous().PostAsync("/v1/auth/login", new { email = owner.Email, password = NewPassword });
        back.Status.ShouldBe(HttpStatusCode.OK, back.Text);
        owner.Take(back);
        (await owner.GetAsync("/v1/me/second-factors")).ShouldBeOk().Body.GetProperty("recovery_codes_left").GetInt32().ShouldBe(0);
        (await host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = told.Code }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "undo_code_invalid", "code");
    }

    [Fact]
    public async Task An_undo_of_a_factor_leaves_older_factors_and_all_contacts_and_ends_every_newer_factor()
    {
        var owner = await host.SignUpAsync();
        var email = owner.Email;
        using var own = new SoftwareAuthenticator();
        (await owner.AddPasskeyAsync(own)).ShouldBeOk();
        await ToldAsync(email);
        host.Clock.Advance(ContactChangeBook.UndoneFor);
        var thief = host.Anonymous();
        thief.Take((await thief.LogInByPasskeyAsync(own)).ShouldBeOk());
        await Authenticator.SetUpAsync(host, thief);
        var first = (await ToldAsync(email)).Code;
        using var second = new SoftwareAuthenticator();
        (await thief.AddPasskeyAsync(second)).ShouldBeOk();
        await ToldAsync(email);

        (await host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = first })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await host.Anonymous().LogInByPasskeyAsync(second))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "passkey_invalid", "credential");
        var back = (await host.Anonymous().LogInByPasskeyAsync(own)).ShouldBeOk();
        back.Body.GetProperty("user").GetProperty("email").GetString().ShouldBe(email);
        owner.Take(back);
        var left = (await owner.GetAsync("/v1/me/second-factors")).ShouldBeOk().Body;
        (left.GetProperty("totp").GetBoolean(), left.GetProperty("passkeys").GetInt32()).ShouldBe((false, 1));
    }

    // The bug kept away: an undo ended the codes that were counted, so that whoever set up factors and undid it had the platform send
    // sixteen more each time, past the budgets of all.
    [Fact]
    public async Task Whoever_sets_up_factors_and_undoes_it_again_and_again_is_sent_no_codes_without_end()
    {
        var owner = await host.SignUpAsync();
        var sent = 0;
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < 20; i++)
            {
                sent += await OfferAsync($"{round} {i}") ? 1 : 0;
            }

            await ReadAsync(
                """
                SELECT identity.contact_change_undo('x', 'evt_00000000000000000000000000', f.undo_hash, 'x', $2, interval '1 day')
                FROM identity.undoable_changes f WHERE f.user_id = $1 ORDER BY f.id LIMIT 1
                """,
                owner.UserId, host.Clock.GetUtcNow());
        }

        sent.ShouldBe(48);
        // They begin anew once the first of them would be over.
        await ReadAsync(
            """
            INSERT INTO identity.undoable_changes (user_id, kind, undo_hash, created_at, until)
            SELECT $1, 'factor', sha256(convert_to($1 || ' old ' || i, 'UTF8')), $2, $2 + interval '1 hour' FROM generate_series(1, 5) AS i
            """,
            owner.UserId, host.Clock.GetUtcNow());
        host.Clock.Advance(ContactChangeBook.UndoneFor);
        (await OfferAsync("later")).ShouldBeTrue();
        // And what can be undone no more is not kept for ever.
        (await ReadAsync("SELECT count(*) FROM identity.undoable_changes WHERE user_id = $1", owner.UserId)).ShouldBe(1L);

        async Task<bool> OfferAsync(string name) => (bool)(await ReadAsync(
            """
            SELECT identity.undo_offer_write($1, ROW(
                sha256(convert_to($1 || $3, 'UTF8')), $2 + interval '72 hours', ARRAY[$1 || $3], ARRAY['sms'], ARRAY[''::bytea], $2,
                $2 + interval '1 day')::identity.undo_offer, $2)
            """,
            owner.UserId, host.Clock.GetUtcNow(), name))!;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_thief_who_sets_up_two_factors_leaves_none_whichever_code_is_used(int used)
    {
        var owner = await host.SignUpAsync();
        var thief = await LogInAsync(owner.Email);
        await Authenticator.SetUpAsync(host, thief);
        var codes = new List<string> { (await ToldAsync(owner.Email)).Code! };
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        using var second = new SoftwareAuthenticator();
        (await thief.AddPasskeyAsync(second)).ShouldBeOk();
        codes.Add((await ToldAsync(owner.Email)).Code!);

        (await host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = codes[used] })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await ReadAsync("SELECT count(*) FROM identity.users WHERE id = $1 AND two_factor_enabled", owner.UserId)).ShouldBe(0L);
        (await host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = codes[1 - used] }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "undo_code_invalid", "code");
    }

    [Fact]
    public async Task A_thiefs_factor_of_long_before_the_change_is_undone_by_its_own_code_after_the_changes()
    {
        // The bug kept away: the undo of the change forgot the code that undoes the factor, which stayed.
        var owner = await host.SignUpAsync();
        var old = owner.Email;
        var thief = await LogInAsync(old);
        var authenticator = await Authenticator.SetUpAsync(host, thief);
        var factor = (await ToldAsync(old)).Code;
        host.Clock.Advance(ContactChangeBook.FactorsBefore + TimeSpan.FromMinutes(1));
        thief.Take(await ContinueAsync(owner, authenticator.Code()));
        var change = await ChangeAsync(thief, old, FrontdoorHost.NewEmail());

        (await host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = change })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = factor })).Status.ShouldBe(HttpStatusCode.NoContent);

        await ResetAsync(old);
        (await host.Anonymous().PostAsync("/v1/auth/login", new { email = old, password = NewPassword })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_factor_is_undone_for_72_hours_and_its_code_is_made_longer_by_no_later_one()
    {
        var owner = await host.SignUpAsync();
        using var own = new SoftwareAuthenticator();
        (await owner.AddPasskeyAsync(own)).ShouldBeOk();
        var undo = (await ToldAsync(owner.Email)).Code;
        host.Clock.Advance(ContactChangeBook.UndoneFor - TimeSpan.FromHours(1));
        owner.Take((await host.Anonymous().LogInByPasskeyAsync(own)).ShouldBeOk());
        await Authenticator.SetUpAsync(host, owner);
        host.Clock.Advance(TimeSpan.FromHours(1));

        (await host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = undo }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "undo_code_invalid", "code");
        owner.Take((await host.Anonymous().LogInByPasskeyAsync(own)).ShouldBeOk());
    }

    [Fact]
    public async Task A_first_code_that_was_wrong_or_too_late_tells_nobody()
    {
        var owner = await host.SignUpAsync();
        var authenticator = await Authenticator.BeginAsync(host, owner);
        (await owner.PostAsync("/v1/me/totp/confirm", new { code = authenticator.WrongCode() })).Status
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        host.Clock.Advance(TimeSpan.FromMinutes(16));
        (await owner.PostAsync("/v1/me/totp/confirm", new { code = authenticator.Code() }))
            .ShouldBeError(HttpStatusCode.Conflict, "totp_not_begun");

        (await ReadAsync("SELECT count(*) FROM identity.undoable_changes WHERE user_id = $1", owner.UserId)).ShouldBe(0L);
        host.Messages.All.ShouldNotContain(message => message.To == owner.Email && message.Subject.Contains("second factor"));
    }

    private async Task<Message> ToldAsync(string email)
    {
        while (true)
        {
            if (await host.Messages.NextAsync(email) is { Subject: "The second factor of your StellarPay account", Code: not null } told)
            {
                return told;
            }
        }
    }

    private async Task<Api> LogInAsync(string email)
    {
        var api = host.Anonymous();
        api.Take((await api.PostAsync("/v1/auth/login", new { email, password = Api.Password })).ShouldBeOk());
        return api;
    }

    private async Task<Answer> ContinueAsync(Api api, string code) =>
        (await ChallengeAsync(api.Email, Api.Password, new { code })).ShouldBeOk();

    private async Task<Answer> ChallengeAsync(string email, string password, object shown)
    {
        var waiting = await host.Anonymous().PostAsync("/v1/auth/login", new { email, password });
        waiting.Status.ShouldBe(HttpStatusCode.Accepted, waiting.Text);
        var body = System.Text.Json.JsonSerializer.SerializeToNode(shown)!;
        body["challenge"] = waiting.Body.GetProperty("challenge").GetString();
        return await host.Anonymous().PostAsync("/v1/auth/challenge", body);
    }

    // Gives the code that undoes.
    private async Task<string> ChangeAsync(Api api, string old, string wanted)
    {
        (await api.PostAsync("/v1/me/email/change", new { email = wanted, password = Api.Password })).ShouldBeOk();
        (await api.PostAsync("/v1/me/email/change/confirm", new { code = await NextAsync(wanted, digits => digits.Length == 8) })).ShouldBeOk();
        return await NextAsync(old, undo => undo.Length > 20, "was changed");
    }

    private async Task ResetAsync(string email)
    {
        var resetId = (await host.Anonymous().PostAsync("/v1/auth/password-reset", new { email })).ShouldBeOk()
            .Body.GetProperty("id").GetString();
        var code = await NextAsync(email, digits => digits.Length == 8);
        (await host.Anonymous().PostAsync("/v1/auth/password-reset/confirm", new { email, reset_id = resetId, code, password = NewPassword })).ShouldBeOk();
    }

    // Among what else was sent there.
    private async Task<string> NextAsync(string email, Func<string, bool> isIt, string subject = "")
    {
        while (true)
        {
            var message = await host.Messages.NextAsync(email);
            if (message.Code is { } code && isIt(code) && message.Subject.Contains(subject, StringComparison.Ordinal))
            {
                return code;
            }
        }
    }

    private async Task<object?> ReadAsync(string query, params object[] values)
    {
        await using var command = host.Database.DataSource.CreateCommand(query);
        Array.ForEach(values, value => command.Parameters.AddWithValue(value));
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}

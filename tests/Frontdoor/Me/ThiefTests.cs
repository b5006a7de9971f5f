using System.Net;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Auth.Passkeys;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Me;

/// <summary>What somebody tries who has a session, a password or a mailbox of somebody else's.</summary>
[Collection<SessionsCollection>]
public sealed class ThiefTests(FrontdoorHost host)
{
    private const string FactorSubject = "The second factor of your StellarPay account";

    [Fact]
    public async Task An_address_that_the_owner_has_replaced_again_undoes_nothing_of_his()
    {
        // The bug kept away: the row of the owner's address was over first, and then the thief's undo went back to the thief's own.
        var owner = await host.SignUpAsync();
        var (own, thiefs) = (owner.Email, FrontdoorHost.NewEmail());
        await ChangeAsync(owner, thiefs);
        await CodeAsync(own, undo => undo.Length > 20);
        host.Clock.Advance(TimeSpan.FromHours(10));
        owner.Take((await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = owner.RefreshToken })).ShouldBeOk());
        await ChangeAsync(owner, own);
        var undo = await CodeAsync(thiefs, code => code.Length > 20);

        host.Clock.Advance(TimeSpan.FromHours(63));
        (await host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = undo })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await host.NamesOfAsync(owner)).Email.ShouldBe(own);
    }

    [Fact]
    public async Task Whatever_is_done_with_second_factors_is_told()
    {
        var api = await host.SignUpAsync();

        await Authenticator.SetUpAsync(host, api);
        (await NextAsync(api.Email, FactorSubject)).ShouldContain("was set up");
        (await api.PostAsync("/v1/me/recovery-codes")).ShouldBeOk();
        (await NextAsync(api.Email, FactorSubject)).ShouldContain("new recovery codes");
        (await api.DeleteAsync("/v1/me/totp")).ShouldBeOk();
        (await NextAsync(api.Email, FactorSubject)).ShouldContain("was removed");
    }

    [Fact]
    public async Task Each_lock_in_a_row_is_twice_as_long_and_told()
    {
        var api = await host.SignUpAsync();
        var authenticator = await Authenticator.SetUpAsync(host, api);

        (await LockAsync(api, authenticator)).ShouldBeInRange(TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
        host.Clock.Advance(TimeSpan.FromMinutes(16));
        (await LockAsync(api, authenticator)).ShouldBeInRange(TimeSpan.FromMinutes(29), TimeSpan.FromMinutes(30));
        host.Clock.Advance(TimeSpan.FromMinutes(31));
        (await LockAsync(api, authenticator)).ShouldBeInRange(TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(60));

        // A right code ends the row.
        host.Clock.Advance(TimeSpan.FromMinutes(61));
        api.Take((await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken })).ShouldBeOk());
        (await api.PostAsync("/v1/auth/step-up", new { code = authenticator.Code() })).ShouldBeOk();
        (await LockAsync(api, authenticator)).ShouldBeInRange(TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
        (await NextAsync(api.Email, FactorSubject, "locked")).ShouldContain("locked");
    }

    [Fact]
    public async Task What_its_owner_is_told_of_is_not_switched_off_by_a_session_alone()
    {
        var api = await host.SignUpAsync();
        await Authenticator.SetUpAsync(host, api);
        host.Clock.Advance(TimeSpan.FromMinutes(6));

        (await api.PatchAsync("/v1/me", new { notifications = new { email = new { money = false } } }))
            .ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
        (await api.PatchAsync("/v1/me", new { language = "de" })).ShouldBeOk();
    }

    [Fact]
    public async Task Whoever_sends_the_whole_form_as_he_is_shown_it_is_asked_for_nothing_and_told_of_nothing()
    {
        // The bug kept away: an app that sends all of its settings could change no language without the password.
        var api = await host.SignUpAsync();
        var me = (await api.GetAsync("/v1/me")).Body.GetProperty("notifications");
        (await api.PatchAsync("/v1/me", new { language = "de", notifications = me })).ShouldBeOk().Body.GetProperty("language").GetString()
            .ShouldBe("de");

        var off = new { email = new { money = false }, sms = new { money = true } };
        (await api.PatchAsync("/v1/me", new { language = "en", notifications = off })).ShouldBeError(
            HttpStatusCode.Forbidden, "password_required", "password");
        (await api.PatchAsync("/v1/me", new { notifications = off, password = Api.Password })).ShouldBeOk().Body.GetProperty("language")
            .GetString().ShouldBe("de");
        (await api.PatchAsync("/v1/me", new { language = "en", notifications = off })).ShouldBeOk();
        (await api.PatchAsync("/v1/me", new { notifications = me })).ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");

        (await ReadAsync("SELECT count(*) FROM events WHERE owner = $1 AND type = 'security.notices_changed'", api.UserId)).ShouldBe(1L);
        (await ReadAsync("SELECT count(*) FROM identity.profiles WHERE user_id = $1 AND NOT email_money AND sms_money", api.UserId))
            .ShouldBe(1L);
    }

    [Fact]
    public async Task Without_a_factor_the_password_is_asked_for_it_and_all_contacts_are_told()
    {
        // The bug kept away: of who had no factor nothing was asked, and nobody told.
        var api = await host.SignUpAsync();
        var phone = $"+4420794{System.Security.Cryptography.RandomNumberGenerator.GetInt32(10_000, 99_999)}";
        (await api.PostAsync("/v1/me/phone/change", new { phone, password = Api.Password })).ShouldBeOk();
        (await api.PostAsync("/v1/me/phone/change/confirm", new { code = await CodeAsync(phone, digits => digits.Length == 8) })).ShouldBeOk();
        var off = new { email = new { money = false }, sms = new { money = false } };

        (await api.PatchAsync("/v1/me", new { notifications = off })).ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        (await api.PatchAsync("/v1/me", new { notifications = off, password = "not the password" }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "password_wrong", "password");
        (await api.GetAsync("/v1/me")).Body.GetProperty("notifications").GetProperty("email").GetProperty("money").GetBoolean().ShouldBeTrue();
        (await api.PatchAsync("/v1/me", new { notifications = off, password = Api.Password })).ShouldBeOk();
        (await api.PatchAsync("/v1/me", new { notifications = off, password = Api.Password })).ShouldBeOk();

        (await NextAsync(api.Email, "What StellarPay tells you was changed")).ShouldContain("was changed");
        (await NextAsync(phone, subject: null, "which payments you are told of")).ShouldContain("was changed");
        (await ReadAsync("SELECT count(*) FROM events WHERE owner = $1 AND type = 'security.notices_changed'", api.UserId))
            .ShouldBe(1L, "what changes nothing is no event");
    }

    [Fact]
    public async Task An_administrator_with_a_factor_shows_it_for_what_he_decides_and_not_for_what_he_reads()
    {
        var admin = await host.NewAdminAsync();
        (await admin.PostAsync("/v1/admin/deny-list", new { kind = "domain", value = "a.example", reason = "Asked by a test" })).ShouldBeOk();
        host.Clock.Advance(TimeSpan.FromMinutes(6));

        (await admin.PostAsync("/v1/admin/deny-list", new { kind = "domain", value = "b.example", reason = "Asked by a test" }))
            .ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
        (await admin.GetAsync("/v1/admin/deny-list")).ShouldBeOk();
    }

    [Fact]
    public async Task Whom_a_thiefs_factor_keeps_out_an_operator_lets_in_again()
    {
        var owner = await host.SignUpAsync();
        await Authenticator.SetUpAsync(host, owner);

        using var output = new StringWriter();
        (await AdminCommand.RunAsync(["remove-factors", owner.Email], host.Administrators, output)).ShouldBe(0);

        output.ToString().ShouldContain("has no second factor any more");
        (await host.Anonymous().PostAsync("/v1/auth/login", new { email = owner.Email, password = Api.Password })).Status.ShouldBe(HttpStatusCode.OK);
        (await owner.PostAsync("/v1/me/recovery-codes")).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
        (await host.AuditOf(owner.UserId)).ShouldContain(line => line.Contains("user.factors_removed", StringComparison.Ordinal));
        (await AdminCommand.RunAsync(["remove-factors", FrontdoorHost.NewEmail()], host.Administrators, output)).ShouldBe(1);
    }

    [Fact]
    public async Task Both_contacts_are_told_of_a_change_of_one()
    {
        var api = await host.SignUpAsync();
        var phone = $"+4420794{System.Security.Cryptography.RandomNumberGenerator.GetInt32(10_000, 99_999)}";
        (await api.PostAsync("/v1/me/phone/change", new { phone, password = Api.Password })).ShouldBeOk();
        (await api.PostAsync("/v1/me/phone/change/confirm", new { code = await CodeAsync(phone, digits => digits.Length == 8) })).ShouldBeOk();

        (await api.PostAsync("/v1/me/email/change", new { email = FrontdoorHost.NewEmail(), password = Api.Password })).ShouldBeOk();

        (await NextAsync(phone, subject: null, "e-mail address")).ShouldContain("was asked for");
    }

    [Fact]
    public async Task A_seventeenth_factor_within_72_hours_brings_no_further_code_that_undoes()
    {
        var api = await host.SignUpAsync();
        for (var i = 0; i < 17; i++)
        {
            using var authenticator = new SoftwareAuthenticator();
            var added = await api.AddPasskeyAsync(authenticator);
            added.Status.ShouldBe(HttpStatusCode.Created, added.Text);
            var id = added.Body.GetProperty("passkey").GetProperty("id").GetString();
            (await api.DeleteAsync($"/v1/me/passkeys/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        }

        (await ReadAsync("SELECT count(*) FROM identity.undoable_changes WHERE user_id = $1", api.UserId)).ShouldBe(16L);
        await Eventually.UntilAsync(
            async () => (await ReadAsync("SELECT count(*) FROM identity.messages WHERE $1 <> ''", api.UserId)) is 0L, "all that was written is sent");
        host.Messages.All.Count(message => message.To == api.Email && message.Code is { Length: > 20 }).ShouldBe(16);
        // The bug kept away: of what came after the sixteenth its owner was told nothing.
        await Eventually.UntilAsync(
            () => Task.FromResult(host.Messages.All.Any(message => message.To == api.Email && message.Code is null
                && message.Text.Contains("a second factor was set up", StringComparison.Ordinal))),
            "the further ones are told by a notice");
    }

    // Ten wrong codes, and how long it is locked for.
    private static async Task<TimeSpan> LockAsync(Api api, Authenticator authenticator)
    {
        Answer answer;
        var tries = 0;
        do
        {
            answer = await api.PostAsync("/v1/auth/step-up", new { code = authenticator.WrongCode() });
        }
        while (answer.Status == HttpStatusCode.UnprocessableEntity && ++tries < 20);

        answer.ShouldBeError(HttpStatusCode.TooManyRequests, "second_factor_locked");
        return answer.Headers.RetryAfter!.Delta!.Value;
    }

    private async Task ChangeAsync(Api api, string wanted)
    {
        (await api.PostAsync("/v1/me/email/change", new { email = wanted, password = Api.Password })).ShouldBeOk();
        var code = await CodeAsync(wanted, digits => digits.Length == 8);
        (await api.PostAsync("/v1/me/email/change/confirm", new { code })).ShouldBeOk();
    }

    // Among what else was sent there.
    private async Task<string> CodeAsync(string to, Func<string, bool> isIt)
    {
        while (true)
        {
            if ((await host.Messages.NextAsync(to)).Code is { } code && isIt(code))
            {
                return code;
            }
        }
    }

    private async Task<string> NextAsync(string to, string? subject, string text = "")
    {
        while (true)
        {
            var message = await host.Messages.NextAsync(to);
            if ((subject is null || message.Subject == subject) && message.Text.Contains(text, StringComparison.Ordinal))
            {
                return message.Text;
            }
        }
    }

    private async Task<object?> ReadAsync(string query, string user)
    {
        await using var command = host.Database.DataSource.CreateCommand(query);
        command.Parameters.AddWithValue(user);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}

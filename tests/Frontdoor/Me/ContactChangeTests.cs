using System.Net;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Me.ContactChanges;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Me;

[Collection<NamesCollection>]
public sealed class ContactChangeTests(FrontdoorHost host)
{
    private const string Asked = "A change of your StellarPay e-mail address was asked for";
    private const string Changed = "Your StellarPay e-mail address was changed";

    [Fact]
    public async Task The_new_address_is_the_name_once_its_code_is_entered_and_the_old_one_is_told_of_both()
    {
        var api = await host.SignUpAsync();
        var (old, wanted) = (api.Email, FrontdoorHost.NewEmail());

        var asked = (await AskAsync(api, wanted)).ShouldBeOk().Body;
        asked.GetProperty("sent_to").GetString().ShouldBe(wanted);
        (await host.Messages.NextAsync(old)).Subject.ShouldBe(Asked);
        (await LogInAsync(host, wanted)).Status.ShouldBe(HttpStatusCode.Unauthorized, "nothing is changed before the code");
        var me = (await ConfirmAsync(api, await host.Messages.NextCodeAsync(wanted))).ShouldBeOk().Body;

        me.GetProperty("email").GetString().ShouldBe(wanted);
        me.GetProperty("email_confirmed").GetBoolean().ShouldBeTrue();
        var told = await host.Messages.NextAsync(old);
        told.Subject.ShouldBe(Changed);
        told.Text.ShouldNotContain(wanted, Case.Insensitive, "who has the old address need not know the new one");
        (await LogInAsync(host, wanted)).ShouldBeOk();
        (await LogInAsync(host, old)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await api.GetAsync("/v1/wallet")).ShouldBeOk();
    }

    [Fact]
    public async Task Whoever_has_the_old_address_undoes_it_without_a_login_and_all_that_the_thief_has_ends()
    {
        var api = await host.SignUpAsync();
        var (old, thiefs) = (api.Email, FrontdoorHost.NewEmail());
        var thief = host.Anonymous();
        thief.Take((await LogInAsync(host, old)).ShouldBeOk());
        var undo = await ChangeAsync(host, thief, old, thiefs);

        (await UndoAsync(host, undo.ToLowerInvariant().Replace('-', ' '))).Status.ShouldBe(HttpStatusCode.NoContent);

        (await thief.PostAsync("/v1/me/email/code")).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
        (await api.PostAsync("/v1/me/email/code")).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
        (await LogInAsync(host, thiefs)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await LogInAsync(host, old)).Status.ShouldBe(HttpStatusCode.Unauthorized, "the thief knows that password");
        await host.Messages.NextAsync(old, "A change of your StellarPay account was undone");
        // The thief's mailbox sets no password, the owner's does.
        (await host.Anonymous().PostAsync("/v1/auth/password-reset", new { email = thiefs })).ShouldBeOk();
        const string Another = "another horse battery";
        await ResetAsync(old, Another);
        (await LogInAsync(host, old, Another)).ShouldBeOk().Body.GetProperty("user").GetProperty("id").GetString().ShouldBe(api.UserId);
        host.Messages.All.ShouldNotContain(message => message.To == thiefs && message.Subject.Contains("new password"));
    }

    [Fact]
    public async Task An_undo_goes_back_to_what_was_before_the_first_change_whichever_code_is_used_and_of_both_kinds()
    {
        // The bug kept away: a thief who changes twice, or adds a phone, and keeps the account by the second.
        var api = await host.SignUpAsync();
        var (old, second, third) = (api.Email, FrontdoorHost.NewEmail(), FrontdoorHost.NewEmail());
        const string Phone = "+442079460751";
        var first = await ChangeAsync(host, api, old, second);
        var later = await ChangeAsync(host, api, second, third);
        (await api.PostAsync("/v1/me/phone/change", new { phone = Phone, password = Api.Password })).ShouldBeOk();
        (await api.PostAsync("/v1/me/phone/change/confirm", new { code = await host.Messages.NextCodeAsync(Phone) })).ShouldBeOk();

        (await UndoAsync(host, later)).Status.ShouldBe(HttpStatusCode.NoContent);

        const string Another = "another horse battery";
        await ResetAsync(old, Another);
        var user = (await LogInAsync(host, old, Another)).ShouldBeOk().Body.GetProperty("user");
        user.GetProperty("email").GetString().ShouldBe(old);
        user.GetProperty("phone").GetString().ShouldBeNull();
        foreach (var name in new object[] { new { email = second }, new { email = third }, new { phone = Phone } })
        {
            (await host.Anonymous().PostAsync("/v1/auth/password-reset", name)).ShouldBeOk();
        }

        (await UndoAsync(host, first)).ShouldBeError(HttpStatusCode.UnprocessableEntity, "undo_code_invalid", "code");
        (await UndoAsync(host, later)).ShouldBeError(HttpStatusCode.UnprocessableEntity, "undo_code_invalid", "code");
    }

    [Fact]
    public async Task An_undo_that_is_sent_many_times_at_once_is_done_once()
    {
        var api = await host.SignUpAsync();
        var undo = await ChangeAsync(host, api, api.Email, FrontdoorHost.NewEmail());

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => UndoAsync(host, undo)));

        answers.Count(answer => answer.Status == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.UnprocessableEntity).ShouldBe(19);
    }

    [Fact]
    public async Task For_72_hours_the_old_address_is_nobody_elses_and_then_it_is_free_and_nothing_is_undone()
    {
        var api = await host.SignUpAsync();
        var (payer, old, wanted) = (await host.SignUpAsync(), api.Email, FrontdoorHost.NewEmail());
        var late = await host.SignUpUnconfirmedAsync(old);
        var undo = await ChangeAsync(host, api, old, wanted);

        // Who has signed up with it before, or does now, is sent no code; and nobody is paid by it.
        var squatter = await host.SignUpUnconfirmedAsync(old);
        (await squatter.PostAsync("/v1/me/email/confirm", new { code = "00000000" })).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var other = await host.SignUpAsync();
        (await AskAsync(other, old)).ShouldBeOk();
        await host.Messages.UntilSentAsync(old, "Somebody wanted to use this contact for a StellarPay account");
        host.Messages.All.Count(message => message.To == old && message.Code is { Length: 8 }).ShouldBe(1, "its owner's own");
        (await payer.GetAsync($"/v1/recipients/lookup?recipient={old}")).ShouldBeError(HttpStatusCode.UnprocessableEntity, "recipient_not_found", "recipient");

        host.Clock.Advance(ContactChangeBook.UndoneFor);
        (await UndoAsync(host, undo)).ShouldBeError(HttpStatusCode.UnprocessableEntity, "undo_code_invalid", "code");
        payer.Take((await LogInAsync(host, payer.Email)).ShouldBeOk());
        var fresh = host.Anonymous();
        var signedUp = await fresh.SignUpUnconfirmedAsync(old);
        await ConfirmByLastAsync(host, fresh, old);
        signedUp.Body.GetProperty("user").GetProperty("id").GetString().ShouldNotBe(api.UserId);
        (await payer.GetAsync($"/v1/recipients/lookup?recipient={old}")).ShouldBeOk();
        late.UserId.ShouldNotBe(squatter.UserId);
    }

    [Fact]
    public async Task Who_has_a_code_on_its_way_for_a_name_that_is_given_up_does_not_get_it()
    {
        // The bug kept away: a squatter who waits, and has the name of somebody who may still undo.
        var name = FrontdoorHost.NewEmail();
        var squatter = await host.SignUpUnconfirmedAsync(name);
        var code = await host.Messages.NextCodeAsync(name);
        var owner = await host.SignUpAsync(name);
        var undo = await ChangeAsync(host, owner, name, FrontdoorHost.NewEmail());

        (await squatter.PostAsync("/v1/me/email/confirm", new { code })).ShouldBeError(HttpStatusCode.Conflict, "email_taken", "email");

        (await UndoAsync(host, undo)).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Of_two_who_change_to_one_address_one_has_it()
    {
        var (one, two, wanted) = (await host.SignUpAsync(), await host.SignUpAsync(), FrontdoorHost.NewEmail());
        (await AskAsync(one, wanted)).ShouldBeOk();
        var first = await host.Messages.NextCodeAsync(wanted);
        (await AskAsync(two, wanted)).ShouldBeOk();
        var second = await host.Messages.NextCodeAsync(wanted);

        var answers = await Task.WhenAll(ConfirmAsync(one, first), ConfirmAsync(two, second));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Single(answer => answer.Status != HttpStatusCode.OK).ShouldBeError(HttpStatusCode.Conflict, "email_taken", "email");
    }

    [Fact]
    public async Task An_address_that_is_somebodys_is_answered_as_any_other_and_its_owner_is_told()
    {
        var (api, owner) = (await host.SignUpAsync(), await host.SignUpAsync());

        var free = (await AskAsync(api, FrontdoorHost.NewEmail())).ShouldBeOk();
        var taken = (await AskAsync(api, owner.Email)).ShouldBeOk();

        taken.Body.EnumerateObject().Select(field => field.Name).ShouldBe(free.Body.EnumerateObject().Select(field => field.Name));
        var told = await host.Messages.NextAsync(owner.Email);
        told.Subject.ShouldBe("Somebody wanted to use this contact for a StellarPay account");
        told.Code.ShouldBeNull();
    }

    [Fact]
    public async Task A_session_without_the_password_changes_nothing_and_guesses_are_counted()
    {
        var api = await host.SignUpAsync();
        var wanted = FrontdoorHost.NewEmail();
        for (var i = 0; i < 10; i++)
        {
            (await api.PostAsync("/v1/me/email/change", new { email = wanted, password = $"wrong horse battery {i}" }))
                .ShouldBeError(HttpStatusCode.UnprocessableEntity, "password_wrong", "password");
        }

        (await AskAsync(api, wanted)).ShouldBeError(HttpStatusCode.TooManyRequests, "account_locked");
        host.Messages.All.ShouldNotContain(message => message.To == wanted);
    }

    [Fact]
    public async Task A_code_is_used_once_and_tried_five_times()
    {
        var api = await host.SignUpAsync();
        var wanted = FrontdoorHost.NewEmail();
        (await AskAsync(api, wanted)).ShouldBeOk();
        var code = await host.Messages.NextCodeAsync(wanted);
        // A code of another purpose, and a wrong one, are the same.
        (await api.PostAsync("/v1/me/email/confirm", new { code })).ShouldBeError(HttpStatusCode.Conflict, "email_confirmed", "email");
        for (var i = 1; i <= OneTimeCodes.MostTries; i++)
        {
            ShouldBeWrong(await ConfirmAsync(api, OtherThan(code, i)));
        }

        ShouldBeWrong(await ConfirmAsync(api, code));
        (await AskAsync(api, wanted)).ShouldBeOk();
        var next = await host.Messages.NextCodeAsync(wanted);
        (await ConfirmAsync(api, next)).ShouldBeOk();
        ShouldBeWrong(await ConfirmAsync(api, next));
        (await AskAsync(api, wanted)).ShouldBeError(HttpStatusCode.Conflict, "email_confirmed", "email");
    }

    [Fact]
    public async Task Nobody_uses_the_code_of_another()
    {
        var (api, other, wanted) = (await host.SignUpAsync(), await host.SignUpAsync(), FrontdoorHost.NewEmail());
        (await AskAsync(api, wanted)).ShouldBeOk();
        var code = await host.Messages.NextCodeAsync(wanted);

        ShouldBeWrong(await ConfirmAsync(other, code));
        (await AskAsync(other, FrontdoorHost.NewEmail())).ShouldBeOk();
        ShouldBeWrong(await ConfirmAsync(other, code));

        (await ConfirmAsync(api, code)).ShouldBeOk();
    }

    [Fact]
    public async Task A_code_for_a_password_that_went_to_the_old_address_sets_none_after_the_change()
    {
        var api = await host.SignUpAsync();
        var old = api.Email;
        var resetId = (await host.Anonymous().PostAsync("/v1/auth/password-reset", new { email = old })).ShouldBeOk()
            .Body.GetProperty("id").GetString();
        var reset = await host.Messages.NextCodeAsync(old);
        await ChangeAsync(host, api, old, FrontdoorHost.NewEmail());

        (await host.Anonymous().PostAsync("/v1/auth/password-reset/confirm", new { email = old, reset_id = resetId, code = reset, password = "another horse battery" }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "code_invalid", "code");
    }

    [Fact]
    public async Task A_change_that_was_begun_ends_with_the_password()
    {
        var api = await host.SignUpAsync();
        var (old, wanted) = (api.Email, FrontdoorHost.NewEmail());
        (await AskAsync(api, wanted)).ShouldBeOk();
        var code = await host.Messages.NextCodeAsync(wanted);
        (await host.Messages.NextAsync(old)).Subject.ShouldBe(Asked);
        const string Another = "another horse battery";
        await ResetAsync(old, Another);
        var again = host.Anonymous();
        again.Take((await LogInAsync(host, old, Another)).ShouldBeOk());

        ShouldBeWrong(await ConfirmAsync(again, code));
    }

    [Fact]
    public async Task Who_signed_up_with_a_mistyped_address_gives_another_and_has_nothing_to_undo()
    {
        var api = await host.SignUpUnconfirmedAsync();
        var (mistyped, right) = (api.Email, FrontdoorHost.NewEmail());
        (await host.Messages.NextCodeAsync(mistyped)).ShouldNotBeNull();
        (await AskAsync(api, right)).ShouldBeOk();

        var me = (await ConfirmAsync(api, await host.Messages.NextCodeAsync(right))).ShouldBeOk().Body;

        me.GetProperty("email").GetString().ShouldBe(right);
        (await api.GetAsync("/v1/wallet")).Body.GetProperty("status").GetString().ShouldBe("active");
        host.Messages.All.ShouldNotContain(message => message.To == mistyped && message.Subject == Changed);
        (await host.SignUpAsync(mistyped)).UserId.ShouldNotBe(api.UserId, "it was never his");
    }

    [Fact]
    public async Task A_phone_is_exchanged_by_SMS_which_says_no_number()
    {
        const string Old = "+442079460752";
        const string Wanted = "+442079460753";
        var api = host.Anonymous();
        api.Take((await api.PostAsync("/v1/auth/signup", new { phone = Old, password = Api.Password })).ShouldBeOk());
        (await api.PostAsync("/v1/me/phone/confirm", new { code = await host.Messages.NextCodeAsync(Old) })).ShouldBeOk();
        (await api.PostAsync("/v1/me/phone/change", new { phone = "+44 20 7946 0753", password = Api.Password })).ShouldBeOk();
        (await host.Messages.NextAsync(Old)).Channel.ShouldBe(MessageChannel.Sms);

        (await api.PostAsync("/v1/me/phone/change/confirm", new { code = await host.Messages.NextCodeAsync(Wanted) })).ShouldBeOk();

        var told = await host.Messages.NextAsync(Old);
        told.Text.ShouldNotContain(Wanted);
        told.Text.ShouldContain(told.Code!);
        (await host.Anonymous().PostAsync("/v1/auth/login", new { phone = Wanted, password = Api.Password })).ShouldBeOk();
    }

    [Fact]
    public async Task A_name_is_changed_three_times_in_72_hours_and_may_be_what_it_was()
    {
        var api = await host.SignUpAsync();
        var names = new[] { api.Email, FrontdoorHost.NewEmail(), FrontdoorHost.NewEmail(), api.Email };
        for (var i = 1; i < names.Length; i++)
        {
            await ChangeAsync(host, api, names[i - 1], names[i]);
        }

        (await AskAsync(api, FrontdoorHost.NewEmail())).ShouldBeError(HttpStatusCode.UnprocessableEntity, "email_changed_recently", "email");
        host.Clock.Advance(ContactChangeBook.UndoneFor);
        api.Take((await LogInAsync(host, api.Email)).ShouldBeOk());
        (await AskAsync(api, FrontdoorHost.NewEmail())).ShouldBeOk();
    }

    [Theory]
    [InlineData("""{}""", "parameter_missing", "email")]
    [InlineData("""{"email":"a@example.com"}""", "parameter_missing", "password")]
    [InlineData("""{"email":"no address","password":"x"}""", "email_invalid", "email")]
    [InlineData("""{"email":7,"password":"x"}""", "parameter_invalid", "email")]
    public async Task What_is_no_change_is_told(string body, string code, string param) =>
        (await (await host.SignUpAsync()).PostTextAsync("/v1/me/email/change", body)).ShouldBeError(HttpStatusCode.BadRequest, code, param);

    [Theory]
    [InlineData("00000-00000-00000-00000-00000")]
    [InlineData("00000-00000-00000-00000-0000U")]
    [InlineData("' OR 1=1")]
    [InlineData("０００００-00000-00000-00000-00000")]
    public async Task What_undoes_nothing_is_answered_alike(string code) =>
        (await UndoAsync(host, code)).ShouldBeError(HttpStatusCode.UnprocessableEntity, "undo_code_invalid", "code");

    // Takes the notice of the asking and gives the code that undoes.
    private static async Task<string> ChangeAsync(FrontdoorHost host, Api api, string old, string wanted)
    {
        (await AskAsync(api, wanted)).ShouldBeOk();
        string? code = null;
        while (code is null)
        {
            code = (await host.Messages.NextAsync(wanted)).Code is { Length: 8 } digits ? digits : null;
        }

        (await ConfirmAsync(api, code)).ShouldBeOk();
        while (true)
        {
            // Among what else was sent there.
            if ((await host.Messages.NextAsync(old)) is { Subject: Changed, Code: { } undo })
            {
                return undo;
            }
        }
    }

    // Several were sent there before.
    private static async Task ConfirmByLastAsync(FrontdoorHost host, Api api, string email)
    {
        while (true)
        {
            var message = await host.Messages.NextAsync(email);
            if (message.Code is { Length: 8 } code && (await api.PostAsync("/v1/me/email/confirm", new { code })).Status == HttpStatusCode.OK)
            {
                return;
            }
        }
    }

    private async Task ResetAsync(string email, string password)
    {
        var resetId = (await host.Anonymous().PostAsync("/v1/auth/password-reset", new { email })).ShouldBeOk()
            .Body.GetProperty("id").GetString();
        string? code = null;
        while (code is null)
        {
            code = (await host.Messages.NextAsync(email)).Code is { Length: 8 } digits ? digits : null;
        }

        (await host.Anonymous().PostAsync("/v1/auth/password-reset/confirm", new { email, reset_id = resetId, code, password })).ShouldBeOk();
    }

    private static Task<Answer> AskAsync(Api api, string email) =>
        api.PostAsync("/v1/me/email/change", new { email, password = Api.Password });

    private static Task<Answer> ConfirmAsync(Api api, string code) => api.PostAsync("/v1/me/email/change/confirm", new { code });

    private static Task<Answer> UndoAsync(FrontdoorHost host, string code) =>
        host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code });

    private static Task<Answer> LogInAsync(FrontdoorHost host, string email, string password = Api.Password) =>
        host.Anonymous().PostAsync("/v1/auth/login", new { email, password });

    private static void ShouldBeWrong(Answer answer) =>
        answer.ShouldBeError(HttpStatusCode.UnprocessableEntity, "code_invalid", "code");

    private static string OtherThan(string code, int by) =>
        ((int.Parse(code, System.Globalization.CultureInfo.InvariantCulture) + by) % 100_000_000)
        .ToString("D8", System.Globalization.CultureInfo.InvariantCulture);
}

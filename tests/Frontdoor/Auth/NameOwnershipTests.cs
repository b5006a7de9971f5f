using System.Net;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth;

/// <summary>
/// Whose a name is. The bug kept away: anybody signed up as <c>bob@corp.example</c>, was paid what was meant for Bob, and Bob was told
/// for ever that the address is taken.
/// </summary>
[Collection<NamesCollection>]
public sealed class NameOwnershipTests(FrontdoorHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_is_its_owners_whoever_came_first()
    {
        var bobs = FrontdoorHost.NewEmail();
        var stranger = await host.SignUpUnconfirmedAsync(bobs);
        await host.Messages.NextCodeAsync(bobs);
        var payer = await host.SignUpAsync();
        (await PayAsync(payer, bobs)).ShouldBeError(HttpStatusCode.UnprocessableEntity, "recipient_not_found", "recipient");

        var bob = await host.SignUpAsync(bobs);

        (await PayAsync(payer, bobs)).ShouldBeOk().Body.GetProperty("destination").GetString()
            .ShouldBe((await bob.GetAsync("/v1/wallet")).Body.GetProperty("address").GetString());
        var login = await host.Anonymous().PostAsync("/v1/auth/login", new { email = bobs, password = Api.Password });
        login.ShouldBeOk().Body.GetProperty("user").GetProperty("id").GetString().ShouldBe(bob.UserId);
        // The other has his account still, and not the name.
        var me = (await stranger.GetAsync("/v1/me")).ShouldBeOk().Body;
        me.GetProperty("email_confirmed").GetBoolean().ShouldBeFalse();
        (await stranger.PostAsync("/v1/me/email/code")).ShouldBeOk();
        var told = await host.Messages.NextAsync(bobs);
        told.Code.ShouldBeNull();
        told.Subject.ShouldBe("You have a StellarPay account already");
    }

    [Fact]
    public async Task Nobody_is_found_or_logged_in_by_a_name_that_is_not_confirmed()
    {
        var email = FrontdoorHost.NewEmail();
        await host.SignUpUnconfirmedAsync(email);
        var payer = await host.SignUpAsync();

        (await payer.GetAsync($"/v1/recipients/lookup?recipient={email}"))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "recipient_not_found", "recipient");
        (await payer.PostAsync("/v1/contacts", new { nickname = "Bob", recipient = email })).ShouldBeOk();
        (await PayAsync(payer, "Bob")).ShouldBeError(HttpStatusCode.UnprocessableEntity, "recipient_not_found", "recipient");
        var admin = await host.NewAdminAsync();
        (await admin.GetAsync($"/v1/admin/users?email={email}")).ShouldBeError(HttpStatusCode.NotFound, "user_not_found");
        var (unconfirmed, unknown) = (await LogInAsync(email), await LogInAsync(FrontdoorHost.NewEmail()));
        unconfirmed.ShouldBeError(HttpStatusCode.Unauthorized, "invalid_credentials");
        WithoutRequestId(unconfirmed).ShouldBe(WithoutRequestId(unknown));
    }

    [Fact]
    public async Task A_role_is_given_to_who_has_confirmed_the_name()
    {
        var email = FrontdoorHost.NewEmail();
        await host.SignUpUnconfirmedAsync(email);
        (await host.Administrators.SetRoleAsync("tests", email, Frontdoor.Auth.Users.Roles.Admin, Cancelled)).ShouldBe(RoleChange.NoSuchUser);
    }

    [Fact]
    public async Task Of_two_who_confirm_one_name_at_once_one_has_it()
    {
        for (var round = 0; round < 5; round++)
        {
            var email = FrontdoorHost.NewEmail();
            var one = await host.SignUpUnconfirmedAsync(email);
            var oneCode = await host.Messages.NextCodeAsync(email);
            var other = await host.SignUpUnconfirmedAsync(email);
            var otherCode = await host.Messages.NextCodeAsync(email);

            var answers = await Task.WhenAll(ConfirmAsync(one, oneCode), ConfirmAsync(other, otherCode));

            answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
            answers.Single(answer => answer.Status != HttpStatusCode.OK).ShouldBeError(HttpStatusCode.Conflict, "email_taken", "email");
            var owner = answers[0].Status == HttpStatusCode.OK ? one : other;
            (await LogInAsync(email)).ShouldBeOk().Body.GetProperty("user").GetProperty("id").GetString().ShouldBe(owner.UserId);
        }
    }

    [Fact]
    public async Task A_sign_up_with_a_name_that_somebody_has_looks_as_one_with_a_name_that_nobody_has()
    {
        var known = (await host.SignUpAsync()).Email;
        var unknown = FrontdoorHost.NewEmail();

        var (one, other) = (await SignUpAsync(known), await SignUpAsync(unknown));

        one.Status.ShouldBe(HttpStatusCode.Created);
        other.Status.ShouldBe(HttpStatusCode.Created);
        one.Bytes.Length.ShouldBe(other.Bytes.Length);
        Shape(one).ShouldBe(Shape(other));
        one.Headers.Concat(one.ContentHeaders).Select(header => header.Key)
            .ShouldBe(other.Headers.Concat(other.ContentHeaders).Select(header => header.Key));
        (await host.Messages.NextAsync(known)).Code.ShouldBeNull();
        (await host.Messages.NextAsync(unknown)).Code.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("POST", "/v1/payments")]
    [InlineData("POST", "/v1/payments/pay_000000000000000000000000/confirm")]
    [InlineData("POST", "/v1/schedules")]
    [InlineData("POST", "/v1/wallet/friendbot")]
    [InlineData("POST", "/v1/wallet/rotate-key")]
    [InlineData("PUT", "/v1/me/handle")]
    [InlineData("GET", "/v1/recipients/lookup?recipient=@bob")]
    [InlineData("GET", "/v1/wallet/qr")]
    public async Task Who_has_confirmed_nothing_neither_pays_nor_is_paid_nor_looks_others_up(string method, string path)
    {
        var api = await host.SignUpUnconfirmedAsync();
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Idempotency-Key", Api.NewKey());

        (await api.SendAsync(request)).ShouldBeError(HttpStatusCode.Forbidden, "contact_unconfirmed");
    }

    [Fact]
    public async Task What_was_refused_is_done_with_the_same_token_once_a_contact_is_confirmed()
    {
        var payee = await host.SignUpAsync();
        var api = host.Anonymous();
        var signedUp = await api.SignUpUnconfirmedAsync(FrontdoorHost.NewEmail());
        (await PayAsync(api, payee.Email)).ShouldBeError(HttpStatusCode.Forbidden, "contact_unconfirmed");

        await api.ConfirmAsync(signedUp);

        (await PayAsync(api, payee.Email)).ShouldBeOk();
    }

    [Fact]
    public async Task A_handle_names_nobody_who_has_confirmed_nothing()
    {
        var squatter = await host.SignUpUnconfirmedAsync();
        var handle = $"h{Guid.NewGuid():N}"[..16];
        // As one who chose it before contacts were confirmed.
        await using var choose = host.Database.DataSource.CreateCommand(
            "INSERT INTO identity.handles (handle, user_id, taken_at) VALUES ($1, $2, now())");
        choose.Parameters.AddWithValue(handle);
        choose.Parameters.AddWithValue(squatter.UserId);
        await choose.ExecuteNonQueryAsync(Cancelled);

        (await PayAsync(await host.SignUpAsync(), $"@{handle}"))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "recipient_not_found", "recipient");
    }

    [Fact]
    public async Task A_contact_that_nothing_is_sent_to_here_signs_nobody_up()
    {
        await using var silent = new SilentHost();
        await silent.InitializeAsync();

        (await silent.Anonymous().PostAsync("/v1/auth/signup", new { phone = "+12027654321", password = Api.Password }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "phone_unavailable", "phone");
        (await silent.Anonymous().PostAsync("/v1/auth/signup", new { email = FrontdoorHost.NewEmail(), password = Api.Password }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "email_unavailable", "email");
    }

    private static Task<Answer> ConfirmAsync(Api api, string code) => api.PostAsync("/v1/me/email/confirm", new { code });

    private static Task<Answer> PayAsync(Api payer, string recipient) =>
        payer.PostAsync("/v1/payments", new { recipient, asset = "USDC", amount = "1" });

    private Task<Answer> SignUpAsync(string email) =>
        host.Anonymous().PostAsync("/v1/auth/signup", new { email, password = Api.Password });

    private Task<Answer> LogInAsync(string email) =>
        host.Anonymous().PostAsync("/v1/auth/login", new { email, password = Api.Password });

    private static string WithoutRequestId(Answer answer) => answer.Text.Replace(answer.RequestId, "", StringComparison.Ordinal);

    private static string[] Shape(Answer answer) =>
    [
        .. answer.Body.GetProperty("user").EnumerateObject().Select(property => $"{property.Name} {property.Value.ValueKind}"),
        .. answer.Body.GetProperty("wallet").EnumerateObject().Select(property => $"{property.Name} {property.Value.ValueKind}"),
    ];

    private sealed class SilentHost : FrontdoorHost
    {
        protected override bool SendsMessages => false;
    }
}

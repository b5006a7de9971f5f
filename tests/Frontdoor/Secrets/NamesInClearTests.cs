using System.Net;
using System.Security.Cryptography;
using System.Text;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Payments;
using StellarPay.Tests.Shared.Secrets;
using static StellarPay.Frontdoor.Tests.Payments.FactorHost;

namespace StellarPay.Frontdoor.Tests.Secrets;

/// <summary>
/// Whoever has a copy of the database learns neither an e-mail address nor a phone number of anybody from it: all columns of all tables
/// are looked through while people do all that names are for.
/// </summary>
public sealed class NamesInClearTests(FactorHost host) : IClassFixture<FactorHost>
{
    /// <summary>
    /// Where the name stands by which somebody was paid: the payer's books say whom he paid, as he named him, and are kept as long as the
    /// law wants books kept (docs/decisions/0053). There is no other place.
    /// </summary>
    internal static readonly string[] NamesOfPayees =
        ["column public.events.data", "column public.grain_rows.payload", "column public.payments.counterparty"];

    private readonly List<Secret> _names = [];

    [Fact]
    public async Task No_address_and_no_number_is_in_any_column_whatever_is_done_with_it_but_being_paid()
    {
        var (email, other, nobodys) = (NewEmail(), NewEmail(), NewEmail());
        var (phone, otherPhone, friends) = (NewPhone(), NewPhone(), NewPhone());
        var api = host.Anonymous();

        var signedUp = await api.PostAsync("/v1/auth/signup", new { email, phone, password = Api.Password });
        api.Take(signedUp.ShouldBeOk());
        await RequireNoneAsync("signed up");

        (await api.PostAsync("/v1/me/email/confirm", new { code = await host.Messages.NextCodeAsync(email) })).ShouldBeOk();
        (await api.PostAsync("/v1/me/phone/confirm", new { code = await host.Messages.NextCodeAsync(phone) })).ShouldBeOk();
        foreach (var wrong in new object[] { new { email, password = "wrong" }, new { email = nobodys, password = "wrong" } })
        {
            (await host.Anonymous().PostAsync("/v1/auth/login", wrong)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await host.Anonymous().PostAsync("/v1/auth/login", new { phone, password = Api.Password })).ShouldBeOk();
        (await api.PostAsync("/v1/contacts", new { nickname = "Friend", recipient = friends })).ShouldBeOk();
        var sender = await host.NewPayerAsync("10");
        (await sender.GetAsync($"/v1/recipients/lookup?recipient={email}")).ShouldBeOk();
        (await InviteAsync(sender, nobodys)).ShouldBeOk();
        var admin = await host.NewAdminAsync();
        (await admin.GetAsync($"/v1/admin/users?email={email}")).ShouldBeOk();
        // The last that may be asked for in a while is a code at length.
        for (var asked = 0; asked < 5; asked++)
        {
            (await host.Anonymous().PostAsync("/v1/auth/password-reset", new { phone = otherPhone })).ShouldBeOk();
        }

        await RequireNoneAsync("known, looked for and invited");

        (await api.PostAsync("/v1/me/email/change", new { email = other, password = Api.Password })).ShouldBeOk();
        (await api.PostAsync("/v1/me/phone/change", new { phone = otherPhone, password = Api.Password })).ShouldBeOk();
        await RequireNoneAsync("asked for others");

        (await api.PostAsync("/v1/me/email/change/confirm", new { code = await host.Messages.NextCodeAsync(other) })).ShouldBeOk();
        (await api.PostAsync("/v1/me/phone/change/confirm", new { code = await NextCodeAsync(otherPhone) })).ShouldBeOk();
        await RequireNoneAsync("have others");
        (await api.GetAsync("/v1/me")).ShouldBeOk().Text.ShouldContain(other);

        var undo = await NextCodeAsync(email, code => code.Length > 20);
        (await host.Anonymous().PostAsync("/v1/auth/contact-undo", new { code = undo })).Status.ShouldBe(HttpStatusCode.NoContent);
        var asking = (await host.Anonymous().PostAsync("/v1/auth/password-reset", new { email })).ShouldBeOk().Body;
        var reset = new
        {
            email, reset_id = asking.GetProperty("id").GetString(), password = "another horse battery",
            code = await NextCodeAsync(email, code => code.Length < 20),
        };
        (await host.Anonymous().PostAsync("/v1/auth/password-reset/confirm", reset)).Status.ShouldBe(HttpStatusCode.NoContent);
        var again = await host.Anonymous().PostAsync("/v1/auth/login", new { email, password = reset.password });
        again.ShouldBeOk().Body.GetProperty("user").GetProperty("email").GetString().ShouldBe(email);
        again.Body.GetProperty("user").GetProperty("phone").GetString().ShouldBe(phone);
        await RequireNoneAsync("undone, and the password set");
    }

    [Fact]
    public async Task Whose_name_was_paid_stands_in_the_payers_books_and_nowhere_else()
    {
        var sender = await host.NewPayerAsync("10");
        var email = NewEmail();
        var id = (await InviteAsync(sender, email)).ShouldBeOk().Body.GetProperty("id").GetString();
        await host.Messages.NextAsync(email);
        await RequireNoneAsync("invited");

        await host.SignUpAsync(email);
        await UntilAsync(sender, $"/v1/invitations/{id}", body =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            return body.GetProperty("status").GetString() == "paid";
        });
        await UntilAsync(sender, "/v1/wallet/transactions", body => body.GetRawText().Contains(email, StringComparison.Ordinal));

        var found = SecretScan.Find(_names, await DatabaseDump.ReadAsync(host.Database.DataSource));
        found.Select(each => each[(each.IndexOf(" in ", StringComparison.Ordinal) + 4)..]).Distinct().ShouldBe(NamesOfPayees, ignoreOrder: true);
    }

    // In each form in which it could be read, or found by whoever tries all names.
    private string Known(string name)
    {
        var local = name.Split('@')[0];
        _names.AddRange([Secret.OfText("a name", name), Secret.OfText("a name as it is compared", name.ToUpperInvariant())]);
        _names.AddRange([Secret.OfText("what is before the @", local), Secret.OfText("the digits", local.TrimStart('+'))]);
        foreach (var text in new[] { name, name.ToUpperInvariant(), name.ToLowerInvariant() })
        {
            _names.Add(Secret.OfBytes("a bare digest", SHA256.HashData(Encoding.UTF8.GetBytes(text))));
        }

        return name;
    }

    private async Task RequireNoneAsync(string when) =>
        SecretScan.Find(_names, await DatabaseDump.ReadAsync(host.Database.DataSource)).ShouldBeEmpty(when);

    private string NewEmail() => Known($"Some.One-{Guid.NewGuid():N}@example.com");

    private string NewPhone() => Known($"+4479462{RandomNumberGenerator.GetInt32(10_000, 99_999)}");

    private static Task<Answer> InviteAsync(Api sender, string recipient) =>
        sender.PostAsync("/v1/invitations", new { recipient, asset = "USDC", amount = "1" }, Api.NewKey());

    private Task<string> NextCodeAsync(string to) => NextCodeAsync(to, _ => true);

    // Between them come messages that tell what was done.
    private async Task<string> NextCodeAsync(string to, Func<string, bool> isMeant)
    {
        while (true)
        {
            if ((await host.Messages.NextAsync(to)) is Message { Code: { } code } && isMeant(code))
            {
                return code;
            }
        }
    }
}

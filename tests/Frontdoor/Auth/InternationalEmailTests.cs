using System.Net;
using System.Text;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth;

/// <summary>E-mail addresses beyond ASCII (RFC 6531): one name has one form, and none passes for another.</summary>
[Collection<NamesCollection>]
public sealed class InternationalEmailTests(FrontdoorHost host)
{
    [Theory]
    [InlineData("ü@bücher.example", "ü@xn--bcher-kva.example")]
    [InlineData("u\u0308@bu\u0308cher.example", "ü@xn--bcher-kva.example")]
    [InlineData(" Ü@BÜCHER.example ", "Ü@xn--bcher-kva.example")]
    [InlineData("ü@XN--BCHER-KVA.example", "ü@xn--bcher-kva.example")]
    [InlineData("a@ｂücher。example", "a@xn--bcher-kva.example")]
    [InlineData("a@faß.example", "a@xn--fa-hia.example")]
    [InlineData("иван.петров+1@пример.рф", "иван.петров+1@xn--e1afmkfd.xn--p1ai")]
    [InlineData("太郎abc@例え.テスト", "太郎abc@xn--r8jz45g.xn--zckzah")]
    [InlineData("משה12@example.com", "משה12@example.com")]
    [InlineData("हिन्दी@उदाहरण.परीक्षा", "हिन्दी@xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g")]
    [InlineData("ü@example.com", "ü@example.com")]
    [InlineData("a@exämple.com", "a@xn--exmple-cua.com")]
    [InlineData("𠮷@example.com", "𠮷@example.com")]
    public void An_address_is_read_into_one_form(string typed, string expected)
    {
        EmailAddress.TryParse(typed, out var address).ShouldBeTrue();
        address.ShouldBe(expected);
        // The form is read as itself.
        EmailAddress.TryParse(address, out var again).ShouldBeTrue();
        again.ShouldBe(address);
    }

    [Theory]
    [InlineData("p\u0430ypal@example.com", "a Cyrillic letter among Latin ones")]
    [InlineData("info@p\u0430ypal.example", "the same in a domain")]
    [InlineData("info@xn--pypal-4ve.example", "the same, written as it is asked for")]
    [InlineData("a\u200bb@example.com", "a space of no width")]
    [InlineData("a\u00adb@example.com", "a soft hyphen")]
    [InlineData("a@ex\u00adample.com", "a soft hyphen in a domain")]
    [InlineData("a@ex\u200dample.com", "a joiner that joins nothing")]
    [InlineData("ü\u202e@example.com", "an override of the direction")]
    [InlineData("a@\u202eexample.com", "an override of the direction in a domain")]
    [InlineData("ü\u0085@example.com", "a control character")]
    [InlineData("ü\0@example.com", "a null")]
    [InlineData("ü\u00a0a@example.com", "a space that does not break")]
    [InlineData("a\u3164b@example.com", "a filler, which is a letter")]
    [InlineData("\u1160@example.com", "a filler alone")]
    [InlineData("ü\ufe0f@example.com", "a selector of variants")]
    [InlineData("a\u034f\u0308@example.com", "a joiner of marks")]
    [InlineData("\u0308a@example.com", "a mark on nothing")]
    [InlineData("a.\u0308b@example.com", "a mark on a dot")]
    [InlineData("ü\u0301\u0301@example.com", "the same mark twice")]
    [InlineData("ａ@example.com", "a wide letter")]
    [InlineData("ﬁ@example.com", "a ligature")]
    [InlineData("a＠b@example.com", "a wide at")]
    [InlineData("ü@b@example.com", "two ats")]
    [InlineData("o\u2019brien@example.com", "a mark that looks like an apostrophe")]
    [InlineData("😀@example.com", "a picture")]
    [InlineData("aא@example.com", "two scripts of two directions")]
    [InlineData("1א@example.com", "a digit before what is written from the right")]
    [InlineData("a@1א.example", "the same in a domain")]
    [InlineData("a@אa.example", "two directions in a domain")]
    [InlineData("ü1\u0661@example.com", "digits of two kinds")]
    [InlineData("ü..a@example.com", "two dots")]
    [InlineData("ü.@example.com", "a dot at the end")]
    [InlineData("ü@", "no domain")]
    [InlineData("ü@bücher", "no dot")]
    [InlineData("ü@bücher.", "no top")]
    [InlineData("ü@bücher..example", "two dots in a domain")]
    [InlineData("ü@-bücher.example", "a hyphen before")]
    [InlineData("ü@b_ü.example", "no host name")]
    [InlineData("a@xn--a.example", "no such label")]
    [InlineData("a@xn--bcher-2pa.example", "a label that no domain has: bÜcher")]
    [InlineData("a@xn--.example", "an empty label")]
    [InlineData("\ud800@example.com", "half a character")]
    [InlineData("a@\udc00.example", "half a character in a domain")]
    [InlineData("\ufffd@example.com", "what stands for an unreadable one")]
    public void What_passes_for_another_address_is_refused(string typed, string why) =>
        EmailAddress.TryParse(typed, out _).ShouldBeFalse(why);

    [Fact]
    public void Lengths_are_counted_in_octets()
    {
        EmailAddress.TryParse($"{new string('ü', 32)}@example.com", out _).ShouldBeTrue();
        EmailAddress.TryParse($"{new string('ü', 32)}a@example.com", out _).ShouldBeFalse();
        EmailAddress.TryParse($"{string.Concat(Enumerable.Repeat("u\u0308", 32))}@example.com", out _).ShouldBeTrue("it counts as it is kept");
        // A label of 56 characters is 63 octets as it is asked for, and that is the most.
        EmailAddress.TryParse($"a@{new string('b', 55)}ü.example", out var longest).ShouldBeTrue();
        longest!.Split('@', '.')[1].Length.ShouldBe(63);
        EmailAddress.TryParse($"a@{new string('b', 56)}ü.example", out _).ShouldBeFalse();
        var domain = string.Join('.', Enumerable.Repeat(new string('b', 46) + "ü", 3));
        EmailAddress.TryParse($"a@{domain}.cc", out var shortest).ShouldBeTrue();
        var asked = shortest!.Length - "a@.cc".Length;
        foreach (var top in Enumerable.Range(2, 60))
        {
            var read = EmailAddress.TryParse($"{new string('ü', 32)}@{domain}.{new string('c', top)}", out var address);
            if (read)
            {
                Encoding.UTF8.GetByteCount(address!).ShouldBeLessThanOrEqualTo(254);
            }

            read.ShouldBe(64 + 1 + asked + 1 + top <= 254, $"a top of {top}");
        }
    }

    [Fact]
    public void Whatever_is_typed_is_read_or_refused()
    {
        var random = new Random(6531);
        var pieces = "ü|u\u0308|@|.|-|xn--|a|é|\u0430|א|1|\u0661|\u200d|\ud83d|\ude00|ß|İ|ﬁ|。|*|\0|例|\u0e33|_|bücher|example".Split('|');
        for (var n = 0; n < 20_000; n++)
        {
            var typed = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (EmailAddress.TryParse(typed, out var address))
            {
                EmailAddress.TryParse(address, out var again).ShouldBeTrue(typed);
                again.ShouldBe(address, typed);
                EmailAddress.TryParse(address.ToUpperInvariant(), out _).ShouldBeTrue(typed);
            }
        }
    }

    [Fact]
    public async Task One_address_is_one_name_to_sign_up_to_log_in_and_to_pay()
    {
        var name = $"ü{Guid.NewGuid():N}";
        var owner = host.Anonymous();
        (await owner.SignUpAsync($"{name}@bücher.example")).Body.GetProperty("user").GetProperty("email").GetString()
            .ShouldBe($"{name}@xn--bcher-kva.example");
        var payer = await host.SignUpAsync();
        string[] spellings =
        [
            $"{name}@bücher.example", $"{name}@xn--bcher-kva.example", $"{name.Replace("ü", "u\u0308", StringComparison.Ordinal)}@bücher.example",
            $"{name}@BÜCHER.EXAMPLE", $"{name.ToUpperInvariant()}@bücher.example", $"{name}@XN--BCHER-KVA.example",
        ];
        foreach (var spelling in spellings)
        {
            var squatter = await host.SignUpUnconfirmedAsync(spelling);
            (await host.Messages.NextAsync($"{name}@xn--bcher-kva.example")).Code.ShouldBeNull("the name is somebody's, and only he is told");
            (await squatter.PostAsync("/v1/payments", new { recipient = spelling, asset = "USDC", amount = "1" }))
                .ShouldBeError(HttpStatusCode.Forbidden, "contact_unconfirmed");
            (await host.Anonymous().PostAsync("/v1/auth/login", new { email = spelling, password = Api.Password })).ShouldBeOk();
            var found = await payer.GetAsync($"/v1/recipients/lookup?recipient={Uri.EscapeDataString(spelling)}");
            found.ShouldBeOk().Body.GetProperty("recipient_user").GetBoolean().ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Of_many_who_confirm_one_address_at_once_in_its_spellings_one_has_it()
    {
        var name = $"é{Guid.NewGuid():N}";
        string[] spellings = [$"{name}@bücher.example", $"{name}@xn--bcher-kva.example", $"e\u0301{name[1..]}@bücher.example"];
        var people = new List<(Api Api, string Code)>();
        foreach (var n in Enumerable.Range(0, 9))
        {
            var api = await host.SignUpUnconfirmedAsync(spellings[n % spellings.Length]);
            people.Add((api, await host.Messages.NextCodeAsync($"{name}@xn--bcher-kva.example")));
        }

        var answers = await Task.WhenAll(people.Select(one => one.Api.PostAsync("/v1/me/email/confirm", new { code = one.Code })));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.OK).ShouldAllBe(
            answer => answer.ShouldBeError(HttpStatusCode.Conflict, "email_taken", "email") != null);
    }

    [Theory]
    [InlineData("p\u0430ypal@example.com")]
    [InlineData("a\u200bb@example.com")]
    [InlineData("info@xn--pypal-4ve.example")]
    [InlineData("aא@example.com")]
    public async Task A_refused_address_is_told_with_its_field(string email)
    {
        (await host.Anonymous().PostAsync("/v1/auth/signup", new { email, password = Api.Password }))
            .ShouldBeError(HttpStatusCode.BadRequest, "email_invalid", "email");
        (await host.Anonymous().PostAsync("/v1/auth/login", new { email, password = Api.Password }))
            .ShouldBeError(HttpStatusCode.BadRequest, "email_invalid", "email");
        var payer = await host.SignUpAsync();
        (await payer.PostAsync("/v1/payments", new { recipient = email, asset = "USDC", amount = "1" }))
            .ShouldBeError(HttpStatusCode.BadRequest, "recipient_invalid", "recipient");
    }

    [Fact]
    public async Task A_nickname_from_when_such_addresses_were_none_still_names_whom_its_user_meant()
    {
        var (payer, meant, other) = (await host.SignUpAsync(), await host.SignUpAsync(), host.Anonymous());
        await other.SignUpAsync("ö@bücher.example");
        var contact = (await payer.PostAsync("/v1/contacts", new { nickname = "Bob", recipient = meant.Email })).ShouldBeOk();
        await using var command = host.Database.DataSource.CreateCommand(
            "UPDATE identity.contacts SET nickname = 'ö@bücher.example' WHERE id = $1");
        command.Parameters.AddWithValue(contact.Body.GetProperty("id").GetString()!);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        (await LookUpAsync(payer, "ö@bücher.example")).ShouldBe(meant.Email);
        (await LookUpAsync(meant, "ö@bücher.example")).ShouldBe("ö@xn--bcher-kva.example");
        (await payer.PostAsync("/v1/contacts", new { nickname = "ä@bücher.example", recipient = meant.Email }))
            .ShouldBeError(HttpStatusCode.BadRequest, "nickname_invalid", "nickname");
    }

    private static async Task<string?> LookUpAsync(Api caller, string name) =>
        (await caller.GetAsync($"/v1/recipients/lookup?recipient={Uri.EscapeDataString(name)}")).ShouldBeOk()
            .Body.GetProperty("recipient").GetString();
}

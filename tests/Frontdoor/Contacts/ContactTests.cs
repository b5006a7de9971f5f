using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Contacts;

[Collection<MoneyCollection>]
public sealed class ContactTests(FrontdoorHost host)
{
    [Fact]
    public async Task Contacts_are_added_listed_by_nickname_changed_and_removed()
    {
        var api = await host.SignUpAsync();
        var zoe = (await AddAsync(api, "zoe", "+1 202 555 0134")).Body;
        (await AddAsync(api, "Bob", " Bob@Example.com ")).Status.ShouldBe(HttpStatusCode.Created);
        zoe.GetProperty("recipient").GetString().ShouldBe("+12025550134");
        (await NamesAsync(api)).ShouldBe(["Bob: Bob@Example.com", "zoe: +12025550134"]);

        var id = zoe.GetProperty("id").GetString()!;
        (await api.PatchAsync($"/v1/contacts/{id}", new { nickname = "Anna" })).ShouldBeOk();
        (await api.PatchAsync($"/v1/contacts/{id}", new { recipient = "@ZOE_1", password = Api.Password })).ShouldBeOk();
        (await NamesAsync(api)).ShouldBe(["Anna: @zoe_1", "Bob: Bob@Example.com"]);

        (await api.DeleteAsync($"/v1/contacts/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await api.DeleteAsync($"/v1/contacts/{id}")).ShouldBeError(HttpStatusCode.NotFound, "contact_not_found");
        (await NamesAsync(api)).ShouldBe(["Bob: Bob@Example.com"]);
    }

    [Fact]
    public async Task A_nickname_is_used_once_whatever_its_case()
    {
        var api = await host.SignUpAsync();
        await AddAsync(api, "Bob", "bob@example.com");
        var other = (await AddAsync(api, "Eve", "eve@example.com")).Body.GetProperty("id").GetString();

        (await AddAsync(api, "BOB", "eve@example.com")).ShouldBeError(HttpStatusCode.Conflict, "nickname_taken", "nickname");
        (await api.PatchAsync($"/v1/contacts/{other}", new { nickname = "bob" }))
            .ShouldBeError(HttpStatusCode.Conflict, "nickname_taken", "nickname");
    }

    [Theory]
    [InlineData("eve@example.com")]
    [InlineData("@eve")]
    [InlineData("+1")]
    [InlineData("eve*example.com")]
    [InlineData("GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN")]
    [InlineData("ctc_x")]
    [InlineData("   ")]
    [InlineData("a\nb")]
    [InlineData("12345678901234567890123456789012345678901")]
    [InlineData("Mum\u200b")]
    [InlineData("Mum\u2060")]
    [InlineData("Mum\u00ad")]
    [InlineData("Mum\u202e")]
    [InlineData("Mum\u3164")]
    [InlineData("Mum\u2800")]
    [InlineData("Mum\U0001d159")]
    [InlineData("Mum\ue000")]
    [InlineData("Mum\u0378")]
    [InlineData("Mum\u2028x")]
    [InlineData("Mum\U000e0041")]
    [InlineData("\u200d\ufe0f")]
    [InlineData("\uff20eve")]
    [InlineData("eve\uff0aexample.com")]
    [InlineData("\u200deve@example.com")]
    public async Task A_nickname_that_could_be_taken_for_another_name_is_refused(string nickname) =>
        (await AddAsync(await host.SignUpAsync(), nickname, "bob@example.com"))
            .ShouldBeError(HttpStatusCode.BadRequest, "nickname_invalid", "nickname");

    [Theory]
    [InlineData("Mum", "Mum\ufe0f")]
    [InlineData("Mum", "M\u200dum")]
    [InlineData("Mum", "Mum \u200d")]
    [InlineData("Mum", "\u200d Mum")]
    [InlineData("Mum", "\uff2d\uff35\uff2d")]
    [InlineData("My mum", "My\u00a0\u2003mum")]
    [InlineData("Zo\u00eb", "Zoe\u0308")]
    [InlineData("\u2764", "\u2764\ufe0f")]
    public async Task Nicknames_that_look_alike_are_one(string nickname, string alike)
    {
        var api = await host.SignUpAsync();
        var id = (await AddAsync(api, nickname, "bob@example.com")).ShouldBeOk().Body.GetProperty("id").GetString();

        (await AddAsync(api, alike, "eve@example.com")).ShouldBeError(HttpStatusCode.Conflict, "nickname_taken", "nickname");
        (await api.DeleteAsync($"/v1/contacts/{id}")).ShouldBeOk();
        (await AddAsync(api, alike, "eve@example.com")).ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
    }

    [Theory]
    [InlineData("\U0001f468\u200d\U0001f469\u200d\U0001f467")]
    [InlineData("Mum \u2764\ufe0f")]
    [InlineData("\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645")]
    [InlineData("\u845b\U000e0100")]
    public async Task Emoji_and_names_that_are_spelt_with_joiners_are_nicknames(string nickname)
    {
        var api = await host.SignUpAsync();
        (await AddAsync(api, nickname, "bob@example.com")).ShouldBeOk().Body.GetProperty("nickname").GetString().ShouldBe(nickname);
    }

    [Theory]
    [InlineData("bob")]
    [InlineData("@b")]
    [InlineData("ctc_0123456789abcdef01234567")]
    public async Task A_recipient_that_names_nobody_is_refused(string recipient) =>
        (await AddAsync(await host.SignUpAsync(), "Bob", recipient)).ShouldBeError(HttpStatusCode.BadRequest, "recipient_invalid", "recipient");

    [Fact]
    public async Task Nobody_sees_changes_or_pays_by_anothers_contacts()
    {
        var bob = await host.SignUpAsync();
        var eve = await host.SignUpAsync();
        var id = (await AddAsync(bob, "Mum", bob.Email)).Body.GetProperty("id").GetString();

        (await NamesAsync(eve)).ShouldBeEmpty();
        (await eve.PatchAsync($"/v1/contacts/{id}", new { nickname = "x" })).ShouldBeError(HttpStatusCode.NotFound, "contact_not_found");
        (await eve.DeleteAsync($"/v1/contacts/{id}")).ShouldBeError(HttpStatusCode.NotFound, "contact_not_found");
        foreach (var name in new[] { id, "Mum" })
        {
            (await eve.GetAsync($"/v1/recipients/lookup?recipient={name}")).ShouldBeError(HttpStatusCode.BadRequest, "recipient_invalid", "recipient");
        }
    }

    [Fact]
    public async Task There_can_be_500_and_no_more_however_they_come()
    {
        var api = await host.SignUpAsync();
        await using (var fill = host.Database.DataSource.CreateCommand(
            """
            INSERT INTO identity.contacts (id, user_id, nickname, recipient, created_at, updated_at)
            SELECT 'ctc_' || $1 || n, $1, 'n' || n, $2, now(), now() FROM generate_series(1, 497) n
            """))
        {
            fill.Parameters.AddWithValue(api.UserId);
            fill.Parameters.AddWithValue(new byte[] { 1 });
            await fill.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => AddAsync(api, $"more {i}", "bob@example.com")));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(3);
        answers.First(answer => answer.Status != HttpStatusCode.Created)
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "too_many_contacts");
    }

    private static Task<Answer> AddAsync(Api api, string nickname, string recipient) =>
        api.PostAsync("/v1/contacts", new { nickname, recipient });

    private static async Task<string[]> NamesAsync(Api api) =>
    [
        .. (await api.GetAsync("/v1/contacts")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
            .Select(contact => $"{contact.GetProperty("nickname").GetString()}: {contact.GetProperty("recipient").GetString()}"),
    ];
}

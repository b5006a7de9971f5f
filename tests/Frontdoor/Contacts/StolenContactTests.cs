using System.Net;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Contacts;

/// <summary>What a stolen session does to contacts: whom a name that their owner pays by stands for is his to say.</summary>
[Collection<SessionsCollection>]
public sealed class StolenContactTests(FrontdoorHost host)
{
    private const string Added = "A contact was added to your StellarPay account";
    private const string Removed = "A contact was removed from your StellarPay account";
    private const string Changed = "Whom a contact of yours stands for was changed";

    private static readonly TimeSpan StepUpOver = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task A_session_alone_gives_a_contact_no_other_recipient_and_the_password_does_which_is_told()
    {
        // The bug kept away: whoever had found a session had the rent paid to himself, and nobody was told.
        var api = await host.SignUpAsync();
        var id = await AddAsync(api, "Landlord", "landlord@example.com");

        (await api.PatchAsync($"/v1/contacts/{id}", new { recipient = "thief@example.com" }))
            .ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        (await api.PatchAsync($"/v1/contacts/{id}", new { nickname = "Lord", recipient = "thief@example.com", password = "not the password" }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "password_wrong", "password");
        (await NamesAsync(api)).ShouldBe(["Landlord: landlord@example.com"]);

        (await api.PatchAsync($"/v1/contacts/{id}", new { recipient = "new@example.com", password = Api.Password })).ShouldBeOk();
        (await NamesAsync(api)).ShouldBe(["Landlord: new@example.com"]);
        await UntilToldAsync(api, Changed);
        (await EventsAsync(api)).ShouldBe("security.recipient_added security.recipient_changed");
    }

    [Fact]
    public async Task Whoever_has_a_factor_shows_it_to_change_a_recipient()
    {
        var api = await host.SignUpAsync();
        var id = await AddAsync(api, "Landlord", "landlord@example.com");
        var authenticator = await Authenticator.SetUpAsync(host, api);
        host.Clock.Advance(StepUpOver);

        (await api.PatchAsync($"/v1/contacts/{id}", new { recipient = "thief@example.com", password = Api.Password }))
            .ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
        (await api.PatchAsync($"/v1/contacts/{id}", new { nickname = "The landlord" })).ShouldBeOk();
        (await api.PatchAsync($"/v1/contacts/{id}", new { recipient = " Landlord@example.com " })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await api.PatchAsync($"/v1/contacts/{id}", new { recipient = "landlord@example.com" })).ShouldBeOk();

        (await api.PostAsync("/v1/auth/step-up", new { code = authenticator.Code() })).ShouldBeOk();
        (await api.PatchAsync($"/v1/contacts/{id}", new { recipient = "new@example.com" })).ShouldBeOk();
        (await NamesAsync(api)).ShouldBe(["The landlord: new@example.com"]);
    }

    [Fact]
    public async Task A_nickname_that_was_given_up_is_given_to_nobody_else_by_a_session_alone()
    {
        // The bug kept away: what may not be changed was removed, and added anew.
        var api = await host.SignUpAsync();
        var id = await AddAsync(api, "Landlord", "landlord@example.com");
        (await api.DeleteAsync($"/v1/contacts/{id}")).ShouldBeOk();
        await UntilToldAsync(api, Removed);
        (await EventsAsync(api)).ShouldBe("security.recipient_added security.recipient_removed");

        (await api.PostAsync("/v1/contacts", new { nickname = "LANDLORD", recipient = "thief@example.com" }))
            .ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        var other = await AddAsync(api, "Somebody", "thief@example.com");
        (await api.PatchAsync($"/v1/contacts/{other}", new { nickname = "Landlord" }))
            .ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        (await NamesAsync(api)).ShouldBe(["Somebody: thief@example.com"]);

        (await api.PostAsync("/v1/contacts", new { nickname = "Landlord", recipient = "landlord@example.com", password = Api.Password }))
            .ShouldBeOk();
        (await NamesAsync(api)).ShouldBe(["Landlord: landlord@example.com", "Somebody: thief@example.com"]);
    }

    [Fact]
    public async Task Two_contacts_do_not_exchange_their_nicknames_by_a_session_alone_and_one_takes_its_own_back()
    {
        var api = await host.SignUpAsync();
        var landlord = await AddAsync(api, "Landlord", "landlord@example.com");
        var thief = await AddAsync(api, "Thief", "thief@example.com");
        (await api.PatchAsync($"/v1/contacts/{landlord}", new { nickname = "Old" })).ShouldBeOk();

        (await api.PatchAsync($"/v1/contacts/{thief}", new { nickname = "landlord" }))
            .ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        (await api.PatchAsync($"/v1/contacts/{landlord}", new { nickname = "landlord" })).ShouldBeOk();
        (await api.PatchAsync($"/v1/contacts/{landlord}", new { nickname = "Old" })).ShouldBeOk();

        (await api.PatchAsync($"/v1/contacts/{thief}", new { nickname = "Landlord", password = Api.Password })).ShouldBeOk();
        await UntilToldAsync(api, Changed);
        (await api.PatchAsync($"/v1/contacts/{landlord}", new { nickname = "Landlord" }))
            .ShouldBeError(HttpStatusCode.Conflict, "nickname_taken", "nickname");
    }

    [Fact]
    public async Task A_nickname_is_anybodys_again_after_thirty_days()
    {
        var api = await host.SignUpAsync();
        var id = await AddAsync(api, "Landlord", "landlord@example.com");
        (await api.DeleteAsync($"/v1/contacts/{id}")).ShouldBeOk();

        await LaterAsync(host, api, TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        (await api.PostAsync("/v1/contacts", new { nickname = "Landlord", recipient = "a@example.com" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        await LaterAsync(host, api, TimeSpan.FromMinutes(2));
        await AddAsync(api, "Landlord", "a@example.com");
    }

    [Fact]
    public async Task However_many_are_added_what_is_worse_is_told_all_the_same()
    {
        var api = await host.SignUpAsync();
        for (var i = 0; i < 70; i++)
        {
            await AddAsync(api, $"Somebody {i}", "thief@example.com");
        }

        await UntilToldAsync(api, Added);
        (await api.PatchAsync("/v1/me", new { notifications = new { email = new { money = false } }, password = Api.Password })).ShouldBeOk();

        await UntilToldAsync(api, "What StellarPay tells you was changed");
        // Messages overtake each other.
        await Eventually.UntilAsync(() => Task.FromResult(CountAdded() >= 10), "those of the hour are sent");
        CountAdded().ShouldBe(10, "the rest is told at the hour's end");

        int CountAdded() => host.Messages.All.Count(message => message.To == api.Email && message.Subject == Added);
    }

    private static async Task LaterAsync(FrontdoorHost own, Api api, TimeSpan later)
    {
        own.Clock.Advance(later);
        api.Take((await own.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password })).ShouldBeOk());
    }

    private static async Task<string> AddAsync(Api api, string nickname, string recipient) =>
        (await api.PostAsync("/v1/contacts", new { nickname, recipient })).ShouldBeOk().Body.GetProperty("id").GetString()!;

    private async Task UntilToldAsync(Api api, string subject)
    {
        while ((await host.Messages.NextAsync(api.Email)).Subject != subject)
        {
        }
    }

    private async Task<string> EventsAsync(Api api)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            "SELECT string_agg(type, ' ' ORDER BY xid, id) FROM events WHERE owner = $1 AND type LIKE 'security.recipient%'");
        command.Parameters.AddWithValue(api.UserId);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static async Task<string[]> NamesAsync(Api api) =>
    [
        .. (await api.GetAsync("/v1/contacts")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
            .Select(contact => $"{contact.GetProperty("nickname").GetString()}: {contact.GetProperty("recipient").GetString()}"),
    ];
}

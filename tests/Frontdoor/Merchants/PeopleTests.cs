using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Me.PersonalData;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Merchants;

/// <summary>
/// Who is of a business: invited, come, made something else and gone; and what each may. No key gives somebody more than he has, or
/// outlives that he has it: a developer, who may refund nothing, made himself a secret key, which may, and kept it when he was removed.
/// </summary>
[Collection<ShopsCollection>]
public sealed class PeopleTests(MerchantHost host)
{
    [Theory]
    [InlineData("owner", "sessions refunds payouts endpoints", true, true)]
    [InlineData("developer", "sessions endpoints", true, false)]
    [InlineData("finance", "", false, false)]
    [InlineData("viewer", "", false, false)]
    public async Task Each_role_may_what_it_is_for(string role, string may, bool keys, bool people)
    {
        var shop = await Shop.OpenAsync(host);
        var person = await shop.PersonAsync(role);

        foreach (var path in new[] { "sessions", "refunds", "payouts", "endpoints" })
        {
            var answer = await shop.AskAsync(person, HttpMethod.Post, $"/v1/test/{path}");
            answer.Status.ShouldBe(may.Split(' ').Contains(path) ? HttpStatusCode.OK : HttpStatusCode.Forbidden, $"{path} {answer.Text}");
        }

        (await shop.AskAsync(person, HttpMethod.Get, "/v1/test/sessions")).ShouldBeOk();
        (await person.GetAsync($"{shop.Path}/people")).ShouldBeOk();
        // A secret key may all that keys may, so that an owner alone makes one.
        (await person.PostAsync($"{shop.Path}/api_keys", new { kind = "secret", name = "All", password = Api.Password }))
            .Status.ShouldBe(people ? HttpStatusCode.Created : HttpStatusCode.Forbidden);
        (await person.PostAsync(
                $"{shop.Path}/api_keys",
                new { kind = "restricted", name = "Mine", permissions = new[] { "payment_sessions:write" }, password = Api.Password }))
            .Status.ShouldBe(keys ? HttpStatusCode.Created : HttpStatusCode.Forbidden);
        (await person.PostAsync($"{shop.Path}/people", new { email = FrontdoorHost.NewEmail(), role = "viewer", password = Api.Password }))
            .Status.ShouldBe(people ? HttpStatusCode.Created : HttpStatusCode.Forbidden);
        (await person.PatchAsync(shop.Path, new { brand_color = "#123456" })).Status
            .ShouldBe(people ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        if (!people)
        {
            (await person.DeleteAsync($"{shop.Path}/people/{shop.Owner.UserId}")).ShouldBeError(HttpStatusCode.Forbidden, "permission_missing");
        }
    }

    [Fact]
    public async Task Nobody_makes_exchanges_or_opens_a_key_that_may_more_than_he()
    {
        var shop = await Shop.OpenAsync(host);
        var (developer, (_, secret)) = (await shop.PersonAsync("developer"), await shop.SecretAsync());
        var keys = $"{shop.Path}/api_keys";

        foreach (var refused in new[]
        {
            await developer.PostAsync(keys, new { kind = "secret", name = "Mine", password = Api.Password }),
            await developer.PostAsync(keys, Restricted("refunds:write")),
            await developer.PostAsync($"{keys}/{secret}/rotate", new { password = Api.Password }),
            await developer.PatchAsync($"{keys}/{secret}", new { allowed_addresses = Array.Empty<string>(), password = Api.Password }),
        })
        {
            refused.ShouldBeError(HttpStatusCode.Forbidden, "api_key_beyond_role");
        }

        (await developer.PatchAsync($"{keys}/{secret}", new { name = "The server's", password = Api.Password })).ShouldBeOk();
        (await developer.PostAsync(keys, new { kind = "publishable", name = "Page", password = Api.Password })).ShouldBeOk();
        var mine = (await developer.PostAsync(keys, Restricted("payment_sessions:write"))).ShouldBeOk().Body.GetProperty("id").GetString();
        (await developer.PostAsync($"{keys}/{mine}/rotate", new { password = Api.Password })).ShouldBeOk();
        (await developer.PostAsync($"{keys}/{secret}/revoke")).ShouldBeOk();
    }

    [Fact]
    public async Task What_somebody_may_know_of_keys_ends_when_he_is_removed_and_what_was_exchanged_since_does_not()
    {
        var shop = await Shop.OpenAsync(host);
        var other = await shop.PersonAsync("owner");
        var (known, unknown) = (await MadeAsync(shop, other), await shop.SecretAsync());
        var exchanged = await MadeAsync(shop, other);
        var after = (await shop.Owner.PostAsync(
            $"{shop.Path}/api_keys/{exchanged.Id}/rotate", new { overlap_seconds = 86_400, password = Api.Password }))
            .ShouldBeOk().Body.GetProperty("key").GetString()!;
        (await host.With(exchanged.Key).GetAsync("/v1/merchant")).ShouldBeOk();

        (await shop.Owner.DeleteAsync($"{shop.Path}/people/{other.UserId}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await host.With(known.Key).GetAsync("/v1/merchant")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_revoked");
        (await host.With(exchanged.Key).GetAsync("/v1/merchant")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_invalid");
        (await host.With(after).GetAsync("/v1/merchant")).ShouldBeOk();
        (await host.With(unknown.Key).GetAsync("/v1/merchant")).ShouldBeOk();
    }

    [Fact]
    public async Task Owners_are_told_which_secrets_of_webhook_endpoints_somebody_knows_who_goes_or_may_less()
    {
        var shop = await Shop.OpenAsync(host);
        var developer = await shop.PersonAsync("developer");
        var (mine, exchanged, owners) = (
            await EndpointAsync(shop, developer), await EndpointAsync(shop, developer), await EndpointAsync(shop, shop.Owner));
        var byKey = await host.With((await MadeAsync(shop, developer, Restricted("webhook_endpoints:write"))).Key)
            .PostAsync("/v1/webhook_endpoints", Endpoint);
        foreach (var (person, id) in new[] { (shop.Owner, exchanged), (developer, owners) })
        {
            (await shop.AskAsync(person, HttpMethod.Post, $"/v1/webhook_endpoints/{id}/roll_secret", new { expires_in = 0 })).ShouldBeOk();
        }

        (await shop.Owner.PatchAsync($"{shop.Path}/people/{developer.UserId}", new { role = "owner", password = Api.Password })).ShouldBeOk();
        (await ToldAsync(shop.Owner)).ShouldBeNull("he may make them");
        (await shop.Owner.DeleteAsync($"{shop.Path}/people/{developer.UserId}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await ToldAsync(shop.Owner)).ShouldBe($"{mine} {owners} {byKey.ShouldBeOk().Body.GetProperty("id").GetString()}");
        (await ToldAsync(developer)).ShouldBeNull();
    }

    [Fact]
    public async Task Who_is_erased_leaves_no_key_behind_that_he_may_know()
    {
        var shop = await Shop.OpenAsync(host);
        var other = await shop.PersonAsync("owner");
        var (known, unknown) = (await MadeAsync(shop, other), await shop.SecretAsync());
        await using var decide = host.Database.DataSource.CreateCommand("UPDATE identity.users SET erasing_since = now() WHERE id = $1");
        decide.Parameters.AddWithValue(other.UserId);
        await decide.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        (await host.Services.GetRequiredService<ErasureStore>().EraseAsync(UserId.Parse(other.UserId))).ShouldBeTrue();

        (await host.With(known.Key).GetAsync("/v1/merchant")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_revoked");
        (await host.With(unknown.Key).GetAsync("/v1/merchant")).ShouldBeOk();
    }

    [Fact]
    public async Task Who_becomes_less_keeps_the_keys_that_may_no_more_than_he()
    {
        var shop = await Shop.OpenAsync(host);
        var developer = await shop.PersonAsync("developer");
        var (writes, reads) = (
            await MadeAsync(shop, developer, Restricted("payment_sessions:write")), await MadeAsync(shop, developer, Restricted("events:read")));

        (await shop.Owner.PatchAsync($"{shop.Path}/people/{developer.UserId}", new { role = "viewer", password = Api.Password })).ShouldBeOk();

        (await host.With(writes.Key).GetAsync("/v1/merchant")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_revoked");
        (await host.With(reads.Key).GetAsync("/v1/merchant")).ShouldBeOk();
    }

    [Fact]
    public async Task Finance_sees_to_money_with_a_second_factor_that_was_shown_and_is_a_viewer_without()
    {
        var shop = await Shop.OpenAsync(host);
        var person = await shop.PersonAsync("finance");
        (await shop.AskAsync(person, HttpMethod.Post, "/v1/test/refunds")).ShouldBeError(HttpStatusCode.Forbidden, "second_factor_required");

        await Authenticator.SetUpAsync(host, person);

        (await shop.AskAsync(person, HttpMethod.Post, "/v1/test/refunds")).ShouldBeOk();
        (await shop.AskAsync(person, HttpMethod.Post, "/v1/test/payouts")).ShouldBeOk();
        (await shop.AskAsync(person, HttpMethod.Post, "/v1/test/sessions")).ShouldBeError(HttpStatusCode.Forbidden, "permission_missing");
    }

    [Fact]
    public async Task An_invitation_is_taken_up_once_by_whoever_has_the_address()
    {
        var shop = await Shop.OpenAsync(host);
        var (person, thief) = (await host.SignUpAsync(), await host.SignUpAsync());
        var invited = (await shop.Owner.PostAsync(
            $"{shop.Path}/people", new { email = person.Email, role = "developer", password = Api.Password })).ShouldBeOk();
        invited.Body.GetProperty("status").GetString().ShouldBe("invited");
        var code = await host.Messages.NextCodeAsync(person.Email);
        invited.Text.ShouldNotContain(code);

        // Whoever has only the code is not who was invited.
        (await thief.PostAsync("/v1/merchants/join", new { code }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "invitation_code_invalid", "code");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => person.PostAsync("/v1/merchants/join", new { code })));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Single(answer => answer.Status == HttpStatusCode.OK).Body.GetProperty("role").GetString().ShouldBe("developer");
        foreach (var refused in answers.Where(answer => answer.Status != HttpStatusCode.OK))
        {
            refused.ShouldBeError(HttpStatusCode.UnprocessableEntity, "invitation_code_invalid", "code");
        }

        (await PeopleOf(shop)).ShouldBe([$"active owner {shop.Owner.Email}", $"active developer {person.Email}"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_invitation_holds_seven_days_and_until_it_is_taken_back()
    {
        var shop = await Shop.OpenAsync(host);
        var (late, unwanted) = (await host.SignUpAsync(), await host.SignUpAsync());
        await InviteAsync(shop, late);
        var taken = (await InviteAsync(shop, unwanted)).Body.GetProperty("id").GetString()!;
        (await shop.Owner.PostAsync($"{shop.Path}/people", new { email = late.Email, role = "viewer", password = Api.Password }))
            .ShouldBeError(HttpStatusCode.Conflict, "person_invited", "email");
        (await shop.Owner.DeleteAsync($"{shop.Path}/people/{taken}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await unwanted.PostAsync("/v1/merchants/join", new { code = await host.Messages.NextCodeAsync(unwanted.Email) }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "invitation_code_invalid", "code");

        host.Clock.Advance(TimeSpan.FromDays(7));

        foreach (var api in new[] { late, shop.Owner })
        {
            api.Take((await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password })).ShouldBeOk());
        }

        (await late.PostAsync("/v1/merchants/join", new { code = await NextInvitationAsync(late.Email) }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "invitation_code_invalid", "code");
        (await PeopleOf(shop)).ShouldBe([$"active owner {shop.Owner.Email}"]);
        (await InviteAsync(shop, late)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_last_owner_neither_leaves_nor_is_made_less()
    {
        var shop = await Shop.OpenAsync(host);
        var person = await shop.PersonAsync("viewer");
        var path = $"{shop.Path}/people/{shop.Owner.UserId}";

        (await shop.Owner.DeleteAsync(path)).ShouldBeError(HttpStatusCode.Conflict, "last_owner");
        (await shop.Owner.PatchAsync(path, new { role = "viewer", password = Api.Password })).ShouldBeError(HttpStatusCode.Conflict, "last_owner");
        (await shop.Owner.PostAsync("/v1/me/erase", new { password = Api.Password })).ShouldBeError(HttpStatusCode.Conflict, "last_owner");
        (await shop.Owner.PatchAsync($"{shop.Path}/people/{person.UserId}", new { role = "owner", password = Api.Password })).ShouldBeOk();
        (await shop.Owner.DeleteAsync(path)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await shop.Owner.GetAsync(shop.Path)).ShouldBeError(HttpStatusCode.NotFound, "merchant_not_found");
        (await person.GetAsync(shop.Path)).ShouldBeOk();
    }

    [Fact]
    public async Task Of_two_owners_who_leave_or_put_each_other_out_at_once_one_stays()
    {
        for (var round = 0; round < 5; round++)
        {
            var shop = await Shop.OpenAsync(host);
            var second = await shop.PersonAsync("owner");
            var (first, other) = (shop.Owner, second);
            var crossed = round % 2 == 0;

            var answers = await Task.WhenAll(
                first.DeleteAsync($"{shop.Path}/people/{(crossed ? other : first).UserId}"),
                other.DeleteAsync($"{shop.Path}/people/{(crossed ? first : other).UserId}"));

            answers.Count(answer => answer.Status == HttpStatusCode.NoContent).ShouldBe(1);
            await using var count = host.Database.DataSource.CreateCommand(
                "SELECT count(*) FROM merchants.people WHERE merchant_id = $1 AND role = 'owner'");
            count.Parameters.AddWithValue(shop.Id);
            (await count.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(1L);
        }
    }

    [Fact]
    public async Task Whoever_is_put_out_or_made_less_has_lost_it_at_once_and_leaves_no_invitation_behind()
    {
        var shop = await Shop.OpenAsync(host);
        var (second, accomplice) = (await shop.PersonAsync("owner"), await host.SignUpAsync());
        (await second.PostAsync($"{shop.Path}/people", new { email = accomplice.Email, role = "owner", password = Api.Password })).ShouldBeOk();
        var code = await host.Messages.NextCodeAsync(accomplice.Email);

        (await shop.Owner.PatchAsync($"{shop.Path}/people/{second.UserId}", new { role = "viewer", password = Api.Password })).ShouldBeOk();

        (await shop.AskAsync(second, HttpMethod.Post, "/v1/test/sessions")).ShouldBeError(HttpStatusCode.Forbidden, "permission_missing");
        (await accomplice.PostAsync("/v1/merchants/join", new { code }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "invitation_code_invalid", "code");
        (await shop.Owner.DeleteAsync($"{shop.Path}/people/{second.UserId}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await shop.AskAsync(second, HttpMethod.Get, "/v1/test/sessions")).ShouldBeError(HttpStatusCode.NotFound, "merchant_not_found");
        (await second.GetAsync(shop.Path)).ShouldBeError(HttpStatusCode.NotFound, "merchant_not_found");
    }

    [Fact]
    public async Task Everybody_may_leave_and_a_session_alone_invites_nobody()
    {
        var shop = await Shop.OpenAsync(host);
        var viewer = await shop.PersonAsync("viewer");
        (await shop.Owner.PostAsync($"{shop.Path}/people", new { email = FrontdoorHost.NewEmail(), role = "owner" }))
            .ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        (await shop.Owner.PatchAsync($"{shop.Path}/people/{viewer.UserId}", new { role = "owner" }))
            .ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        (await shop.Owner.PostAsync($"{shop.Path}/people", new { email = viewer.Email, role = "owner", password = Api.Password }))
            .ShouldBeError(HttpStatusCode.Conflict, "person_exists", "email");
        (await shop.Owner.PostAsync($"{shop.Path}/people", new { email = viewer.Email, role = "king", password = Api.Password }))
            .ShouldBeError(HttpStatusCode.BadRequest, "role_invalid", "role");

        (await viewer.DeleteAsync($"{shop.Path}/people/{viewer.UserId}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await PeopleOf(shop)).ShouldBe([$"active owner {shop.Owner.Email}"]);
        await host.Messages.UntilSentAsync(shop.Owner.Email, "A change at your business with StellarPay");
    }

    private static async Task<string[]> PeopleOf(Shop shop) =>
    [
        .. (await shop.Owner.GetAsync($"{shop.Path}/people")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
            .Select(one => $"{one.GetProperty("status")} {one.GetProperty("role")} {one.GetProperty("email")}"),
    ];

    private static async Task<Answer> InviteAsync(Shop shop, Api person) => (await shop.Owner.PostAsync(
        $"{shop.Path}/people", new { email = person.Email, role = "viewer", password = Api.Password })).ShouldBeOk();

    // The code at length, among what else he is told.
    private async Task<string> NextInvitationAsync(string email)
    {
        while (true)
        {
            if ((await host.Messages.NextAsync(email)).Code is { Length: > 8 } code)
            {
                return code;
            }
        }
    }

    private static object Endpoint => new { url = "http://localhost:9/hook", enabled_events = new[] { "*" } };

    private static async Task<string> EndpointAsync(Shop shop, Api person) =>
        (await shop.AskAsync(person, HttpMethod.Post, "/v1/webhook_endpoints", Endpoint)).ShouldBeOk().Body.GetProperty("id").GetString()!;

    private async Task<string?> ToldAsync(Api person)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            """
            SELECT string_agg(e.value, ' ' ORDER BY e.ordinality)
            FROM events t, jsonb_array_elements_text(t.data -> 'endpoints') WITH ORDINALITY AS e (value, ordinality)
            WHERE t.owner = $1 AND t.type = 'security.merchant_webhook_secrets_known'
            """);
        command.Parameters.AddWithValue(person.UserId);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) as string;
    }

    private static object Restricted(string permission) =>
        new { kind = "restricted", name = "Mine", permissions = new[] { permission }, password = Api.Password };

    private static async Task<(string Key, string Id)> MadeAsync(Shop shop, Api person, object? request = null)
    {
        var made = (await person.PostAsync(
            $"{shop.Path}/api_keys", request ?? new { kind = "secret", name = "Server", password = Api.Password })).ShouldBeOk().Body;
        return (made.GetProperty("key").GetString()!, made.GetProperty("id").GetString()!);
    }
}

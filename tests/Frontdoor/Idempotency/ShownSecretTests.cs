using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StellarPay.Frontdoor.Idempotency;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Merchants;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Idempotency;

/// <summary>
/// What answers with a secret is done once under an idempotency key, and the secret is in one answer: a repeat names what was made, and the
/// database has nothing from which it could be shown again.
/// </summary>
[Collection<ShopsCollection>]
public sealed class ShownSecretTests(MerchantHost host)
{
    private static readonly object Restricted =
        new { kind = "restricted", name = "Reader", permissions = new[] { "payment_sessions:read" }, password = Api.Password };

    [Fact]
    public async Task An_API_key_is_made_once_and_its_secret_is_in_one_answer()
    {
        var shop = await Shop.OpenAsync(host);
        var path = $"{shop.Path}/api_keys";

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => shop.Owner.PostAsync(path, Restricted, "mine")));

        var made = answers.Single(answer => answer.Status == HttpStatusCode.Created).Body;
        var id = made.GetProperty("id").GetString()!;
        foreach (var other in answers.Where(answer => answer.Status != HttpStatusCode.Created)
            .Append(await shop.Owner.PostAsync(path, Restricted, "mine")))
        {
            ShouldNameIt(other, id, made.GetProperty("key").GetString()!);
            other.Headers.Location!.OriginalString.ShouldBe($"{path}/{id}");
        }

        (await shop.Owner.GetAsync(path)).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(1);
        (await host.With(made.GetProperty("key").GetString()!).GetAsync("/v1/payment_links")).ShouldBeOk();
    }

    [Fact]
    public async Task A_password_is_no_part_of_what_makes_two_requests_the_same()
    {
        var shop = await Shop.OpenAsync(host);
        var path = $"{shop.Path}/api_keys";
        var permissions = new[] { "payment_sessions:read" };

        // Refused: nothing is kept of it.
        (await shop.Owner.PostAsync(path, new { kind = "restricted", name = "Reader", permissions, password = "not this one, at all" }, "mine"))
            .Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var made = (await shop.Owner.PostAsync(path, Restricted, "mine")).ShouldBeOk().Body;

        ShouldNameIt(
            await shop.Owner.PostAsync(path, new { kind = "restricted", name = "Reader", permissions }, "mine"),
            made.GetProperty("id").GetString()!, made.GetProperty("key").GetString()!);
        (await shop.Owner.PostAsync(path, new { kind = "restricted", name = "Writer", permissions, password = Api.Password }, "mine"))
            .ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_reused", "Idempotency-Key");
    }

    [Fact]
    public async Task An_API_key_is_exchanged_changed_and_revoked_once()
    {
        var shop = await Shop.OpenAsync(host);
        var (_, id) = await shop.KeyAsync(Restricted);
        var path = $"{shop.Path}/api_keys/{id}";
        var rotation = new { overlap_seconds = 0, password = Api.Password };

        var rotated = (await shop.Owner.PostAsync($"{path}/rotate", rotation, "rotate")).ShouldBeOk().Body.GetProperty("key").GetString()!;
        ShouldNameIt(await shop.Owner.PostAsync($"{path}/rotate", rotation, "rotate"), id, rotated);
        // The one that was shown still is the one.
        (await host.With(rotated).GetAsync("/v1/payment_links")).ShouldBeOk();

        var name = new { name = "Till", password = Api.Password };
        (await PatchAsync(shop, path, name, "name")).ShouldBeOk();
        (await shop.Owner.PatchAsync(path, new { name = "Other", password = Api.Password })).ShouldBeOk();
        (await PatchAsync(shop, path, name, "name")).ShouldBeOk().Body.GetProperty("name").GetString().ShouldBe("Other");

        var revoked = (await shop.Owner.PostAsync($"{path}/revoke", idempotencyKey: "revoke")).ShouldBeOk().Body;
        (await shop.Owner.PostAsync($"{path}/revoke", idempotencyKey: "revoke")).ShouldBeOk().Text.ShouldBe(revoked.GetRawText());
        (await shop.Owner.PostAsync($"{path}/revoke", idempotencyKey: "name"))
            .ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_reused", "Idempotency-Key");
    }

    // What a client does that lost the answer: it asks again, is told that the secret was shown, and has it exchanged under a new key.
    [Fact]
    public async Task Who_lost_the_answer_has_the_secret_exchanged_and_the_one_in_use_goes_on()
    {
        var shop = await Shop.OpenAsync(host);
        var (inUse, id) = await shop.KeyAsync(Restricted);
        var path = $"{shop.Path}/api_keys/{id}/rotate";
        var rotation = new { overlap_seconds = 3600, password = Api.Password };
        var lost = (await shop.Owner.PostAsync(path, rotation, "first")).ShouldBeOk().Body.GetProperty("key").GetString()!;

        ShouldNameIt(await shop.Owner.PostAsync(path, rotation, "first"), id, lost);
        var found = (await shop.Owner.PostAsync(path, rotation, "second")).ShouldBeOk().Body.GetProperty("key").GetString()!;

        (await host.With(inUse).GetAsync("/v1/payment_links")).ShouldBeOk();
        (await host.With(found).GetAsync("/v1/payment_links")).ShouldBeOk();
        (await host.With(lost).GetAsync("/v1/payment_links")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_invalid");
    }

    [Fact]
    public async Task A_webhook_endpoint_is_made_and_its_secret_rolled_once_and_each_is_in_one_answer()
    {
        var shop = await Shop.OpenAsync(host);
        var server = host.With((await shop.SecretAsync()).Key);
        var form = new { url = "http://localhost:9/hook", enabled_events = new[] { "payment_session.paid" } };

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.PostAsync("/v1/webhook_endpoints", form, "hook")));

        var made = answers.Single(answer => answer.Status == HttpStatusCode.OK).Body;
        var (id, secret) = (made.GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
        foreach (var other in answers.Where(answer => answer.Status != HttpStatusCode.OK))
        {
            ShouldNameIt(other, id, secret);
        }

        (await server.GetAsync("/v1/webhook_endpoints")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(1);
        var rolled = (await server.PostAsync($"/v1/webhook_endpoints/{id}/roll_secret", new { expires_in = 0 }, "roll")).ShouldBeOk().Body
            .GetProperty("secret").GetString()!;
        ShouldNameIt(await server.PostAsync($"/v1/webhook_endpoints/{id}/roll_secret", new { expires_in = 0 }, "roll"), id, rolled);

        (await server.PostAsync($"/v1/webhook_endpoints/{id}", new { disabled = true }, "off")).ShouldBeOk().Body.GetProperty("status").GetString()
            .ShouldBe("disabled");
        (await server.PostAsync($"/v1/webhook_endpoints/{id}", new { disabled = false })).ShouldBeOk();
        (await server.PostAsync($"/v1/webhook_endpoints/{id}", new { disabled = true }, "off")).ShouldBeOk().Body.GetProperty("status").GetString()
            .ShouldBe("enabled");
    }

    [Fact]
    public async Task A_business_is_registered_once_under_its_owners_key_and_another_user_has_keys_of_his_own()
    {
        var (owner, other) = (await host.SignUpAsync(), await host.SignUpAsync());

        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => owner.PostAsync("/v1/merchants", Shop.Form(owner.Email), "mine")));

        made.Select(answer => answer.ShouldBeOk().Body.GetProperty("id").GetString()).Distinct().Count().ShouldBe(1);
        made.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
        (await owner.GetAsync("/v1/merchants")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(1);
        (await owner.PostAsync("/v1/merchants", Shop.Form("other@example.com"), "mine"))
            .ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_reused", "Idempotency-Key");
        (await other.PostAsync("/v1/merchants", Shop.Form(other.Email), "mine")).ShouldBeOk();
    }

    [Fact]
    public async Task Somebody_is_invited_once()
    {
        var shop = await Shop.OpenAsync(host);
        var form = new { email = FrontdoorHost.NewEmail(), role = "viewer", password = Api.Password };

        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => shop.Owner.PostAsync($"{shop.Path}/people", form, "ada")));

        made.Select(answer => answer.ShouldBeOk().Body.GetProperty("id").GetString()).Distinct().Count().ShouldBe(1);
        var id = made[0].Body.GetProperty("id").GetString()!;
        (await shop.Owner.DeleteAsync($"{shop.Path}/people/{id}")).ShouldBeOk();
        // Who was uninvited since is not invited anew by a repeat that comes late.
        (await shop.Owner.PostAsync($"{shop.Path}/people", form, "ada")).ShouldBeError(HttpStatusCode.NotFound, "person_not_found");
        (await shop.Owner.GetAsync($"{shop.Path}/people")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Who_has_come_since_he_was_invited_is_what_a_repeat_shows()
    {
        var shop = await Shop.OpenAsync(host);
        var person = await host.SignUpAsync();
        var form = new { email = person.Email, role = "viewer", password = Api.Password };
        (await shop.Owner.PostAsync($"{shop.Path}/people", form, "ada")).ShouldBeOk();
        (await person.PostAsync("/v1/merchants/join", new { code = await host.Messages.NextCodeAsync(person.Email) })).ShouldBeOk();

        var again = (await shop.Owner.PostAsync($"{shop.Path}/people", form, "ada")).ShouldBeOk().Body;

        (again.GetProperty("id").GetString(), again.GetProperty("status").GetString()).ShouldBe((person.UserId, "active"));
    }

    [Fact]
    public async Task When_the_keys_of_a_day_are_used_up_that_is_said_and_what_takes_a_key_away_is_done()
    {
        var shop = await Shop.OpenAsync(host);
        var (_, id) = await shop.KeyAsync(Restricted);
        (await PatchAsync(shop, $"{shop.Path}/api_keys/{id}", new { name = "Till", password = Api.Password }, "first")).ShouldBeOk();
        await using var fill = host.Database.DataSource.CreateCommand(
            """
            INSERT INTO idempotency_keys (service_id, grain_key, key_hash, fingerprint, subject, given_at, expires_at, is_counted)
            SELECT k.service_id, k.grain_key, n::text, k.fingerprint, k.subject, k.given_at, k.expires_at, true
            FROM idempotency_keys k, generate_series(1, 9999) n WHERE k.grain_key = $1
            """);
        fill.Parameters.AddWithValue(shop.Id);
        (await fill.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(9999);

        (await PatchAsync(shop, $"{shop.Path}/api_keys/{id}", new { name = "Shop", password = Api.Password }, "next"))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_idempotency_keys", "Idempotency-Key");
        (await shop.Owner.GetAsync($"{shop.Path}/api_keys/{id}")).ShouldBeOk().Body.GetProperty("name").GetString().ShouldBe("Till");
        (await shop.Owner.PostAsync($"{shop.Path}/api_keys/{id}/revoke", idempotencyKey: "revoke")).ShouldBeOk();
    }

    [Fact]
    public async Task No_key_of_a_request_nor_what_was_asked_is_in_the_database()
    {
        var shop = await Shop.OpenAsync(host);
        var form = new { email = FrontdoorHost.NewEmail(), role = "viewer", password = Api.Password };
        (await shop.Owner.PostAsync($"{shop.Path}/people", form, "a key that is nobody's business")).ShouldBeOk();

        await using var command = host.Database.DataSource.CreateCommand("SELECT row_to_json(k)::text FROM idempotency_keys k WHERE grain_key = $1");
        command.Parameters.AddWithValue(shop.Id);
        var row = JsonDocument.Parse((string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!).RootElement;

        row.GetProperty("subject").GetString()!.ShouldStartWith("mpi_");
        foreach (var column in new[] { "key_hash", "fingerprint" })
        {
            row.GetProperty(column).GetString()!.ShouldMatch("^[0-9a-f]{32}$");
        }
    }

    [Fact]
    public void What_was_asked_is_hashed_under_a_secret_of_ours()
    {
        var user = UserId.New(TimeProvider.System);
        var (one, other) = (Prints(1), Prints(2));

        one.ScopeOf(user).ShouldBe(Prints(1).ScopeOf(user));
        one.ScopeOf(user).ShouldNotBe(other.ScopeOf(user));
        one.Of(Asked()).ShouldBe(Prints(1).Of(Asked()));
        // Whoever has the database and not the secret tries nothing: neither by another, nor by none.
        one.Of(Asked()).ShouldNotBe(other.Of(Asked()));
        var open = System.Security.Cryptography.SHA256.HashData("[\"POST\",\"/v1/things\",\"?a=1\",null]"u8);
        one.Of(Asked()).ShouldNotBe(Convert.ToHexStringLower(open)[..32]);

        static RequestPrints Prints(byte secret) =>
            new(
                [.. Enumerable.Repeat(secret, 32)],
                Microsoft.Extensions.Options.Options.Create(new Microsoft.AspNetCore.Http.Json.JsonOptions()));

        static EndpointFilterInvocationContext Asked()
        {
            var context = new DefaultHttpContext();
            (context.Request.Method, context.Request.Path, context.Request.QueryString) = ("POST", "/v1/things", new QueryString("?a=1"));
            return EndpointFilterInvocationContext.Create(context);
        }
    }

    private static void ShouldNameIt(Answer refused, string id, string secret)
    {
        refused.ShouldBeError(HttpStatusCode.Conflict, "secret_already_shown", "Idempotency-Key");
        refused.Text.ShouldContain(id);
        refused.Text.ShouldNotContain(secret);
    }

    private static Task<Answer> PatchAsync(Shop shop, string path, object body, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = System.Net.Http.Json.JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        return shop.Owner.SendAsync(request);
    }
}

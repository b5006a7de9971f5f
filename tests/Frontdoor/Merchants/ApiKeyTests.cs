using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Merchants.Keys;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Secrets;
using StellarPay.Tests.Shared.Secrets;

namespace StellarPay.Frontdoor.Tests.Merchants;

/// <summary>The life of an API key: made, shown once, exchanged, changed, reported and taken away.</summary>
public sealed class ApiKeyTests(MerchantHost host) : IClassFixture<MerchantHost>
{
    [Theory]
    [InlineData("secret", "sk_test_")]
    [InlineData("publishable", "pk_test_")]
    [InlineData("restricted", "rk_test_")]
    public async Task A_key_is_shown_once_and_never_again(string kind, string prefix)
    {
        var shop = await Shop.OpenAsync(host);
        object request = kind == "restricted"
            ? new { kind, name = "Server", permissions = new[] { "refunds:write" }, password = Api.Password }
            : new { kind, name = "Server", password = Api.Password };

        var (key, id) = await shop.KeyAsync(request);

        key.ShouldMatch($"^{prefix}[0-9A-Za-z]{{43}}$");
        foreach (var path in new[] { $"{shop.Path}/api_keys", $"{shop.Path}/api_keys/{id}" })
        {
            var shown = (await shop.Owner.GetAsync(path)).ShouldBeOk();
            shown.Text.ShouldNotContain(key);
            shown.Text.ShouldNotContain("\"key\"");
            shown.Text.ShouldNotContain("signing_secret");
            shown.Text.ShouldContain($"\"prefix\":\"{prefix}\"");
            shown.Text.ShouldContain($"\"last4\":\"{key[^4..]}\"");
        }
    }

    [Fact]
    public async Task Of_a_key_nothing_is_in_the_database_the_log_and_the_traces()
    {
        using var traces = new CapturedTraces();
        var shop = await Shop.OpenAsync(host);
        var ((key, id), (page, _)) = (await shop.SecretAsync(), await shop.PublishableAsync("https://shop.example"));
        var wrong = key[..^1] + (key[^1] == 'x' ? 'y' : 'x');
        (await host.With(key).PostAsync("/v1/test/sessions")).ShouldBeOk();
        (await BasicAsync(key)).ShouldBeOk();
        (await host.With(page).GetAsync("/v1/merchant")).ShouldBeOk();
        (await host.With(wrong).GetAsync("/v1/merchant")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_invalid");
        (await host.With(key).GetAsync("/v1/wallet")).ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated");
        var exchanged = (await RotateAsync(shop, id, 60)).Body;
        var rotated = exchanged.GetProperty("key").GetString()!;
        var signing = exchanged.GetProperty("signing_secret").GetString()!;
        var (signed, _, other) = await shop.SigningAsync();
        (await signed.PostAsync("/v1/test/refunds", new { amount = 1 })).ShouldBeOk();
        signed.Signer!.Mac = new string('0', 64);
        (await signed.PostAsync("/v1/test/refunds", new { amount = 1 }))
            .ShouldBeError(HttpStatusCode.Unauthorized, "request_signature_invalid", "StellarPay-Signature");

        var secrets = new[] { key, page, wrong, rotated, signing, other, signed.Signer.Secret }.Select((text, i) => Secret.OfText($"key {i}", text)).ToArray();
        var places = (await DatabaseDump.ReadAsync(host.Database.DataSource))
            .Concat(host.Log.Lines.Select(line => Place.OfText("log", line.Everything))).Concat(traces.Places).ToArray();
        SecretScan.Find(secrets, places).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_is_taken_as_a_bearer_and_as_a_user_s_name_and_nowhere_else()
    {
        var shop = await Shop.OpenAsync(host);
        var (key, id) = await shop.SecretAsync();

        var bearer = (await host.With(key).PostAsync("/v1/test/sessions")).ShouldBeOk();
        bearer.Body.GetProperty("merchant").GetString().ShouldBe(shop.Id);
        bearer.Body.GetProperty("actor").GetString().ShouldBe(id);
        (await BasicAsync(key)).ShouldBeOk().Text.ShouldBe(bearer.Text);
        (await host.Anonymous().GetAsync($"/v1/merchant?api_key={key}")).ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated");
        (await host.Anonymous().GetAsync($"/v1/merchant?access_token={key}")).ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated");
        foreach (var path in new[] { "/v1/wallet", "/v1/merchants", shop.Path, $"{shop.Path}/api_keys", "/v1/admin/merchants", "/v1/me" })
        {
            (await host.With(key).GetAsync(path)).ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated");
        }
    }

    [Fact]
    public async Task After_an_exchange_the_old_secret_holds_for_its_time_and_only_the_last_one()
    {
        var shop = await Shop.OpenAsync(host);
        var (first, id) = await shop.SecretAsync();

        var second = (await RotateAsync(shop, id, 60)).Body.GetProperty("key").GetString()!;
        (await host.With(first).PostAsync("/v1/test/sessions")).ShouldBeOk();
        (await host.With(second).PostAsync("/v1/test/sessions")).ShouldBeOk();

        // The answer with the second may be lost: exchanged again it is replaced, and the one that programs have stands until its end.
        var third = (await RotateAsync(shop, id, 86_400)).Body.GetProperty("key").GetString()!;
        (await host.With(second).PostAsync("/v1/test/sessions")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_invalid");
        (await host.With(third).PostAsync("/v1/test/sessions")).ShouldBeOk();
        (await host.With(first).GetAsync("/v1/test/sessions")).ShouldBeOk();
        host.Clock.Advance(TimeSpan.FromSeconds(61));
        // A read too, though it was remembered: what is over by the clock is over at once.
        (await host.With(first).GetAsync("/v1/test/sessions")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_expired");
        (await host.With(third).PostAsync("/v1/test/sessions")).ShouldBeOk();

        var fourth = (await RotateAsync(shop, id, 60)).Body.GetProperty("key").GetString()!;
        (await host.With(first).PostAsync("/v1/test/sessions")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_invalid");
        (await host.With(third).PostAsync("/v1/test/sessions")).ShouldBeOk();

        var last = (await RotateAsync(shop, id, 0)).Body.GetProperty("key").GetString()!;
        foreach (var old in new[] { third, fourth })
        {
            (await host.With(old).GetAsync("/v1/test/sessions")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_invalid");
        }

        (await host.With(last).GetAsync("/v1/test/sessions")).ShouldBeOk();
        (await shop.Owner.PostAsync($"{shop.Path}/api_keys/{id}/rotate", new { overlap_seconds = 86_401, password = Api.Password }))
            .ShouldBeError(HttpStatusCode.BadRequest, "overlap_seconds_invalid", "overlap_seconds");
    }

    [Fact]
    public async Task A_session_alone_makes_and_changes_no_key_and_revokes_one()
    {
        var shop = await Shop.OpenAsync(host);
        var (key, id) = await shop.SecretAsync();
        var keys = $"{shop.Path}/api_keys";

        (await shop.Owner.PostAsync(keys, new { kind = "secret", name = "Two" }))
            .ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        (await shop.Owner.PostAsync(keys, new { kind = "secret", name = "Two", password = "wrong" }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "password_wrong", "password");
        (await shop.Owner.PatchAsync($"{keys}/{id}", new { name = "Other" }))
            .ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        (await shop.Owner.PostAsync($"{keys}/{id}/rotate", new { })).ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        (await shop.Owner.GetAsync(keys)).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(1);
        (await shop.RevokeAsync(id)).ShouldBeOk().Body.GetProperty("status").GetString().ShouldBe("revoked");
        (await host.With(key).PostAsync("/v1/test/sessions")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_revoked");

        // With a second factor that was shown long ago not even that.
        await Authenticator.SetUpAsync(host, shop.Owner);
        var (_, other) = await shop.SecretAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        (await shop.RevokeAsync(other)).ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
        (await shop.Owner.PostAsync(keys, new { kind = "secret", name = "Two", password = Api.Password }))
            .ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
    }

    [Fact]
    public async Task When_a_key_was_used_last_is_shown_without_any_request_waiting_for_it()
    {
        var shop = await Shop.OpenAsync(host);
        // The front door writes the uses every minute, which may be just between a use and our look.
        var id = "";
        await Eventually.UntilAsync(
            async () =>
            {
                (var key, id) = await shop.SecretAsync();
                (await host.With(key).GetAsync("/v1/merchant")).ShouldBeOk();
                return LastUse(await shop.Owner.GetAsync($"{shop.Path}/api_keys/{id}")) is null;
            },
            "the use is not written yet");

        await host.Services.GetRequiredService<ApiKeyUses>().WriteAsync(TestContext.Current.CancellationToken);

        LastUse(await shop.Owner.GetAsync($"{shop.Path}/api_keys/{id}")).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_key_that_was_not_exchanged_for_ninety_days_is_due_and_its_owners_are_told_once()
    {
        var shop = await Shop.OpenAsync(host);
        var (_, id) = await shop.SecretAsync();
        var second = await shop.PersonAsync("owner");
        (await shop.Owner.GetAsync($"{shop.Path}/api_keys/{id}")).ShouldBeOk().Body.GetProperty("rotate_due").GetBoolean().ShouldBeFalse();

        host.Clock.Advance(TimeSpan.FromDays(91));
        var reports = host.Services.GetRequiredService<ApiKeyReports>();
        for (var times = 0; times < 2; times++)
        {
            await reports.ReportAsync(TestContext.Current.CancellationToken);
        }

        await using var read = host.Database.DataSource.CreateCommand(
            "SELECT array_agg(owner ORDER BY owner) FROM events WHERE type = 'security.merchant_key_due' AND data ->> 'keyId' = $1");
        read.Parameters.AddWithValue(id);
        ((string[])(await read.ExecuteScalarAsync(TestContext.Current.CancellationToken))!)
            .ShouldBe(new[] { shop.Owner.UserId, second.UserId }.Order(StringComparer.Ordinal));
        var again = (await host.Anonymous().PostAsync("/v1/auth/login", new { email = shop.Owner.Email, password = Api.Password })).ShouldBeOk();
        shop.Owner.Take(again);
        (await shop.Owner.GetAsync($"{shop.Path}/api_keys/{id}")).ShouldBeOk().Body.GetProperty("rotate_due").GetBoolean().ShouldBeTrue();
        (await RotateAsync(shop, id, 0)).Body.GetProperty("rotate_due").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Owners_are_told_of_keys_that_are_made()
    {
        var shop = await Shop.OpenAsync(host);

        await shop.SecretAsync();

        await host.Messages.UntilSentAsync(shop.Owner.Email, "A change at your business with StellarPay");
    }

    [Theory]
    [InlineData("""{"kind":"secret","name":"S","permissions":["refunds:write"]}""", "permissions_invalid", "permissions")]
    [InlineData("""{"kind":"restricted","name":"S"}""", "permissions_invalid", "permissions")]
    [InlineData("""{"kind":"restricted","name":"S","permissions":["api_keys:write"]}""", "permissions_invalid", "permissions")]
    [InlineData("""{"kind":"restricted","name":"S","permissions":["people:write"]}""", "permissions_invalid", "permissions")]
    [InlineData("""{"kind":"restricted","name":"S","permissions":[null]}""", "permissions_invalid", "permissions")]
    [InlineData("""{"kind":"secret","name":"S","allowed_origins":["https://shop.example"]}""", "allowed_origins_invalid", "allowed_origins")]
    [InlineData("""{"kind":"publishable","name":"S","allowed_origins":["https://*.example"]}""", "allowed_origins_invalid", "allowed_origins")]
    [InlineData("""{"kind":"publishable","name":"S","allowed_origins":["http://shop.example"]}""", "allowed_origins_invalid", "allowed_origins")]
    [InlineData("""{"kind":"publishable","name":"S","allowed_origins":["https://shop.example/"]}""", "allowed_origins_invalid", "allowed_origins")]
    [InlineData("""{"kind":"publishable","name":"S","allowed_origins":[null]}""", "allowed_origins_invalid", "allowed_origins")]
    [InlineData("""{"kind":"secret","name":"S","allowed_addresses":["10.0.0.0/33"]}""", "allowed_addresses_invalid", "allowed_addresses")]
    [InlineData("""{"kind":"secret","name":"S","allowed_addresses":["shop.example"]}""", "allowed_addresses_invalid", "allowed_addresses")]
    [InlineData("""{"kind":"secret","name":"S","expires_at":"2020-01-01T00:00:00Z"}""", "expires_at_invalid", "expires_at")]
    [InlineData("""{"kind":"admin","name":"S"}""", "kind_invalid", "kind")]
    [InlineData("""{"kind":"secret","name":" "}""", "name_invalid", "name")]
    [InlineData("""{"kind":"secret"}""", "parameter_missing", "name")]
    public async Task What_no_key_is_is_refused_before_anything_is_asked_for(string body, string code, string param)
    {
        var shop = await Shop.OpenAsync(host);

        (await shop.Owner.PostTextAsync($"{shop.Path}/api_keys", body)).ShouldBeError(HttpStatusCode.BadRequest, code, param);
    }

    private static string? LastUse(Answer answer) => answer.ShouldBeOk().Body.GetProperty("last_used_at").GetString();

    private static async Task<Answer> RotateAsync(Shop shop, string id, int overlap) => (await shop.Owner.PostAsync(
        $"{shop.Path}/api_keys/{id}/rotate", new { overlap_seconds = overlap, password = Api.Password })).ShouldBeOk();

    private Task<Answer> BasicAsync(string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/test/sessions");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{key}:")));
        return host.Anonymous().SendAsync(request);
    }
}

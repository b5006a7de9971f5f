using System.Diagnostics;
using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Merchants;

/// <summary>What a key lets in, and what it does not: each way in which one may be wrong.</summary>
[Collection<ShopsCollection>]
public sealed class KeyAccessTests(MerchantHost host)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_revoked_key_moves_nothing_at_once_and_reads_nothing_after_five_seconds_at_no_front_door()
    {
        await using var second = await host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(second.Urls.Single()) };
        var shop = await Shop.OpenAsync(host);
        var (key, id) = await shop.SecretAsync();
        var doors = new[] { host.With(key), new Api(http) { AccessToken = key } };
        foreach (var door in doors)
        {
            (await door.GetAsync("/v1/merchant")).ShouldBeOk();
        }

        (await shop.RevokeAsync(id)).ShouldBeOk();

        var since = Stopwatch.StartNew();
        foreach (var door in doors)
        {
            (await door.PostAsync("/v1/test/sessions")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_revoked");
        }

        // Where it was done a read is refused at once, too.
        (await doors[0].GetAsync("/v1/merchant")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_revoked");
        while (true)
        {
            var asked = since.Elapsed;
            var answer = await doors[1].GetAsync("/v1/merchant");
            if (answer.Status != HttpStatusCode.OK)
            {
                answer.ShouldBeError(HttpStatusCode.Unauthorized, "api_key_revoked");
                break;
            }

            asked.ShouldBeLessThan(Longest);
        }
    }

    [Fact]
    public async Task A_read_asks_the_database_once_in_a_while_and_a_change_each_time()
    {
        var shop = await Shop.OpenAsync(host);
        var (key, id) = await shop.SecretAsync();
        (await host.With(key).GetAsync("/v1/test/sessions")).ShouldBeOk();

        // Behind the front door's back: nobody is told.
        await using (var revoke = host.Database.DataSource.CreateCommand("UPDATE merchants.api_keys SET revoked_at = now() WHERE id = $1"))
        {
            revoke.Parameters.AddWithValue(id);
            await revoke.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        (await host.With(key).PostAsync("/v1/test/sessions")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_revoked");
        await Eventually.UntilAsync(
            async () => (await host.With(key).GetAsync("/v1/test/sessions")).Status == HttpStatusCode.Unauthorized,
            "a read is refused, though nobody was told");
    }

    [Fact]
    public async Task A_key_that_has_ended_lets_nobody_in()
    {
        var shop = await Shop.OpenAsync(host);
        var (key, _) = await shop.KeyAsync(new
        {
            kind = "secret", name = "Server", password = Api.Password, expires_at = host.Clock.GetUtcNow().AddMinutes(1),
        });
        (await host.With(key).GetAsync("/v1/merchant")).ShouldBeOk();

        host.Clock.Advance(TimeSpan.FromMinutes(1));

        (await host.With(key).GetAsync("/v1/merchant")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_expired");
        (await host.With(key).PostAsync("/v1/test/sessions")).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_expired");
    }

    [Fact]
    public async Task A_key_with_a_list_of_addresses_is_used_from_those_alone()
    {
        var shop = await Shop.OpenAsync(host);
        var (key, id) = await shop.KeyAsync(new
        {
            kind = "secret", name = "Server", password = Api.Password, allowed_addresses = new[] { "203.0.113.0/24", "2001:db8::/32", "198.51.100.7" },
        });

        foreach (var good in new[] { "203.0.113.9", "2001:db8:1::1", "198.51.100.7", "::ffff:203.0.113.1" })
        {
            (await host.With(key, good).PostAsync("/v1/test/sessions")).ShouldBeOk();
        }

        foreach (var bad in new[] { "203.0.114.9", "2001:db9::1", "198.51.100.8", "127.0.0.1" })
        {
            (await host.With(key, bad).PostAsync("/v1/test/sessions")).ShouldBeError(HttpStatusCode.Forbidden, "address_not_allowed");
            (await host.With(key, bad).GetAsync("/v1/merchant")).ShouldBeError(HttpStatusCode.Forbidden, "address_not_allowed");
        }

        (await shop.Owner.PatchAsync($"{shop.Path}/api_keys/{id}", new { allowed_addresses = Array.Empty<string>(), password = Api.Password }))
            .ShouldBeOk();
        (await host.With(key, "203.0.114.9").GetAsync("/v1/merchant")).ShouldBeOk();
    }

    [Fact]
    public async Task A_restricted_key_may_what_it_was_given_and_to_see_whose_it_is()
    {
        var shop = await Shop.OpenAsync(host);
        var (key, _) = await shop.KeyAsync(new
        {
            kind = "restricted", name = "Server", permissions = new[] { "payment_sessions:read" }, password = Api.Password,
        });

        (await host.With(key).GetAsync("/v1/test/sessions")).ShouldBeOk();
        (await host.With(key).GetAsync("/v1/merchant")).ShouldBeOk();
        foreach (var path in new[] { "sessions", "refunds", "payouts", "endpoints" })
        {
            (await host.With(key).PostAsync($"/v1/test/{path}")).ShouldBeError(HttpStatusCode.Forbidden, "permission_missing")
                .Text.ShouldContain(":write");
        }
    }

    [Fact]
    public async Task A_publishable_key_sees_whose_it_is_and_nothing_else()
    {
        var shop = await Shop.OpenAsync(host);
        var (key, _) = await shop.PublishableAsync("https://shop.example");

        var facts = (await host.With(key).GetAsync("/v1/merchant")).ShouldBeOk();

        facts.Body.EnumerateObject().Select(field => field.Name)
            .ShouldBe(["object", "id", "mode", "business_name", "country", "website", "brand_color", "logo"]);
        facts.Text.ShouldNotContain(shop.Owner.Email);
        (await host.With(key).GetAsync("/v1/test/sessions")).ShouldBeError(HttpStatusCode.Forbidden, "permission_missing");
        (await host.With(key).PostAsync("/v1/test/sessions")).ShouldBeError(HttpStatusCode.Forbidden, "permission_missing");
    }

    [Theory]
    [InlineData("sk_test_")]
    [InlineData("sk_test_0000000000000000000000000000000000000000000")]
    [InlineData("sk_test_000000000000000000000000000000000000000000-")]
    [InlineData("sk_prod_0000000000000000000000000000000000000000000")]
    [InlineData("SK_TEST_0000000000000000000000000000000000000000000")]
    [InlineData("sk_test_00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    public async Task What_is_no_key_lets_nobody_in(string text)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/merchant");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {text}");
        var answer = await host.Anonymous().SendAsync(request);
        answer.Status.ShouldBe(HttpStatusCode.Unauthorized, answer.Text);
        answer.ShouldHaveErrorShape();
        answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Bearer");
    }

    [Fact]
    public async Task A_live_key_is_told_that_this_is_the_test_deployment()
    {
        var answer = await host.With($"sk_live_{new string('0', 43)}").PostAsync("/v1/test/sessions");

        answer.ShouldBeError(HttpStatusCode.Unauthorized, "api_key_wrong_mode").Body.GetProperty("error").GetProperty("message").GetString()
            .ShouldBe("This is a live key, and this is the test deployment: its keys begin with sk_test_.");
    }

    [Fact]
    public async Task Of_another_business_there_is_nothing_by_whatever_way()
    {
        var (shop, other) = (await Shop.OpenAsync(host), await Shop.OpenAsync(host));
        var (_, theirs) = await other.SecretAsync();
        var owner = shop.Owner;

        (await owner.GetAsync(other.Path)).ShouldBeError(HttpStatusCode.NotFound, "merchant_not_found");
        (await owner.GetAsync($"{other.Path}/api_keys/{theirs}")).ShouldBeError(HttpStatusCode.NotFound, "merchant_not_found");
        // By one's own business, too.
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, $"{shop.Path}/api_keys/{theirs}"), (HttpMethod.Post, $"{shop.Path}/api_keys/{theirs}/revoke"),
        })
        {
            (await owner.SendAsync(new HttpRequestMessage(method, path))).ShouldBeError(HttpStatusCode.NotFound, "api_key_not_found");
        }

        (await owner.PostAsync($"{shop.Path}/api_keys/{theirs}/rotate", new { password = Api.Password }))
            .ShouldBeError(HttpStatusCode.NotFound, "api_key_not_found");
        (await owner.PatchAsync($"{shop.Path}/api_keys/{theirs}", new { name = "Mine", password = Api.Password }))
            .ShouldBeError(HttpStatusCode.NotFound, "api_key_not_found");
        (await other.AskAsync(owner, HttpMethod.Post, "/v1/test/sessions")).ShouldBeError(HttpStatusCode.NotFound, "merchant_not_found");
        (await owner.PostAsync("/v1/test/sessions")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_missing", "StellarPay-Merchant");
        (await shop.AskAsync(owner, HttpMethod.Post, "/v1/test/sessions")).ShouldBeOk().Body.GetProperty("actor").GetString()
            .ShouldBe(owner.UserId);
    }

    [Fact]
    public async Task Who_is_logged_out_does_nothing_for_his_business()
    {
        var shop = await Shop.OpenAsync(host);
        (await shop.Owner.PostAsync("/v1/auth/logout")).ShouldBeOk();

        (await shop.AskAsync(shop.Owner, HttpMethod.Post, "/v1/test/sessions")).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
        (await shop.Owner.PostAsync($"{shop.Path}/api_keys", new { kind = "secret", name = "Two", password = Api.Password }))
            .ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    public async Task A_business_has_no_more_keys_than_there_may_be_however_many_are_made_at_once()
    {
        var shop = await Shop.OpenAsync(host);
        await Auth.Factors.Authenticator.SetUpAsync(host, shop.Owner);

        var answers = await Task.WhenAll(Enumerable.Range(0, 55).Select(number =>
            shop.Owner.PostAsync($"{shop.Path}/api_keys", new { kind = "secret", name = $"Server {number}" })));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(50);
        answers.First(answer => answer.Status != HttpStatusCode.Created)
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "too_many_api_keys");
        var id = answers.First(answer => answer.Status == HttpStatusCode.Created).Body.GetProperty("id").GetString()!;
        (await shop.RevokeAsync(id)).ShouldBeOk();
        (await shop.Owner.PostAsync($"{shop.Path}/api_keys", new { kind = "secret", name = "One more" })).ShouldBeOk();
    }
}

using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Merchants;

/// <summary>What one key asks does not keep the others of its merchant from asking, and all together no more than their tier may.</summary>
public sealed class KeyRateTests(KeyRateTests.Host host) : IClassFixture<KeyRateTests.Host>
{
    [Fact]
    public async Task Keys_count_by_themselves_and_together_and_pages_use_up_nothing()
    {
        var (shop, other) = (await Shop.OpenAsync(host), await Shop.OpenAsync(host));
        var ((first, _), (second, _), (page, _)) = (await shop.SecretAsync(), await shop.SecretAsync(), await shop.PublishableAsync());
        for (var times = 0; times < 20; times++)
        {
            (await host.With(page).GetAsync("/v1/merchant")).ShouldBeOk();
        }

        (await AskAsync(first, 8)).ShouldBe(5);
        // The one that its key refused had been taken of the merchant's by then.
        (await AskAsync(second, 8)).ShouldBeInRange(2, 3);
        (await AskAsync((await other.SecretAsync()).Key, 5)).ShouldBe(5);
        (await host.With(first).GetAsync("/v1/merchant")).ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited")
            .Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_is_beyond_a_keys_limit_uses_up_no_nonce()
    {
        var shop = await Shop.OpenAsync(host);
        var (api, id, _) = await shop.SigningAsync();

        for (var asked = 1; asked <= 8; asked++)
        {
            (await api.GetAsync("/v1/merchant")).Status.ShouldBe(asked <= 5 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests);
        }

        await using var count = host.Database.DataSource.CreateCommand("SELECT count(*) FROM merchants.request_nonces WHERE key_id = $1");
        count.Parameters.AddWithValue(id);
        (await count.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(5L);
    }

    [Fact]
    public async Task One_session_makes_so_many_keys_an_hour_and_invites_so_many_people()
    {
        var shop = await Shop.OpenAsync(host);
        await shop.PublishableAsync();
        var key = new { kind = "secret", name = "Server", password = Api.Password };
        for (var made = 1; made < 4; made++)
        {
            (await shop.Owner.PostAsync($"{shop.Path}/api_keys", key)).ShouldBeOk();
            (await shop.Owner.PostAsync($"{shop.Path}/people", Invited())).ShouldBeOk();
        }

        (await shop.Owner.PostAsync($"{shop.Path}/api_keys", key)).ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
        (await shop.Owner.PostAsync($"{shop.Path}/people", Invited())).ShouldBeOk();
        (await shop.Owner.PostAsync($"{shop.Path}/people", Invited())).ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
        // Whoever has only the session has used up nothing, and the owner goes on in another.
        var again = host.Anonymous();
        again.Take((await again.PostAsync("/v1/auth/login", new { email = shop.Owner.Email, password = Api.Password })).ShouldBeOk());
        (await again.PostAsync($"{shop.Path}/api_keys", new { kind = "secret", name = "Server" }))
            .ShouldBeError(HttpStatusCode.Forbidden, "password_required", "password");
        (await again.PostAsync($"{shop.Path}/api_keys", key)).ShouldBeOk();
    }

    private static object Invited() => new { email = FrontdoorHost.NewEmail(), role = "viewer", password = Api.Password };

    private async Task<int> AskAsync(string key, int times)
    {
        var good = 0;
        for (var asked = 0; asked < times; asked++)
        {
            good += (await host.With(key).GetAsync("/v1/merchant")).Status == HttpStatusCode.OK ? 1 : 0;
        }

        return good;
    }

    public sealed class Host : MerchantHost
    {
        protected override Dictionary<string, string?> Settings => new(base.Settings)
        {
            ["StellarPay:RateLimits:ApiPerKey:0"] = "5",
            ["StellarPay:RateLimits:ApiPerMerchant:0"] = "8",
            ["StellarPay:RateLimits:SecurityChangesPerSession"] = "4",
        };
    }
}

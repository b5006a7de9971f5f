using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Webhooks;

/// <summary>Endpoints in Stripe's shape, each merchant's his own.</summary>
public sealed class WebhookEndpointTests(WebhookEndpointTests.FewEndpoints host) : IClassFixture<WebhookEndpointTests.FewEndpoints>
{
    private const string Path = "/v1/webhook_endpoints";

    /// <summary>A merchant may have four.</summary>
    public sealed class FewEndpoints : WebhooksHost
    {
        protected override Dictionary<string, string?> Settings => new(base.Settings) { ["StellarPay:Webhooks:EndpointsPerMerchant"] = "4" };
    }

    [Fact]
    public async Task An_endpoint_is_made_shown_changed_and_removed_and_its_secret_is_shown_once()
    {
        var merchant = await TestMerchant.MakeAsync(host);
        var made = (await merchant.Api.PostAsync(Path, new
        {
            url = "http://localhost:9/hook", enabled_events = new[] { "*", "payment_session.paid", "*" }, description = "My shop",
            metadata = new { a = "1", b = "2" },
        })).ShouldBeOk().Body;

        var id = made.GetProperty("id").GetString()!;
        WebhookEndpointId.TryParse(id, out _).ShouldBeTrue();
        var secret = made.GetProperty("secret").GetString()!;
        secret.ShouldStartWith("whsec_");
        Convert.FromBase64String(secret[6..]).Length.ShouldBe(32);
        made.EnumerateObject().Select(field => field.Name).ShouldBe(
            [
                "id", "object", "api_version", "application", "created", "description", "enabled_events", "livemode", "metadata",
                "status", "url", "stellarpay", "secret",
            ]);
        made.GetProperty("enabled_events").EnumerateArray().Select(one => one.GetString()).ShouldBe(["*", "payment_session.paid"]);

        var shown = await merchant.EndpointAsync(id);
        shown.TryGetProperty("secret", out _).ShouldBeFalse();
        shown.GetProperty("api_version").GetString().ShouldBe("2026-10-28.endive");
        var changed = (await merchant.Api.PostAsync($"{Path}/{id}", new
        {
            description = "", metadata = new { a = "", c = "3" }, enabled_events = new[] { "payment.success" },
        })).ShouldBeOk().Body;
        changed.GetProperty("description").ValueKind.ShouldBe(JsonValueKind.Null);
        changed.GetProperty("metadata").GetRawText().ShouldBe("""{"b":"2","c":"3"}""");
        changed.GetProperty("url").GetString().ShouldBe("http://localhost:9/hook");

        (await merchant.Api.DeleteAsync($"{Path}/{id}")).ShouldBeOk().Text
            .ShouldBe($$"""{"id":"{{id}}","object":"webhook_endpoint","deleted":true}""");
        (await merchant.Api.GetAsync($"{Path}/{id}")).ShouldBeError(HttpStatusCode.NotFound, "webhook_endpoint_not_found");
    }

    [Fact]
    public async Task There_are_so_many_and_no_more_and_two_of_one_url_are_warned_of()
    {
        var merchant = await TestMerchant.MakeAsync(host);
        await merchant.ListenAsync(new Uri("http://localhost:9/a"));
        (await merchant.Api.PostAsync(Path, new { url = "http://localhost:9/a", enabled_events = new[] { "*" } })).ShouldBeOk().Body
            .GetProperty("stellarpay").GetProperty("warning").GetString().ShouldStartWith("Another of your webhook endpoints has this URL");
        var at = await Task.WhenAll(Enumerable.Range(0, 6).Select(
            one => merchant.Api.PostAsync(Path, new { url = $"http://localhost:9/{one}", enabled_events = new[] { "*" } })));

        at.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(2);
        at.First(answer => answer.Status != HttpStatusCode.OK)
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "too_many_webhook_endpoints");
    }

    [Fact]
    public async Task A_list_is_paged_both_ways_by_ids()
    {
        var merchant = await TestMerchant.MakeAsync(host);
        var ids = new List<string>();
        for (var made = 0; made < 4; made++)
        {
            ids.Add((await merchant.ListenAsync(new Uri($"http://localhost:9/{made}"))).Id);
        }

        (await PageAsync(merchant, "?limit=2")).ShouldBe(([ids[3], ids[2]], true), Same);
        (await PageAsync(merchant, $"?limit=2&starting_after={ids[2]}")).ShouldBe(([ids[1], ids[0]], false), Same);
        (await PageAsync(merchant, $"?limit=2&ending_before={ids[0]}")).ShouldBe(([ids[2], ids[1]], true), Same);
        (await merchant.Api.GetAsync($"{Path}?starting_after={WebhookEndpointId.New(TimeProvider.System)}"))
            .ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "starting_after");
    }

    [Theory]
    [InlineData("""{"enabled_events":["*"]}""", "parameter_missing", "url")]
    [InlineData("""{"url":"http://localhost:9/"}""", "parameter_missing", "enabled_events")]
    [InlineData("""{"url":"http://localhost:9/","enabled_events":[]}""", "parameter_invalid", "enabled_events")]
    [InlineData("""{"url":"http://localhost:9/","enabled_events":["payment_session.payed"]}""", "parameter_invalid", "enabled_events")]
    [InlineData("""{"url":"http://localhost:9/","enabled_events":[null]}""", "parameter_invalid", "enabled_events")]
    [InlineData("""{"url":"http://localhost:9/","enabled_events":["*"],"api_version":"2020-01-01"}""", "parameter_invalid", "api_version")]
    [InlineData("""{"url":"http://localhost:9/","enabled_events":["*"],"metadata":{"a[b]":"1"}}""", "parameter_invalid", "metadata")]
    [InlineData("""{"url":"http://localhost:9/","enabled_events":["*"],"description":"\u0000"}""", "parameter_invalid", "description")]
    public async Task What_is_wrong_is_named(string body, string code, string param)
    {
        var merchant = await TestMerchant.MakeAsync(host);

        (await merchant.Api.PostTextAsync(Path, body)).ShouldBeError(HttpStatusCode.BadRequest, code, param);

        (await merchant.Api.GetAsync(Path)).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Another_merchants_endpoint_is_none()
    {
        await using var receiver = await Receiver.StartAsync();
        var (mine, theirs) = (await TestMerchant.MakeAsync(host), await TestMerchant.MakeAsync(host));
        var (id, _) = await mine.ListenAsync(receiver.Url);
        var happened = new TestEvent(TestEvent.NewSession(), 1);
        await host.AppendAsync(mine, happened);
        await receiver.UntilAsync(1);
        var (own, _) = await theirs.ListenAsync(receiver.Url);

        foreach (var answer in new[]
        {
            await theirs.Api.GetAsync($"{Path}/{id}"),
            await theirs.Api.PostAsync($"{Path}/{id}", new { disabled = true }),
            await theirs.Api.DeleteAsync($"{Path}/{id}"),
            await theirs.Api.PostAsync($"{Path}/{id}/roll_secret", new { expires_in = 0 }),
            await theirs.Api.PostAsync($"{Path}/{id}/test"),
            await theirs.Api.GetAsync($"{Path}/{id}/deliveries"),
            await theirs.Api.PostAsync($"{Path}/{id}/replay", new { from_time = 0 }),
            await theirs.Api.GetAsync($"{Path}/we_'; DROP TABLE webhook_endpoints --"),
        })
        {
            answer.ShouldBeError(HttpStatusCode.NotFound, "webhook_endpoint_not_found");
        }

        (await theirs.Api.PostAsync($"/v1/events/{happened.Id}/redeliver", new { endpoint = own }))
            .ShouldBeError(HttpStatusCode.NotFound, "event_not_found");
        (await theirs.Api.PostAsync($"{Path}/{own}/replay", new { from_event = happened.Id })).ShouldBeError(HttpStatusCode.NotFound, "event_not_found");
        (await mine.Api.PostAsync($"/v1/events/{happened.Id}/redeliver", new { endpoint = own }))
            .ShouldBeError(HttpStatusCode.NotFound, "webhook_endpoint_not_found");
        (await mine.EndpointAsync(id)).GetProperty("status").GetString().ShouldBe("enabled");
    }

    [Fact]
    public async Task Both_secrets_sign_while_one_is_being_replaced_and_then_the_new_one_alone()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, old) = await merchant.ListenAsync(receiver.Url);
        (await merchant.Api.PostAsync($"{Path}/{id}/roll_secret", new { expires_in = 86_401 }))
            .ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "expires_in");
        var rolled = (await merchant.Api.PostAsync($"{Path}/{id}/roll_secret", new { expires_in = 3600 })).ShouldBeOk().Body;
        var present = rolled.GetProperty("secret").GetString()!;
        rolled.GetProperty("stellarpay").GetProperty("old_secret_until").ValueKind.ShouldBe(JsonValueKind.Number);

        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1));
        await receiver.UntilAsync(1);
        receiver.All.Single().ShouldBeSignedBy(present, old);
        // Whoever serves an endpoint signs with what he read of it when he took it.
        await host.UntilIdleAsync(id);

        await host.RunAsync("UPDATE webhook_endpoints SET old_secret_until = now() WHERE id = $1", id);
        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1));
        await receiver.UntilAsync(2);
        receiver.All.Last().ShouldBeSignedBy(present);
        await host.UntilIdleAsync(id);

        var last = (await merchant.Api.PostAsync($"{Path}/{id}/roll_secret", new { expires_in = 0 })).ShouldBeOk().Body.GetProperty("secret").GetString()!;
        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1));
        await receiver.UntilAsync(3);
        receiver.All.Last().ShouldBeSignedBy(last);
    }

    // The answer with the second may be lost: what receivers check by is the first, which goes on to its end.
    [Fact]
    public async Task A_secret_that_is_rolled_again_while_the_one_before_still_signs_is_replaced_and_that_one_signs_on()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, inUse) = await merchant.ListenAsync(receiver.Url);
        var first = (await merchant.Api.PostAsync($"{Path}/{id}/roll_secret", new { expires_in = 3600 })).ShouldBeOk().Body;

        var second = (await merchant.Api.PostAsync($"{Path}/{id}/roll_secret", new { expires_in = 86_400 })).ShouldBeOk().Body;

        second.GetProperty("stellarpay").GetProperty("old_secret_until").GetInt64()
            .ShouldBe(first.GetProperty("stellarpay").GetProperty("old_secret_until").GetInt64());
        (await merchant.Api.PostAsync($"{Path}/{id}/test")).ShouldBeOk();
        receiver.All.Single().ShouldBeSignedBy(second.GetProperty("secret").GetString()!, inUse);
    }

    [Fact]
    public async Task A_test_event_of_which_nothing_is_known_is_said_to_be_so_and_not_to_go_on()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, _) = await merchant.ListenAsync(receiver.Url);
        (await merchant.Api.PostAsync($"{Path}/{id}/test", idempotencyKey: "try")).ShouldBeOk();
        // As if the front door had died before it knew.
        await host.RunAsync("DELETE FROM webhook_tries WHERE endpoint = $1", id);
        var going = await merchant.Api.PostAsync($"{Path}/{id}/test", idempotencyKey: "try");
        going.ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_in_use", "Idempotency-Key");
        going.Headers.RetryAfter.ShouldNotBeNull();

        await host.RunAsync(
            "UPDATE idempotency_keys SET expires_at = expires_at - interval '10 minutes' WHERE grain_key = $1", merchant.Id);

        (await merchant.Api.PostAsync($"{Path}/{id}/test", idempotencyKey: "try")).ShouldBeError(HttpStatusCode.GatewayTimeout, "outcome_unknown");
        receiver.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_test_event_is_sent_at_once_and_shows_how_it_went()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, secret) = await merchant.ListenAsync(receiver.Url);

        var line = (await merchant.Api.PostAsync($"{Path}/{id}/test")).ShouldBeOk().Body;

        receiver.All.Single().ShouldBeSignedBy(secret);
        receiver.All.Single().Event.GetProperty("type").GetString().ShouldBe("webhook_endpoint.test");
        line.GetProperty("outcome").GetString().ShouldBe("succeeded");
        line.GetProperty("request").GetProperty("body").GetString().ShouldBe(System.Text.Encoding.UTF8.GetString(receiver.All.Single().Body));
        (await merchant.DeliveriesAsync(id)).Single().GetProperty("id").GetString().ShouldBe(line.GetProperty("id").GetString());
        // One in two seconds, of which either call may take both: as if they were not over for a minute.
        await host.RunAsync(
            "UPDATE webhook_endpoints SET tested_at = tested_at + (now() - tested_at) + interval '1 minute' WHERE id = $1", id);
        (await merchant.Api.PostAsync($"{Path}/{id}/test")).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    [Fact]
    public async Task A_test_event_is_sent_once_under_a_key_and_a_repeat_shows_how_it_went()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, _) = await merchant.ListenAsync(receiver.Url);

        var tried = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => merchant.Api.PostAsync($"{Path}/{id}/test", idempotencyKey: "try")));

        var line = tried.First(answer => answer.Status == HttpStatusCode.OK).Body.GetProperty("id").GetString();
        foreach (var answer in tried.Where(answer => answer.Status != HttpStatusCode.OK))
        {
            // It went on still.
            answer.ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_in_use", "Idempotency-Key");
        }

        (await merchant.Api.PostAsync($"{Path}/{id}/test", idempotencyKey: "try")).ShouldBeOk().Body.GetProperty("id").GetString().ShouldBe(line);
        receiver.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_event_is_sent_again_when_its_merchant_asks_for_it()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, _) = await merchant.ListenAsync(receiver.Url);
        var happened = new TestEvent(TestEvent.NewSession(), 1);
        await host.AppendAsync(merchant, happened);
        await Eventually.UntilAsync(async () => (await merchant.DeliveriesAsync(id)).Length == 1, "it came");

        (await merchant.Api.PostAsync($"/v1/events/{happened.Id}/redeliver", new { endpoint = id })).ShouldBeOk();

        await receiver.UntilAsync(2);
        receiver.All.Last().Id.ShouldBe(happened.Id);
        receiver.All.Last().Body.ShouldBe(receiver.All.First().Body);
    }

    private static readonly IEqualityComparer<(string[] Ids, bool More)> Same =
        EqualityComparer<(string[] Ids, bool More)>.Create((one, other) => one.Ids.SequenceEqual(other.Ids) && one.More == other.More);

    private static async Task<(string[] Ids, bool More)> PageAsync(TestMerchant merchant, string query)
    {
        var page = (await merchant.Api.GetAsync(Path + query)).ShouldBeOk().Body;
        page.GetProperty("url").GetString().ShouldBe(Path);
        return (
            [.. page.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString()!)],
            page.GetProperty("has_more").GetBoolean());
    }
}

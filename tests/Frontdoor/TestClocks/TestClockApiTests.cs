using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;
using StellarPay.Frontdoor.Tests.Webhooks;

namespace StellarPay.Frontdoor.Tests.TestClocks;

[Collection<SessionHostCollection>]
public sealed class TestClockApiTests(SessionHost host)
{
    private const string Path = "/v1/test_helpers/test_clocks";
    private const long Start = 1_930_000_000;
    private const long Month = 30 * 86_400;

    [Fact]
    public async Task A_session_expires_when_its_clock_is_advanced_and_its_webhooks_say_the_clocks_time_and_come_in_real_time()
    {
        var shop = await PaidShop.OpenAsync(host);
        await using var server = await Receiver.StartAsync();
        var endpoint = (await shop.Server.PostAsync(
            "/v1/webhook_endpoints", new { url = server.Url, enabled_events = new[] { "payment_session.*" } })).ShouldBeOk().Body;
        var clock = await NewClockAsync(shop, "A month");
        Shown(clock).ShouldBe(("test_helpers.test_clock", Start, "A month", "ready", false));
        var (session, other) = (await UnderAsync(shop, clock), await shop.NewSessionAsync());
        var id = session.GetProperty("id").GetString()!;
        (session.GetProperty("test_clock").GetString(), session.GetProperty("created_at").GetDateTimeOffset().ToUnixTimeSeconds()).ShouldBe(
            (IdOf(clock), Start));
        session.GetProperty("expires_at").GetDateTimeOffset().ToUnixTimeSeconds().ShouldBe(Start + 900);

        var moving = (await shop.Server.PostAsync($"{Path}/{IdOf(clock)}/advance", new { frozen_time = Start + Month })).ShouldBeOk().Body;
        moving.GetProperty("status_details").GetProperty("advancing").GetProperty("target_frozen_time").GetInt64().ShouldBe(Start + Month);
        await UntilReadyAsync(shop, IdOf(clock));

        (await shop.SessionAsync(id)).GetProperty("status").GetString().ShouldBe("expired");
        (await shop.SessionAsync(other.GetProperty("id").GetString()!)).GetProperty("status").GetString().ShouldBe("created");
        // Each is delivered at least once.
        await Eventually.UntilAsync(() => Task.FromResult(server.All.DistinctBy(each => each.Id).Count() == 3), "all three have come");
        var told = server.All.DistinctBy(each => each.Id).Where(each => each.Session == id).Select(each => each.Event).OrderBy(each => each.GetProperty("created").GetInt64());
        told.Select(each => (each.GetProperty("type").GetString(), each.GetProperty("created").GetInt64())).ShouldBe(
            [("payment_session.created", Start), ("payment_session.expired", Start + 900)]);
        // Signed by the time that it is, or every official client would refuse it.
        server.All.ShouldAllBe(each => Math.Abs(long.Parse(each.Headers["webhook-timestamp"]) - host.Clock.GetUtcNow().ToUnixTimeSeconds()) < 86_400);
        server.All.First().ShouldBeSignedBy(endpoint.GetProperty("secret").GetString()!);
        server.All.First(each => each.Session == other.GetProperty("id").GetString()).Event.GetProperty("created").GetInt64().ShouldBeLessThan(Start);
    }

    [Fact]
    public async Task Events_tell_what_a_clock_does_after_all_that_was_due_by_the_systems_clock()
    {
        var shop = await PaidShop.OpenAsync(host);
        var clock = await NewClockAsync(shop, "A month");
        var id = IdOf(clock);
        await UnderAsync(shop, clock);
        (await shop.Server.PostAsync($"{Path}/{id}/advance", new { frozen_time = Start + Month })).ShouldBeOk();
        var ready = await UntilReadyAsync(shop, id);
        (await shop.Server.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Path}/{id}"))).ShouldBeOk();

        var told = (await Eventually.UntilAsync(
            () => shop.Server.GetAsync("/v1/events"), answer => answer.ShouldBeOk().Body.GetProperty("data").GetArrayLength() >= 6))
            .Body.GetProperty("data").EnumerateArray().Reverse().ToArray();

        told.Select(each => each.GetProperty("type").GetString()!.Replace("test_helpers.test_clock.", "", StringComparison.Ordinal)).ShouldBe(
            ["created", "payment_session.created", "advancing", "payment_session.expired", "ready", "deleted"]);
        var its = told.Select(each => each.GetProperty("data").GetProperty("object"))
            .Where(each => each.GetProperty("object").GetString() == "test_helpers.test_clock").ToArray();
        // What is told is what the API shows.
        JsonElement.DeepEquals(its[0], clock).ShouldBeTrue($"{its[0]} is not {clock}");
        its[1].GetProperty("status_details").GetProperty("advancing").GetProperty("target_frozen_time").GetInt64().ShouldBe(Start + Month);
        JsonElement.DeepEquals(its[2], ready).ShouldBeTrue($"{its[2]} is not {ready}");
        JsonElement.DeepEquals(its[3], ready).ShouldBeTrue($"{its[3]} is not {ready}");
        told.Where(each => each.GetProperty("type").GetString()!.StartsWith("test_helpers", StringComparison.Ordinal))
            .ShouldAllBe(each => each.GetProperty("created").GetInt64() < Start);
    }

    [Fact]
    public async Task A_wallet_here_pays_it_whatever_time_its_clock_has_and_once_that_has_passed_its_end_no_more()
    {
        var shop = await PaidShop.OpenAsync(host);
        var payer = await host.PayerAsync("40");
        foreach (var at in new[] { Start, host.Clock.GetUtcNow().AddYears(-3).ToUnixTimeSeconds() })
        {
            var clock = await NewClockAsync(shop, null, at);
            var session = await UnderAsync(shop, clock);
            var id = session.GetProperty("id").GetString()!;

            (await payer.PostAsync("/v1/payments", new { recipient = id, confirm = true }, Api.NewKey())).ShouldBeOk();

            await shop.UntilAsync(id, "paid");
            var paid = await shop.SessionAsync(id);
            paid.GetProperty("paid_at").GetDateTimeOffset().ToUnixTimeSeconds().ShouldBe(at);
        }

        var late = await NewClockAsync(shop, null);
        var unpaid = (await UnderAsync(shop, late)).GetProperty("id").GetString()!;
        (await shop.Server.PostAsync($"{Path}/{IdOf(late)}/advance", new { frozen_time = Start + Month })).ShouldBeOk();
        await UntilReadyAsync(shop, IdOf(late));
        (await payer.PostAsync("/v1/payments", new { recipient = unpaid, confirm = true }, Api.NewKey()))
            .ShouldBeError((HttpStatusCode)422, "payment_session_over", "recipient");
    }

    [Fact]
    public async Task Whatever_is_wrong_is_told_by_field_and_rule_and_changes_nothing()
    {
        var shop = await PaidShop.OpenAsync(host);
        var now = host.Clock.GetUtcNow();
        foreach (var (request, code, param) in new (object, string, string)[]
        {
            (new { }, "parameter_missing", "frozen_time"), (new { frozen_time = long.MaxValue }, "frozen_time_invalid", "frozen_time"),
            (new { frozen_time = long.MinValue }, "frozen_time_invalid", "frozen_time"),
            (new { frozen_time = now.AddYears(6).ToUnixTimeSeconds() }, "frozen_time_invalid", "frozen_time"),
            (new { frozen_time = now.AddYears(-6).ToUnixTimeSeconds() }, "frozen_time_invalid", "frozen_time"),
            (new { frozen_time = Start, name = "" }, "name_invalid", "name"),
            (new { frozen_time = Start, name = new string('a', 301) }, "name_invalid", "name"),
        })
        {
            (await shop.Server.PostAsync(Path, request)).ShouldBeError(HttpStatusCode.BadRequest, code, param);
        }

        (await shop.Server.GetAsync(Path)).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(0);
        var id = IdOf(await NewClockAsync(shop, null));
        foreach (var time in new[] { Start, Start - 1, Start + (366 * 86_400) + 1, long.MaxValue, long.MinValue })
        {
            (await shop.Server.PostAsync($"{Path}/{id}/advance", new { frozen_time = time }))
                .ShouldBeError(HttpStatusCode.BadRequest, "frozen_time_invalid", "frozen_time");
        }

        (await shop.Server.GetAsync($"{Path}/{id}")).ShouldBeOk().Body.GetProperty("frozen_time").GetInt64().ShouldBe(Start);
        foreach (var named in new[] { "clock_00000000000000000000000a", "clock_1", "" })
        {
            (await shop.Server.PostAsync("/v1/payment_sessions", new { amount = 1000, currency = "USD", test_clock = named }))
                .ShouldBeError(HttpStatusCode.BadRequest, "test_clock_not_found", "test_clock");
        }

        (await shop.Server.GetAsync("/v1/payment_sessions")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Another_merchants_clock_and_one_that_is_deleted_are_none_and_a_key_needs_the_permission()
    {
        var (shop, other) = (await PaidShop.OpenAsync(host), await PaidShop.OpenAsync(host));
        var clock = await NewClockAsync(shop, null);
        var id = IdOf(clock);
        foreach (var ask in new Func<Api, Task<Answer>>[]
        {
            api => api.GetAsync($"{Path}/{id}"), api => api.PostAsync($"{Path}/{id}/advance", new { frozen_time = Start + Month }),
            api => api.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Path}/{id}")),
        })
        {
            (await ask(other.Server)).ShouldBeError(HttpStatusCode.NotFound, "test_clock_not_found");
        }

        (await other.Server.PostAsync("/v1/payment_sessions", new { amount = 1000, currency = "USD", test_clock = id }))
            .ShouldBeError(HttpStatusCode.BadRequest, "test_clock_not_found", "test_clock");
        var reader = await shop.WithAsync(
            new { kind = "restricted", name = "Reader", permissions = new[] { "payment_sessions:read" }, password = Api.Password });
        (await reader.GetAsync($"{Path}/{id}")).ShouldBeOk();
        ((int)(await reader.PostAsync($"{Path}/{id}/advance", new { frozen_time = Start + Month })).Status).ShouldBe(403);

        var session = (await UnderAsync(shop, clock)).GetProperty("id").GetString()!;
        var deleted = (await shop.Server.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Path}/{id}"))).ShouldBeOk().Body;
        (deleted.GetProperty("id").GetString(), deleted.GetProperty("deleted").GetBoolean()).ShouldBe((id, true));
        (await shop.Server.GetAsync($"{Path}/{id}")).ShouldBeError(HttpStatusCode.NotFound, "test_clock_not_found");
        await shop.UntilAsync(session, "canceled");
        (await shop.SessionAsync(session)).GetProperty("cancellation_reason").GetString().ShouldBe("test_clock_deleted");
    }

    [Fact]
    public async Task A_merchant_has_twenty_and_they_are_listed_by_pages()
    {
        var shop = await PaidShop.OpenAsync(host);
        var ids = new List<string>();
        for (var number = 0; number < 20; number++)
        {
            ids.Insert(0, IdOf(await NewClockAsync(shop, null)));
        }

        (await shop.Server.PostAsync(Path, new { frozen_time = Start })).ShouldBeError((HttpStatusCode)422, "too_many_test_clocks");
        var page = (await shop.Server.GetAsync($"{Path}?limit=3&starting_after={ids[1]}")).ShouldBeOk().Body;
        page.GetProperty("data").EnumerateArray().Select(IdOf).ShouldBe(ids[2..5]);
        page.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        (await shop.Server.GetAsync($"{Path}?starting_after=clock_1")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "starting_after");
        (await shop.Server.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"{Path}/{ids[0]}"))).ShouldBeOk();
        await Eventually.UntilAsync(
            async () => (await shop.Server.PostAsync(Path, new { frozen_time = Start })).Status == HttpStatusCode.OK, "there is a place again");
    }

    private static async Task<JsonElement> NewClockAsync(PaidShop shop, string? name, long at = Start) =>
        (await shop.Server.PostAsync(Path, new { frozen_time = at, name })).ShouldBeOk().Body;

    private static Task<JsonElement> UnderAsync(PaidShop shop, JsonElement clock) =>
        shop.NewSessionAsync(new { amount = 1000, currency = "USD", test_clock = IdOf(clock) });

    private static async Task<JsonElement> UntilReadyAsync(PaidShop shop, string id) => (await Eventually.UntilAsync(
        () => shop.Server.GetAsync($"{Path}/{id}"), answer => answer.ShouldBeOk().Body.GetProperty("status").GetString() == "ready")).Body;

    private static string IdOf(JsonElement clock) => clock.GetProperty("id").GetString()!;

    private static (string?, long, string?, string?, bool) Shown(JsonElement clock) => (
        clock.GetProperty("object").GetString(), clock.GetProperty("frozen_time").GetInt64(), clock.GetProperty("name").GetString(),
        clock.GetProperty("status").GetString(), clock.GetProperty("livemode").GetBoolean());
}

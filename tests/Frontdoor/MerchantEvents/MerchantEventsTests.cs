using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Errors;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Webhooks;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.MerchantEvents;

/// <summary>What happened to a merchant, in Stripe's shape, to himself alone.</summary>
[Collection<MerchantEventsCollection>]
public sealed class MerchantEventsTests(WebhooksHost host)
{
    private const string Path = "/v1/events";

    [Fact]
    public async Task An_event_has_stripes_fields_and_one_of_ours()
    {
        var merchant = await TestMerchant.MakeAsync(host);
        var happened = new TestEvent(TestEvent.NewSession(), 7, "payment_session.paid");
        await host.AppendAsync(merchant, happened);
        await host.UntilNumberedAsync(merchant, 2);

        var shown = (await merchant.Api.GetAsync($"{Path}/{happened.Id}")).ShouldBeOk().Body;

        // Stripe's fixtures3.json, and stellarpay.
        shown.EnumerateObject().Select(field => field.Name).ShouldBe(
            ["id", "object", "api_version", "created", "data", "livemode", "pending_webhooks", "request", "type", "stellarpay"], ignoreOrder: true);
        shown.GetProperty("data").GetProperty("object").GetProperty("id").GetString().ShouldBe(happened.Session);
        shown.GetProperty("created").GetInt64().ShouldBe(happened.At.ToUnixTimeSeconds());
        shown.GetProperty("pending_webhooks").GetInt64().ShouldBe(0);
        shown.GetProperty("stellarpay").GetProperty("sequence").GetInt64().ShouldBe(7);
        // The simple form has an id of its own, and is listed to who asks for it.
        var simple = (await merchant.Api.GetAsync($"{Path}?type=payment.success")).ShouldBeOk().Body.GetProperty("data").EnumerateArray().Single();
        simple.GetProperty("id").GetString().ShouldNotBe(happened.Id);
        EventId.TryParse(simple.GetProperty("id").GetString(), out _).ShouldBeTrue();
        (await IdsAsync(merchant, "")).Ids.ShouldBe([happened.Id]);
    }

    [Fact]
    public async Task A_list_is_the_newest_first_paged_both_ways_and_filtered()
    {
        var merchant = await TestMerchant.MakeAsync(host);
        var noon = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var events = Enumerable.Range(1, 5).Select(at => new TestEvent(
            TestEvent.NewSession(), at, at % 2 == 0 ? "payment_session.expired" : "payment_session.created") { At = noon.AddMinutes(at) }).ToArray();
        await host.AppendAsync(merchant, events);
        await host.UntilNumberedAsync(merchant, 5);
        var ids = events.Select(one => one.Id).ToArray();
        long Second(int at) => events[at - 1].At.ToUnixTimeSeconds();

        (await IdsAsync(merchant, "?limit=2")).ShouldBe(([ids[4], ids[3]], true), Same);
        (await IdsAsync(merchant, $"?limit=2&starting_after={ids[3]}")).ShouldBe(([ids[2], ids[1]], true), Same);
        (await IdsAsync(merchant, $"?limit=2&starting_after={ids[1]}")).ShouldBe(([ids[0]], false), Same);
        (await IdsAsync(merchant, $"?limit=2&ending_before={ids[1]}")).ShouldBe(([ids[3], ids[2]], true), Same);
        (await IdsAsync(merchant, "?type=payment_session.expired")).ShouldBe(([ids[3], ids[1]], false), Same);
        (await IdsAsync(merchant, "?types[]=payment_session.expired&types[]=refund.created")).ShouldBe(([ids[3], ids[1]], false), Same);
        (await IdsAsync(merchant, $"?created[gte]={Second(2)}&created[lt]={Second(4)}")).ShouldBe(([ids[2], ids[1]], false), Same);
        (await IdsAsync(merchant, $"?created[gt]={Second(2)}&created[lte]={Second(4)}")).ShouldBe(([ids[3], ids[2]], false), Same);
        (await IdsAsync(merchant, $"?created={Second(3)}")).ShouldBe(([ids[2]], false), Same);
    }

    [Fact]
    public async Task Another_merchants_event_is_none_and_no_place_in_a_list()
    {
        var (mine, theirs) = (await TestMerchant.MakeAsync(host), await TestMerchant.MakeAsync(host));
        var happened = new TestEvent(TestEvent.NewSession(), 1);
        await host.AppendAsync(mine, happened);
        await host.UntilNumberedAsync(mine, 1);

        (await theirs.Api.GetAsync($"{Path}/{happened.Id}")).ShouldBeError(HttpStatusCode.NotFound, "event_not_found");
        (await theirs.Api.GetAsync($"{Path}?starting_after={happened.Id}")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "starting_after");
        (await theirs.Api.GetAsync($"{Path}?ending_before={happened.Id}")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "ending_before");
        (await IdsAsync(theirs, "")).Ids.ShouldBeEmpty();
        (await host.Anonymous().GetAsync($"{Path}/{happened.Id}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_makes_no_sense_is_the_callers_fault()
    {
        var merchant = await TestMerchant.MakeAsync(host);
        foreach (var value in BadValues.Segments.Where(segment => segment != "%00"))
        {
            foreach (var path in new[]
            {
                $"{Path}/{value}", $"{Path}?starting_after={value}", $"{Path}?ending_before={value}", $"{Path}?limit={value}",
                $"/v1/webhook_endpoints/{value}", $"/v1/webhook_endpoints/{value}/deliveries", $"/v1/webhook_endpoints?starting_after={value}",
            })
            {
                var answer = await merchant.Api.GetAsync(path);
                ((int)answer.Status).ShouldBeInRange(400, 499, $"{path}: {answer.Text}");
                answer.ShouldHaveErrorShape();
            }
        }

        (await merchant.Api.GetAsync($"{Path}?created[gte]=-1")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "created");
        (await merchant.Api.GetAsync($"{Path}?created[lte]=9223372036854775807")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "created");
        (await merchant.Api.GetAsync($"{Path}?starting_after=a&ending_before=b")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "ending_before");
        (await merchant.Api.GetAsync($"{Path}?limit=101")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "limit");
    }

    private static readonly IEqualityComparer<(string[] Ids, bool More)> Same =
        EqualityComparer<(string[] Ids, bool More)>.Create((one, other) => one.Ids.SequenceEqual(other.Ids) && one.More == other.More);

    private static async Task<(string[] Ids, bool More)> IdsAsync(TestMerchant merchant, string query)
    {
        var page = (await merchant.Api.GetAsync(Path + query)).ShouldBeOk().Body;
        page.GetProperty("object").GetString().ShouldBe("list");
        page.GetProperty("url").GetString().ShouldBe(Path);
        return (
            [.. page.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString()!)],
            page.GetProperty("has_more").GetBoolean());
    }
}

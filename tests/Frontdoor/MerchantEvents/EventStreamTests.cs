using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.MerchantEvents.Streams;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Origins;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Webhooks;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.MerchantEvents;

/// <summary>A merchant's events for those who cannot be called: as they happen, from where somebody was, and to nobody else.</summary>
[Collection<MerchantEventsCollection>]
public sealed class EventStreamTests(WebhooksHost host)
{
    private const string Path = "/v1/events/stream";

    [Fact]
    public async Task What_happens_is_told_as_it_happens_in_its_order_and_to_its_merchant_alone()
    {
        var (mine, theirs) = (await TestMerchant.MakeAsync(host), await TestMerchant.MakeAsync(host));
        await host.AppendAsync(mine, new TestEvent(TestEvent.NewSession(), 1));
        await host.UntilNumberedAsync(mine, 1);
        using var listener = await Listener.StartAsync(host, mine);
        listener.ContentType.ShouldBe("text/event-stream");

        var (first, second) = (new TestEvent(TestEvent.NewSession(), 1), new TestEvent(TestEvent.NewSession(), 2));
        await host.AppendAsync(theirs, new TestEvent(TestEvent.NewSession(), 1));
        await host.AppendAsync(mine, first, second);

        // From now on: not what was before. As the API answers it.
        var told = (await listener.NextAsync()).ShouldNotBeNull();
        told.Id.ShouldBe(first.Id);
        var shown = (await mine.Api.GetAsync($"/v1/events/{first.Id}")).ShouldBeOk().Body;
        told.Event.GetProperty("data").GetRawText().ShouldBe(shown.GetProperty("data").GetRawText());
        told.Event.EnumerateObject().Select(field => field.Name).ShouldBe(shown.EnumerateObject().Select(field => field.Name));
        (await listener.NextAsync()).ShouldNotBeNull().Id.ShouldBe(second.Id);
    }

    [Fact]
    public async Task Whoever_was_cut_off_goes_on_after_the_last_that_he_has_seen()
    {
        var merchant = await TestMerchant.MakeAsync(host);
        // More than a page of them.
        var events = Enumerable.Range(1, 120)
            .Select(at => new TestEvent(TestEvent.NewSession(), at, at % 2 == 0 ? "payment_session.expired" : "payment_session.created")).ToArray();
        await host.AppendAsync(merchant, events);
        await host.UntilNumberedAsync(merchant, 120);

        (await ReadAllAsync(merchant, "?follow=false", events[2].Id)).ShouldBe(events.Skip(3).Select(one => one.Id));
        (await ReadAllAsync(merchant, "?follow=false", "0")).ShouldBe(events.Select(one => one.Id));
        (await ReadAllAsync(merchant, "?follow=false&type=payment_session.expired", events[0].Id))
            .ShouldBe(events.Where(one => one.Type == "payment_session.expired").Select(one => one.Id));
        (await ReadAllAsync(merchant, "?follow=false", events[^1].Id)).ShouldBeEmpty();
        (await ReadAllAsync(merchant, "?follow=false", after: null)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_silent_stream_says_now_and_then_that_it_is_alive()
    {
        var merchant = await TestMerchant.MakeAsync(host);
        using var listener = await Listener.StartAsync(host, merchant);

        await listener.UntilHeartbeatAsync();
        await listener.UntilHeartbeatAsync();
    }

    [Fact]
    public async Task It_ends_when_its_key_is_revoked_and_tells_nothing_that_happens_then()
    {
        var merchant = await TestMerchant.MakeAsync(host);
        using var listener = await Listener.StartAsync(host, merchant);
        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1));
        (await listener.NextAsync()).ShouldNotBeNull();

        await host.RunAsync("UPDATE merchants.api_keys SET revoked_at = now() WHERE merchant_id = $1", merchant.Id);
        // As the front door does that revokes it; others hear of it within a second.
        await host.Services.GetRequiredService<MerchantWatch>().TakeAsync(merchant.Id, TestContext.Current.CancellationToken);
        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1));

        (await listener.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_listens_to_so_many_at_once_and_a_place_that_is_left_is_free()
    {
        var merchant = await TestMerchant.MakeAsync(host);
        var other = await TestMerchant.MakeAsync(host);
        var listeners = new List<Listener>();
        for (var at = 0; at < 4; at++)
        {
            listeners.Add(await Listener.StartAsync(host, merchant));
        }

        var refused = await merchant.Api.GetAsync(Path);
        refused.ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_streams");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        using (var elsewhere = await Listener.StartAsync(host, other))
        {
            elsewhere.Status.ShouldBe(HttpStatusCode.OK);
        }

        listeners.ForEach(listener => listener.Dispose());
        await Eventually.UntilAsync(
            async () => (await merchant.Api.GetAsync($"{Path}?follow=false")).Status == HttpStatusCode.OK, "a place is free again");
    }

    // Each stream asked the database five times a second because of anybody's traffic.
    [Fact]
    public async Task What_happens_to_others_wakes_no_stream()
    {
        var (mine, theirs) = (await TestMerchant.MakeAsync(host), await TestMerchant.MakeAsync(host));
        var news = host.Services.GetRequiredService<EventStreamNews>();
        var (ofMine, ofTheirs) = (news.NextOf(mine.Id), news.NextOf(theirs.Id));

        await host.AppendAsync(theirs, new TestEvent(TestEvent.NewSession(), 1));
        await ofTheirs.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        ofMine.IsCompleted.ShouldBeFalse();

        await host.AppendAsync(mine, new TestEvent(TestEvent.NewSession(), 1));
        await ofMine.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void One_users_merchants_share_places_and_so_do_all()
    {
        var places = new EventStreamPlaces(Options.Create(new EventStreamOptions { PerOwner = 2, InAll = 3 }));
        var taken = Enumerable.Range(0, 2).Select(_ => places.Take(CallerOfAnother(), "usr_a")).ToArray();
        taken.ShouldAllBe(place => place != null);
        places.Take(CallerOfAnother(), "usr_a").ShouldBeNull();
        places.Take(CallerOfAnother(), "usr_b").ShouldNotBeNull();
        places.Take(CallerOfAnother(), "usr_c").ShouldBeNull("there are three in all");

        taken[0]!.Dispose();
        places.Take(CallerOfAnother(), "usr_c").ShouldNotBeNull();

        static MerchantCaller CallerOfAnother() => new(
            MerchantId.New(TimeProvider.System), IsLive: false, Tier: 0, MerchantStatus.Active, MerchantPermissions.OfViewers) { KeyId = "key_1" };
    }

    [Fact]
    public async Task An_event_of_which_nobody_can_read_what_was_said_is_told_without_that_and_keeps_none_after_it()
    {
        var merchant = await TestMerchant.MakeAsync(host);
        var (bad, good) = (new TestEvent(TestEvent.NewSession(), 1) { Details = "no base 64" }, new TestEvent(TestEvent.NewSession(), 1));
        await host.AppendAsync(merchant, bad, good);
        await host.UntilNumberedAsync(merchant, 2);

        (await ReadAllAsync(merchant, "?follow=false", "0")).ShouldBe([bad.Id, good.Id]);
    }

    [Theory]
    [InlineData("evt_000000000000000000000000")]
    [InlineData("nonsense")]
    [InlineData("1")]
    public async Task A_place_that_is_none_is_the_callers_fault(string after)
    {
        var merchant = await TestMerchant.MakeAsync(host);
        var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.Add("Last-Event-ID", after);

        (await merchant.Api.SendAsync(request)).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "Last-Event-ID");
        (await merchant.Api.GetAsync($"{Path}?follow=perhaps")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Anonymous().GetAsync(Path)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<string[]> ReadAllAsync(TestMerchant merchant, string query, string? after)
    {
        using var listener = await Listener.StartAsync(host, merchant, query, after);
        var ids = new List<string>();
        while (await listener.NextAsync() is { } told)
        {
            ids.Add(told.Id);
        }

        return [.. ids];
    }
}

using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Webhooks.Delivery;
using StellarPay.Frontdoor.Webhooks.Endpoints;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Webhooks;

/// <summary>Processes that die, that were taken for dead, and that are several: each event comes, and comes as the same bytes.</summary>
public sealed class CrashTests(WebhooksHost host) : IClassFixture<WebhooksHost>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // Killed between the sending and the note of it: nobody knows that it was sent.
    [Fact]
    public async Task What_a_process_sent_before_it_died_is_sent_again_as_the_same_bytes()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (lease, secret) = await TakenAsync(merchant, receiver);
        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1));
        await host.UntilNumberedAsync(merchant, 1);

        var store = host.Services.GetRequiredService<DeliveryStore>();
        var page = await store.ReadPageAsync(lease, 0, 64, Cancelled);
        var sent = (await store.KeepAsync(lease, page.Wanted, areFirst: true, Cancelled)).Single();
        await host.Services.GetRequiredService<WebhookSender>().SendAsync(
            lease.Url, sent.Id, sent.Body, [Convert.FromBase64String(secret[WebhookSecret.Prefix.Length..])], Cancelled);
        // An endpoint that is made meanwhile changes what would be written now.
        await merchant.ListenAsync(new Uri(receiver.Url, "/other"), "payment_session.expired", "payment_session.created");
        receiver.All.Count.ShouldBe(1);
        await EndLeaseAsync(lease);
        await receiver.UntilAsync(2);

        var all = receiver.All.ToArray();
        all[1].Id.ShouldBe(all[0].Id);
        all[1].Body.ShouldBe(all[0].Body);
        Array.ForEach(all, one => one.ShouldBeSignedBy(secret));
        await Eventually.UntilAsync(
            () => host.ScalarAsync<bool>("SELECT number = 1 AND taken_by IS NULL FROM webhook_cursors WHERE endpoint = $1", lease.Endpoint),
            "it is noted");
    }

    // Stopped (SIGSTOP) and gone on: somebody else has the endpoint by then.
    [Fact]
    public async Task What_somebody_writes_whose_time_was_over_moves_nothing_and_stands_in_the_log()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (lease, _) = await TakenAsync(merchant, receiver);
        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1), new TestEvent(TestEvent.NewSession(), 1));
        await host.UntilNumberedAsync(merchant, 2);
        var store = host.Services.GetRequiredService<DeliveryStore>();
        var page = await store.ReadPageAsync(lease, 0, 64, Cancelled);
        var events = await store.KeepAsync(lease, page.Wanted, areFirst: true, Cancelled);
        await EndLeaseAsync(lease);
        await receiver.UntilAsync(2);
        await Eventually.UntilAsync(
            () => host.ScalarAsync<bool>("SELECT number = 2 AND taken_by IS NULL FROM webhook_cursors WHERE endpoint = $1", lease.Endpoint),
            "both are noted");

        var late = new FirstTries(0, []);
        late.Add(events, 2);
        late.Done(late.Next()!);
        var answer = new WebhookAnswer(TryOutcome.Failed, TimeProvider.System.GetUtcNow(), new Dictionary<string, string>(), TimeSpan.Zero)
        {
            Problem = "The connection broke off.",
        };
        (await host.Services.GetRequiredService<ResultStore>().SettleAsync(lease, [new TriedEvent(events[0], answer)], late, Cancelled))
            .ShouldBe(EndpointState.Lost);

        (await host.ScalarAsync<long>("SELECT number FROM webhook_cursors WHERE endpoint = $1", lease.Endpoint)).ShouldBe(2);
        (await host.ScalarAsync<long>("SELECT count(*) FROM webhook_retries WHERE endpoint = $1", lease.Endpoint)).ShouldBe(0);
        (await merchant.DeliveriesAsync(lease.Endpoint)).Select(line => line.GetProperty("outcome").GetString())
            .ShouldBe(["succeeded", "succeeded", "failed"]);
    }

    [Fact]
    public async Task What_was_tried_ahead_of_what_was_not_is_not_sent_again_by_the_next()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (lease, _) = await TakenAsync(merchant, receiver);
        var events = Enumerable.Range(1, 4).Select(_ => new TestEvent(TestEvent.NewSession(), 1)).ToArray();
        await host.AppendAsync(merchant, events);
        await host.UntilNumberedAsync(merchant, 4);
        await host.RunAsync("UPDATE webhook_cursors SET number = 1, ahead = '{3}' WHERE endpoint = $1", lease.Endpoint);
        await EndLeaseAsync(lease);

        await Eventually.UntilAsync(
            () => host.ScalarAsync<bool>(
                "SELECT number = 4 AND ahead = '{}' AND taken_by IS NULL FROM webhook_cursors WHERE endpoint = $1", lease.Endpoint),
            "it has come to the end");
        receiver.All.Select(one => one.Id).ShouldBe([events[1].Id, events[3].Id], ignoreOrder: true);
    }

    [Fact]
    public async Task Two_front_doors_at_once_send_each_event_once()
    {
        await using var another = await host.StartAnotherAsync();
        await using var receiver = await Receiver.StartAsync();
        var merchants = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TestMerchant.MakeAsync(host)));
        foreach (var merchant in merchants)
        {
            await merchant.ListenAsync(receiver.Url);
        }

        for (var batch = 0; batch < 10; batch++)
        {
            foreach (var merchant in merchants)
            {
                await host.AppendAsync(merchant, [.. Enumerable.Range(1, 10).Select(_ => new TestEvent(TestEvent.NewSession(), 1))]);
            }
        }

        await receiver.UntilAsync(400);
        await Eventually.UntilAsync(
            () => host.ScalarAsync<bool>(
                "SELECT bool_and(c.number = 100 AND c.taken_by IS NULL) FROM webhook_cursors c WHERE c.merchant = ANY ($1)",
                (object)merchants.Select(merchant => merchant.Id).ToArray()),
            "all is noted");
        receiver.All.Select(one => one.Id).Distinct().Count().ShouldBe(400);
        receiver.All.Count.ShouldBe(400);
    }

    // The endpoint as a process has it that the test stands for.
    private async Task<(EndpointLease Lease, string Secret)> TakenAsync(TestMerchant merchant, Receiver receiver)
    {
        var (id, secret) = await merchant.ListenAsync(receiver.Url);
        var token = Guid.NewGuid();
        await host.RunAsync(
            "UPDATE webhook_cursors SET taken_by = $2, taken_until = now() + interval '1 hour', wake_at = NULL WHERE endpoint = $1 AND taken_by IS NULL", id, token);
        (await host.ScalarAsync<Guid>("SELECT taken_by FROM webhook_cursors WHERE endpoint = $1", id)).ShouldBe(token);
        return (new EndpointLease(
            token, id, MerchantId.Parse(merchant.Id), receiver.Url, ["payment_session.*"], "2026-10-28.endive", Revision: 1)
        {
            Number = 0, Ahead = [], IsProbe = false, IsSuspect = false, IsProven = true, Replays = false, SealedSecrets = [],
        }, secret);
    }

    private Task EndLeaseAsync(EndpointLease lease) => host.RunAsync(
        "UPDATE webhook_cursors SET taken_until = now(), wake_at = now() WHERE endpoint = $1", lease.Endpoint);
}

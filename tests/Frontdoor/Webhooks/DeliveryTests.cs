using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StellarPay.Frontdoor.Tests.Hosting;
using Stripe;

namespace StellarPay.Frontdoor.Tests.Webhooks;

/// <summary>Events come to who asked for them: signed, in order, again where they were not taken, and the same bytes each time.</summary>
public sealed class DeliveryTests(WebhooksHost host) : IClassFixture<WebhooksHost>
{
    [Fact]
    public async Task An_event_of_a_merchant_comes_signed_in_stripes_shape()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, secret) = await merchant.ListenAsync(receiver.Url);
        var happened = new TestEvent(TestEvent.NewSession(), 1);

        await host.AppendAsync(merchant, happened);
        await receiver.UntilAsync(1);

        var received = receiver.All.Single();
        received.ShouldBeSignedBy(secret);
        received.Id.ShouldBe(happened.Id);
        received.Headers["Content-Type"].ShouldBe("application/json; charset=utf-8");
        Encoding.UTF8.GetString(received.Body).ShouldBe(
            """
            {"id":"EVT","object":"event","api_version":"2026-10-28.endive","created":1772366400,"data":{"object":{"id":"PAY",
            "object":"payment_session","tx_hash":"ab12","amount_fiat":1999,"description":"Café \"10.0\"/€"}},"livemode":false,
            "pending_webhooks":1,"request":{"id":null,"idempotency_key":null},"type":"payment_session.created",
            "stellarpay":{"object":"PAY","sequence":1}}
            """.ReplaceLineEndings("").Replace("EVT", happened.Id).Replace("PAY", happened.Session));
        await Eventually.UntilAsync(async () => (await merchant.DeliveriesAsync(id)).Length == 1, "the call is in the log");
        var line = (await merchant.DeliveriesAsync(id)).Single();
        line.GetProperty("outcome").GetString().ShouldBe("succeeded");
        line.GetProperty("event").GetString().ShouldBe(happened.Id);
        line.GetProperty("response").GetProperty("status").GetInt32().ShouldBe(200);
        line.GetProperty("request").GetProperty("body").GetString().ShouldBe(Encoding.UTF8.GetString(received.Body));
        line.GetProperty("request").GetProperty("headers").GetProperty("Stripe-Signature").GetString().ShouldBe(received.Headers["Stripe-Signature"]);
    }

    // Given 9: retries that reused the first time stamp were refused for good.
    [Fact]
    public async Task What_was_refused_twice_is_the_same_bytes_the_third_time_and_signed_anew()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, secret) = await merchant.ListenAsync(receiver.Url);
        receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = receiver.All.Count < 3 ? 500 : 200;
            return Task.CompletedTask;
        };

        var written = new List<long>();
        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1));
        for (var tries = 1; tries <= 3; tries++)
        {
            await receiver.UntilAsync(tries);
            await Eventually.UntilAsync(async () => (await merchant.DeliveriesAsync(id)).Length == tries, "the call is in the log");
            written.Add(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
            await MakeDueAsync(id);
        }

        var all = receiver.All.ToArray();
        all.Length.ShouldBe(3);
        all.ShouldAllBe(one => one.Body.SequenceEqual(all[0].Body) && one.Id == all[0].Id);
        Array.ForEach(all, one => one.ShouldBeSignedBy(secret));
        all.Select(one => long.Parse(one.Headers["webhook-timestamp"])).ShouldBeInOrder();
        all.ShouldAllBe(one => OfficialSignatures.StripeNet(one, secret, TimeSpan.FromSeconds(1)) == one.Id, "as Stripe's own client sees it");
        Should.Throw<StripeException>(() => OfficialSignatures.StripeNet(all[0], secret, TimeSpan.FromMinutes(10)), "a first try that comes again");
        var lines = await merchant.DeliveriesAsync(id);
        lines.Select(line => (line.GetProperty("attempt").GetInt32(), line.GetProperty("outcome").GetString()))
            .ShouldBe([(1, "failed"), (2, "failed"), (3, "succeeded")]);
        // Ten seconds after the first, thirty after the second, and up to a quarter longer: from when it was written down.
        Next(lines[0]).ShouldBeInRange(Began(lines[0]) + 10, written[0] + 13);
        Next(lines[1]).ShouldBeInRange(Began(lines[1]) + 30, written[1] + 38);
        lines[2].GetProperty("next_attempt").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    // M27: in strict order the news that money had come waited for three days behind an event that a receiver could not read.
    [Fact]
    public async Task First_tries_are_in_an_objects_order_and_a_500_holds_nobody()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        await merchant.ListenAsync(receiver.Url);
        var sessions = Enumerable.Range(0, 5).Select(_ => TestEvent.NewSession()).ToArray();
        receiver.Answer = (context, received) =>
        {
            // One session's second event is never taken.
            context.Response.StatusCode = received.Session == sessions[0] && received.Sequence == 2 ? 500 : 200;
            return Task.CompletedTask;
        };

        await host.AppendAsync(
            merchant, [.. Enumerable.Range(1, 8).SelectMany(at => sessions.Select(session => new TestEvent(session, at)))]);
        // What was refused may come again before the last has come once.
        await Eventually.UntilAsync(() => Task.FromResult(receiver.All.DistinctBy(one => one.Id).Count() == 40), "all have come");

        foreach (var session in sessions)
        {
            receiver.All.Where(one => one.Session == session).DistinctBy(one => one.Id).Select(one => one.Sequence)
                .ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
        }
    }

    [Fact]
    public async Task An_objects_next_event_waits_until_the_one_before_was_answered_and_others_do_not()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        await host.ProveAsync((await merchant.ListenAsync(receiver.Url)).Id);
        var (slow, quick) = (TestEvent.NewSession(), TestEvent.NewSession());
        var answered = new TaskCompletionSource();
        receiver.Answer = (_, received) => received.Session == slow && received.Sequence == 1 ? answered.Task : Task.CompletedTask;

        await host.AppendAsync(
            merchant, new TestEvent(slow, 1), new TestEvent(slow, 2), new TestEvent(quick, 1), new TestEvent(quick, 2),
            new TestEvent(quick, 3));
        await receiver.UntilAsync(4);
        receiver.All.Count(one => one.Session == slow).ShouldBe(1);

        answered.SetResult();
        await receiver.UntilAsync(5);
        receiver.All.Last().Sequence.ShouldBe(2);
    }

    [Fact]
    public async Task What_comes_while_one_event_is_slow_does_not_wait_for_it()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        await host.ProveAsync((await merchant.ListenAsync(receiver.Url)).Id);
        var slow = TestEvent.NewSession();
        var answered = new TaskCompletionSource();
        receiver.Answer = (_, received) => received.Session == slow ? answered.Task : Task.CompletedTask;

        await host.AppendAsync(merchant, new TestEvent(slow, 1));
        await receiver.UntilAsync(1);
        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1));
        await receiver.UntilAsync(2);

        // It came before the slow one was given up.
        answered.Task.IsCompleted.ShouldBeFalse();
        (await host.ScalarAsync<long>("SELECT count(*) FROM webhook_tries WHERE problem LIKE 'There was no answer%' AND event_id = $1",
            receiver.All.First().Id)).ShouldBe(0);
        answered.SetResult();
    }

    // Given 10: a failing endpoint clogged the queue of healthy ones.
    [Fact]
    public async Task One_that_never_answers_delays_no_other()
    {
        await using var dead = await Receiver.StartAsync();
        await using var well = await Receiver.StartAsync();
        dead.Answer = (context, _) => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        var (a, b) = (await TestMerchant.MakeAsync(host), await TestMerchant.MakeAsync(host));
        var (deadId, _) = await a.ListenAsync(dead.Url);
        await b.ListenAsync(well.Url);

        await host.AppendAsync(a, [.. Enumerable.Range(1, 300).Select(_ => new TestEvent(TestEvent.NewSession(), 1))]);
        await dead.UntilAsync(1);
        await host.AppendAsync(b, [.. Enumerable.Range(1, 300).Select(_ => new TestEvent(TestEvent.NewSession(), 1))]);
        await well.UntilAsync(300);

        // All came before the first of the dead one's was even given up.
        (await a.DeliveriesAsync(deadId)).ShouldBeEmpty();
        dead.All.Count.ShouldBe(1);
    }

    // M14: a shop that ships on any of the three words ships three times.
    [Fact]
    public async Task All_means_stripes_words_and_ours_and_the_simple_form_are_for_who_names_them()
    {
        await using var stripes = await Receiver.StartAsync();
        await using var natives = await Receiver.StartAsync();
        await using var simple = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        await merchant.ListenAsync(stripes.Url, "*");
        await merchant.ListenAsync(natives.Url, "payment_session.*");
        await merchant.ListenAsync(simple.Url, "payment.success");
        var session = TestEvent.NewSession();

        await host.AppendAsync(
            merchant, new TestEvent(session, 1), new TestEvent(session, 2, "payment_session.paid"), new TestEvent(session, 3, "refund.created"));
        await Task.WhenAll(stripes.UntilAsync(1), natives.UntilAsync(2), simple.UntilAsync(1));

        stripes.All.Select(one => one.Event.GetProperty("type").GetString()).ShouldBe(["refund.created"]);
        natives.All.Select(one => one.Event.GetProperty("type").GetString()).ShouldBe(["payment_session.created", "payment_session.paid"]);
        Encoding.UTF8.GetString(simple.All.Single().Body).ShouldBe(
            $$"""{"event":"payment.success","session_id":"{{session}}","amount":1999,"tx_hash":"ab12"}""");
        simple.All.Single().Id.ShouldNotBe(natives.All.Last().Id);
    }

    [Fact]
    public async Task Redirects_are_failures_and_are_not_followed_and_of_a_huge_answer_little_is_read()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, _) = await merchant.ListenAsync(receiver.Url);
        var sent = 0L;
        receiver.Answer = async (context, received) =>
        {
            if (received.Sequence == 1)
            {
                context.Response.Redirect(receiver.Url.OriginalString);
                return;
            }

            context.Response.Headers["X-Shop"] = "bye";
            var block = Encoding.ASCII.GetBytes(new string('x', 16 * 1024));
            while (!context.RequestAborted.IsCancellationRequested && sent < 256 * 1024 * 1024)
            {
                // A connection that is closed takes what is written, too, and drops it.
                if ((await context.Response.BodyWriter.WriteAsync(block, context.RequestAborted)).IsCompleted)
                {
                    return;
                }

                sent += block.Length;
            }
        };

        var session = TestEvent.NewSession();
        await host.AppendAsync(merchant, new TestEvent(session, 1), new TestEvent(session, 2));
        await Eventually.UntilAsync(async () => (await merchant.DeliveriesAsync(id)).Length == 2, "both are in the log");

        var lines = await merchant.DeliveriesAsync(id);
        lines[0].GetProperty("outcome").GetString().ShouldBe("failed");
        lines[0].GetProperty("response").GetProperty("status").GetInt32().ShouldBe(StatusCodes.Status302Found);
        lines[1].GetProperty("outcome").GetString().ShouldBe("succeeded");
        lines[1].GetProperty("response").GetProperty("body").GetString().ShouldBe(new string('x', 2048));
        lines[1].GetProperty("response").GetProperty("headers").GetProperty("X-Shop").GetString().ShouldBe("bye");
        lines[1].GetProperty("problem").GetString().ShouldBe("The answer is longer than 65536 bytes; the rest was not read.");
        sent.ShouldBeLessThan(256 * 1024 * 1024);
        receiver.All.Count.ShouldBe(2);
    }

    // One event that could not be written stopped its endpoint: it paused for ten seconds, and then met the same event.
    [Fact]
    public async Task An_event_that_cannot_be_written_is_passed_over_shown_as_failed_and_sent_once_it_can_be()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, _) = await merchant.ListenAsync(receiver.Url);
        var session = TestEvent.NewSession();
        var bad = new TestEvent(session, 2) { Details = "no base 64" };

        await host.AppendAsync(
            merchant, new TestEvent(session, 1), bad, new TestEvent(session, 3), new TestEvent(TestEvent.NewSession(), 1));
        await Eventually.UntilAsync(async () => (await merchant.DeliveriesAsync(id)).Length == 4, "all are in the log");

        receiver.All.Select(one => one.Id).ShouldNotContain(bad.Id);
        receiver.All.Count.ShouldBe(3);
        receiver.All.Where(one => one.Session == session).Select(one => one.Sequence).ShouldBe([1, 3]);
        var line = (await merchant.DeliveriesAsync(id)).Single(each => each.GetProperty("event").GetString() == bad.Id);
        (line.GetProperty("outcome").GetString(), line.GetProperty("attempt").GetInt32()).ShouldBe(("failed", 1));
        line.GetProperty("problem").GetString().ShouldBe("The event cannot be written. This is our fault; StellarPay has been told.");
        line.GetProperty("next_attempt").ValueKind.ShouldBe(JsonValueKind.Null);
        line.GetProperty("response").ValueKind.ShouldBe(JsonValueKind.Null);
        (await host.ScalarAsync<int>("SELECT failures FROM webhook_cursors WHERE endpoint = $1", id)).ShouldBe(0);
        (await merchant.Api.GetAsync("/v1/events")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(4);

        (await merchant.Api.PostAsync($"/v1/events/{bad.Id}/redeliver", new { endpoint = id })).ShouldBeOk();
        await Eventually.UntilAsync(async () => (await merchant.DeliveriesAsync(id)).Length == 5, "it was tried again");
        (await host.ScalarAsync<long>("SELECT count(*) FROM webhook_retries WHERE endpoint = $1", id)).ShouldBe(0);
        receiver.All.Count.ShouldBe(3);
    }

    private static long Began(JsonElement line) => line.GetProperty("created").GetInt64();

    private static long Next(JsonElement line) => line.GetProperty("next_attempt").GetInt64();

    // Ten seconds later, for the test.
    private Task MakeDueAsync(string id) => host.RunAsync(
        """
        WITH due AS (UPDATE webhook_retries SET due_at = now() WHERE endpoint = $1 AND due_at IS NOT NULL)
        UPDATE webhook_cursors SET wake_at = now() WHERE endpoint = $1 AND taken_by IS NULL
        """,
        id);
}

using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Webhooks.Delivery;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Webhooks;

/// <summary>An endpoint that is away delays no other, is asked less and less, and is disabled at last; then nothing waits for it.</summary>
public sealed class EndpointHealthTests(EndpointHealthTests.EagerBreakers host) : IClassFixture<EndpointHealthTests.EagerBreakers>
{
    /// <summary>Breakers open after three failures, and who does not answer is given up soon.</summary>
    public sealed class EagerBreakers : WebhooksHost
    {
        protected override Dictionary<string, string?> Settings => new(base.Settings)
        {
            ["StellarPay:Webhooks:BreakerFailures"] = "3", ["StellarPay:Webhooks:BreakerAfterSeconds"] = "0",
            ["StellarPay:Webhooks:AtOncePerEndpoint"] = "4", ["StellarPay:Webhooks:TimeoutSeconds"] = "5",
        };
    }

    [Fact]
    public async Task After_410_an_endpoint_is_called_no_more_and_its_merchant_is_told()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var other = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, _) = await merchant.ListenAsync(receiver.Url);
        await merchant.ListenAsync(other.Url, "webhook_endpoint.disabled");
        receiver.AnswerWith(StatusCodes.Status410Gone);
        var session = TestEvent.NewSession();

        await host.AppendAsync(merchant, new TestEvent(session, 1), new TestEvent(session, 2));
        await other.UntilAsync(1);

        receiver.All.Count.ShouldBe(1);
        var told = other.All.Single().Event.GetProperty("data").GetProperty("object");
        told.GetProperty("id").GetString().ShouldBe(id);
        told.GetProperty("status").GetString().ShouldBe("disabled");
        var endpoint = await merchant.EndpointAsync(id);
        endpoint.GetProperty("status").GetString().ShouldBe("disabled");
        endpoint.GetProperty("stellarpay").GetProperty("disabled_reason").GetString().ShouldBe("gone");
        (await host.Messages.NextAsync(merchant.Email)).Text.ShouldContain($"Your endpoint {id} is sent no more events: it answered 410.");
    }

    [Fact]
    public async Task After_three_days_of_failures_it_is_disabled_and_told_once()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, _) = await merchant.ListenAsync(receiver.Url);
        receiver.AnswerWith(StatusCodes.Status500InternalServerError);

        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1));
        await Eventually.UntilAsync(async () => (await merchant.DeliveriesAsync(id)).Length == 1, "it was tried");
        // What is being served is not due; and who gives it back says anew when it is.
        await host.UntilIdleAsync(id);
        await host.RunAsync(
            """
            WITH r AS (UPDATE webhook_retries SET first_failed_at = now() - interval '3 days', due_at = now() WHERE endpoint = $1)
            UPDATE webhook_cursors SET failing_since = now() - interval '3 days', wake_at = now() WHERE endpoint = $1
            """,
            id);
        (await host.Messages.NextAsync(merchant.Email)).Text.ShouldContain("it has taken none for three days");

        var endpoint = await merchant.EndpointAsync(id);
        endpoint.GetProperty("stellarpay").GetProperty("disabled_reason").GetString().ShouldBe("failing");
        var lines = await merchant.DeliveriesAsync(id);
        lines.Length.ShouldBe(2);
        lines[1].GetProperty("next_attempt").ValueKind.ShouldBe(JsonValueKind.Null);
        (await host.ScalarAsync<long>("SELECT count(*) FROM webhook_endpoints WHERE id = $1 AND notice IS NOT NULL", id)).ShouldBe(0);
        host.Messages.All.Count(message => message.To == merchant.Email).ShouldBe(1);
    }

    [Fact]
    public async Task A_disabled_endpoint_misses_what_happens_and_a_replay_brings_it()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, _) = await merchant.ListenAsync(receiver.Url);
        (await merchant.Api.PostAsync($"/v1/webhook_endpoints/{id}", new { disabled = true })).ShouldBeOk();
        var missed = Enumerable.Range(1, 3).Select(_ => new TestEvent(TestEvent.NewSession(), 1)).ToArray();
        await host.AppendAsync(merchant, missed);
        await host.UntilNumberedAsync(merchant, 3);
        (await host.ScalarAsync<long>("SELECT count(*) FROM webhook_retries WHERE endpoint = $1", id)).ShouldBe(0);
        (await merchant.Api.PostAsync($"/v1/webhook_endpoints/{id}/replay", new { from_event = missed[0].Id }))
            .ShouldBeError(System.Net.HttpStatusCode.Conflict, "webhook_endpoint_disabled");

        (await merchant.Api.PostAsync($"/v1/webhook_endpoints/{id}", new { disabled = false })).ShouldBeOk();
        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1));
        await receiver.UntilAsync(1);
        receiver.All.Single().Id.ShouldNotBeOneOf([.. missed.Select(one => one.Id)]);
        var skipped = (await merchant.EndpointAsync(id)).GetProperty("stellarpay").GetProperty("skipped").EnumerateArray().Single();
        skipped.GetProperty("from").GetString().ShouldBe(missed[0].Id);
        skipped.GetProperty("to").GetString().ShouldBe(missed[2].Id);
        skipped.GetProperty("count").GetInt64().ShouldBe(3);

        await Eventually.UntilAsync(
            async () => (await merchant.Api.PostAsync($"/v1/webhook_endpoints/{id}/replay", new { from_event = missed[0].Id }))
                .ShouldBeOk().Body.GetProperty("events").GetInt64() == 4,
            "all four are behind it");
        await Eventually.UntilAsync(
            () => Task.FromResult(missed.All(one => receiver.All.Any(received => received.Id == one.Id))), "what was missed came");
    }

    [Fact]
    public async Task A_replay_from_a_time_begins_by_when_events_were_recorded_whatever_time_they_are_of()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, _) = await merchant.ListenAsync(receiver.Url);
        // By a test clock that is years ahead.
        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1) { At = new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        await host.UntilNumberedAsync(merchant, 1);
        await host.RunAsync("UPDATE merchant_events SET recorded_at = recorded_at - interval '1 hour' WHERE merchant = $1", merchant.Id);
        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1));
        await receiver.UntilAsync(2);
        await host.UntilIdleAsync(id);

        var since = TimeProvider.System.GetUtcNow().AddMinutes(-30).ToUnixTimeSeconds();
        (await merchant.Api.PostAsync($"/v1/webhook_endpoints/{id}/replay", new { from_time = since }))
            .ShouldBeOk().Body.GetProperty("events").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_replay_does_not_stop_at_what_an_endpoint_does_not_want()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, _) = await merchant.ListenAsync(receiver.Url, "payment_session.paid");
        await host.AppendAsync(
            merchant,
            [
                .. Enumerable.Range(1, 200).Select(_ => new TestEvent(TestEvent.NewSession(), 1)),
                new TestEvent(TestEvent.NewSession(), 1, "payment_session.paid"),
            ]);
        await receiver.UntilAsync(1);
        await host.UntilIdleAsync(id);
        // From here on the test has it.
        var token = Guid.NewGuid();
        await host.RunAsync(
            "UPDATE webhook_cursors SET taken_by = $2, taken_until = now() + interval '1 hour', wake_at = NULL WHERE endpoint = $1 AND taken_by IS NULL", id, token);
        (await merchant.Api.PostAsync($"/v1/webhook_endpoints/{id}/replay", new { from_time = 0 })).ShouldBeOk();
        var lease = new EndpointLease(
            token, id, MerchantId.Parse(merchant.Id), receiver.Url, ["payment_session.paid"], "2026-10-28.endive", Revision: 1)
        {
            Number = 201, Ahead = [], IsProbe = false, IsSuspect = false, IsProven = true, Replays = true, SealedSecrets = [],
        };

        (await host.Services.GetRequiredService<DeliveryStore>().FillReplayAsync(lease, 64, TestContext.Current.CancellationToken))
            .ShouldBeFalse("there is no more");

        (await host.ScalarAsync<long>("SELECT number FROM webhook_retries WHERE endpoint = $1", id)).ShouldBe(201);
    }

    [Fact]
    public async Task An_open_breaker_lets_one_probe_through_at_a_time_and_the_cursor_stands()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, _) = await merchant.ListenAsync(receiver.Url);
        receiver.AnswerWith(StatusCodes.Status503ServiceUnavailable);

        await host.AppendAsync(merchant, [.. Enumerable.Range(1, 60).Select(_ => new TestEvent(TestEvent.NewSession(), 1))]);
        await Eventually.UntilAsync(
            async () => Extra(await merchant.EndpointAsync(id)).GetProperty("breaker").GetString() == "open", "the breaker opens");
        await host.UntilIdleAsync(id);
        var tried = receiver.All.Count;
        tried.ShouldBeLessThan(20);
        (await host.ScalarAsync<long>("SELECT number FROM webhook_cursors WHERE endpoint = $1", id)).ShouldBeLessThan(20);

        // Its time has come: one probe, which fails, and it is left alone for twice as long.
        var before = await host.ScalarAsync<double>("SELECT extract(epoch FROM now())::float8");
        await ProbeAsync(id);
        await receiver.UntilAsync(tried + 1);
        await host.UntilIdleAsync(id);
        receiver.All.Count.ShouldBe(tried + 1);
        // From when it failed, which was since then, however long ago that is by now.
        var openUntil = await host.ScalarAsync<double>(
            "SELECT extract(epoch FROM open_until)::float8 FROM webhook_cursors WHERE endpoint = $1", id);
        openUntil.ShouldBeInRange(before + 45, await host.ScalarAsync<double>("SELECT extract(epoch FROM now())::float8") + 61);

        // It is back: one succeeds, and all follow.
        receiver.AnswerWith(StatusCodes.Status200OK);
        await ProbeAsync(id);
        await Eventually.UntilAsync(
            () => Task.FromResult(receiver.All.Select(one => one.Id).Distinct().Count() == 60), "all were tried");
        await Eventually.UntilAsync(
            async () => Extra(await merchant.EndpointAsync(id)).GetProperty("breaker").GetString() == "closed", "the breaker is closed");    }

    [Fact]
    public async Task Retry_after_is_honoured_by_leaving_the_endpoint_alone()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, _) = await merchant.ListenAsync(receiver.Url);
        receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "120";
            return Task.CompletedTask;
        };

        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1));
        await Eventually.UntilAsync(async () => (await merchant.DeliveriesAsync(id)).Length == 1, "it was tried");
        var written = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await host.UntilIdleAsync(id);
        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1));
        await host.UntilNumberedAsync(merchant, 2);

        var line = (await merchant.DeliveriesAsync(id)).Single();
        line.GetProperty("next_attempt").GetInt64().ShouldBeInRange(line.GetProperty("created").GetInt64() + 120, written + 121);
        (await host.ScalarAsync<double>(
            "SELECT extract(epoch FROM paused_until - now())::float8 FROM webhook_cursors WHERE endpoint = $1", id)).ShouldBeInRange(60, 121);
        // Nobody takes it meanwhile, whatever is new.
        (await host.ScalarAsync<long>(
            "SELECT count(*) FROM webhook_take('stellarpay', gen_random_uuid(), $1, 10, 10, 10, 10, interval '1 second') WHERE endpoint = $2",
            new[] { merchant.Id }, id)).ShouldBe(0);
        receiver.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_resets_or_says_nothing_has_failed_in_time()
    {
        await using var receiver = await Receiver.StartAsync();
        var merchant = await TestMerchant.MakeAsync(host);
        var (id, _) = await merchant.ListenAsync(receiver.Url);
        receiver.Answer = async (context, received) =>
        {
            if (received.Sequence == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            context.Abort();
        };

        await host.AppendAsync(merchant, new TestEvent(TestEvent.NewSession(), 1), new TestEvent(TestEvent.NewSession(), 2));
        JsonElement[] lines = [];
        // What was closed may have been tried again before the log has what was not answered.
        await Eventually.UntilAsync(
            async () => (lines = await merchant.DeliveriesAsync(id)).DistinctBy(line => line.GetProperty("problem").GetString()).Count() == 2,
            "both are in the log");

        lines.Select(line => line.GetProperty("problem").GetString()).Distinct().ShouldBe(
            ["The connection was closed before there was an answer.", "There was no answer within 5 seconds."], ignoreOrder: true);
        lines.ShouldAllBe(line => line.GetProperty("response").ValueKind == JsonValueKind.Null);
        lines.Single(line => line.GetProperty("problem").GetString()!.StartsWith("There was no answer", StringComparison.Ordinal))
            .GetProperty("duration_ms").GetInt32().ShouldBeInRange(4900, 8000);
    }

    private static JsonElement Extra(JsonElement endpoint) => endpoint.GetProperty("stellarpay");

    private Task ProbeAsync(string id) => host.RunAsync(
        "UPDATE webhook_cursors SET open_until = now(), wake_at = now() WHERE endpoint = $1", id);
}
